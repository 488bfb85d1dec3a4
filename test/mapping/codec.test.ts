import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CodecSpec, codecOf } from '../../src/mapping/codec.ts';

const stages: CodecSpec = {
  type: 'choice',
  transform: null,
  values: [
    { hub: 'lead', remotes: ['Lead'] },
    { hub: 'customer', remotes: ['Customer'] },
  ],
  unmapped: 'hold',
};

describe('a value map', () => {
  test('goes both ways', () => {
    const codec = codecOf(stages);
    expect(codec.decode(' Customer ')).toEqual({ ok: true, value: 'customer' });
    expect(codec.encode('customer')).toEqual({ ok: true, value: 'Customer' });
    expect(codec.decode('')).toEqual({ ok: true, value: null });
    expect(codec.encode(null)).toEqual({ ok: true, value: null });
  });

  test('holds, passes, or ignores what it does not name', () => {
    expect(codecOf(stages).decode('Churned')).toEqual({ ok: false, reason: 'the value map has no counterpart for "Churned"' });
    expect(codecOf(stages).encode('churned').ok).toBe(false);
    expect(codecOf({ ...stages, unmapped: 'pass' }).decode('Churned')).toEqual({ ok: true, value: 'Churned' });
    expect(codecOf({ ...stages, unmapped: 'ignore' }).decode('Churned')).toMatchObject({ ok: false, ignored: true });
  });

  test('yields the type that the hub keeps', () => {
    const codec = codecOf({
      type: 'boolean',
      transform: null,
      values: [
        { hub: 'true', remotes: ['opted in'] },
        { hub: 'false', remotes: [0] },
      ],
      unmapped: 'hold',
    });
    expect(codec.decode('opted in')).toEqual({ ok: true, value: true });
    expect(codec.encode(true)).toEqual({ ok: true, value: 'opted in' });
    expect(codec.decode(0)).toEqual({ ok: true, value: false });
  });

  test('works behind a transform, option by option', () => {
    const values = [
      { hub: 'red', remotes: ['R'] },
      { hub: 'blue', remotes: ['B'] },
    ];
    const codec = codecOf({ type: 'choices', transform: { name: 'semicolon_list' }, values, unmapped: 'hold' });
    expect(codec.decode('B;R')).toEqual({ ok: true, value: ['blue', 'red'] });
    expect(codec.encode(['red', 'blue'])).toEqual({ ok: true, value: 'R;B' });
    expect(codec.encode(['red', 'green']).ok).toBe(false);
  });

  test('a word that has another meaning on the other side is not confused', () => {
    const swapped: CodecSpec = {
      ...stages,
      unmapped: 'pass',
      values: [
        { hub: 'a', remotes: ['b'] },
        { hub: 'b', remotes: ['a'] },
      ],
    };
    expect(codecOf(swapped).decode('a')).toEqual({ ok: true, value: 'b' });
    expect(codecOf(swapped).encode('toString')).toEqual({ ok: true, value: 'toString' });
  });

  test('what was read, written, and read again is what was read', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'A', 'B', 'C', 'true', '1');
    const map = fc
      .uniqueArray(fc.tuple(word, word), { selector: ([hub]) => hub })
      .filter((pairs) => new Set(pairs.map(([, remote]) => remote)).size === pairs.length);
    fc.assert(
      fc.property(map, word, fc.constantFrom('hold' as const, 'pass' as const, 'ignore' as const), (pairs, remote, unmapped) => {
        const codec = codecOf({ ...stages, unmapped, values: pairs.map(([hub, there]) => ({ hub, remotes: [there] })) });
        const hub = codec.decode(remote);
        if (!hub.ok) return;
        const written = codec.encode(hub.value);
        expect(written.ok && codec.decode(written.value)).toEqual(hub);
      }),
    );
  });
});

test('without a transform the type of the hub field decides', () => {
  const plain = (type: CodecSpec['type']) => codecOf({ type, transform: null, values: null, unmapped: 'hold' });
  expect(plain('email').decode('A@B.C')).toEqual({ ok: true, value: 'a@b.c' });
  expect(plain('phone').decode(' 03-1234 ')).toEqual({ ok: true, value: '03-1234' });
  expect(plain('number').decode('7')).toEqual({ ok: true, value: 7 });
  expect(plain('boolean').decode('true')).toEqual({ ok: true, value: true });
  expect(plain('reference').decode(' 42 ')).toEqual({ ok: true, value: '42' });
  expect(plain('references').decode(['9', ' 42#Owner # main', '42', '9'])).toEqual({ ok: true, value: ['42', '42#Owner # main', '9'] });
  expect(plain('references').decode('42')).toEqual({ ok: true, value: ['42'] });
  expect(plain('references').encode([])).toEqual({ ok: true, value: null });
  expect(plain('references').decode(['#Owner'])).toMatchObject({ ok: false });
  expect(plain('choices').encode(['a'])).toEqual({ ok: true, value: ['a'] });
});
