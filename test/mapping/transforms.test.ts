import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldValue } from '../../src/contract/records.ts';
import type { Translated } from '../../src/mapping/mapping.ts';
import { PLAIN_TRANSFORMS, type TransformSpec, transformOf } from '../../src/mapping/transforms.ts';
import { sameValue } from '../../src/merge/same.ts';

const SPECS: readonly TransformSpec[] = [
  ...PLAIN_TRANSFORMS.map((name) => ({ name })),
  { name: 'e164', region: 'JP' },
  { name: 'number', decimals: 2 },
  { name: 'datetime', precision: 'second' },
  { name: 'datetime', precision: 'day' },
  { name: 'html', max: 100_000 },
];
const known: readonly string[] = [
  ' a@B.c ',
  'İSTANBUL@ΑΣ.gr',
  'Yes',
  'no',
  'TRUE',
  '0',
  '12.50',
  '1e3',
  '-0',
  '2026-02-28',
  '2026-02-30',
  '1795238045000',
  '2026-01-31T10:20:30.1239+09:00',
  '2026-11-22T10:15:30.000+0000',
  'https://user@www.www.Acme.co.jp:8080/path?x#y',
  'www.com',
  'n/a',
  'UK',
  'jpn',
  'Japan',
  'South Korea',
  'Narnia',
  '03-1234-5678',
  '+81 3-1234-5678 ext 12',
  '+66 81 234 5678',
  ';a; b ;a;',
  'x\r\ny\rz',
];
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...known),
  fc.webUrl(),
  fc.emailAddress(),
);
const instant = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const value: fc.Arbitrary<FieldValue> = fc.oneof(
  text,
  instant,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 4 }),
);

function shown(translated: Translated): FieldValue | undefined {
  return translated.ok ? translated.value : undefined;
}

describe.each(SPECS.map((spec) => ({ spec, title: JSON.stringify(spec) })))('$title', ({ spec }) => {
  const { decode, encode } = transformOf(spec);

  test('what was read, written, and read again is what was read', () => {
    fc.assert(
      fc.property(value, (remote) => {
        const hub = shown(decode(remote));
        if (hub === undefined) return;
        const written = encode(hub);
        expect(written.ok).toBe(true);
        expect(shown(decode(shown(written) ?? null))).toEqual(hub);
      }),
      { numRuns: 300 },
    );
  });

  test('writing what came back from writing changes nothing more', () => {
    fc.assert(
      fc.property(value, (hub) => {
        const written = shown(encode(hub));
        if (written === undefined) return;
        const back = decode(written);
        expect(back.ok).toBe(true);
        expect(shown(encode(shown(back) ?? null))).toEqual(written);
      }),
      { numRuns: 300 },
    );
  });

  test('a blank stays a blank, and no other value than blank text becomes one', () => {
    expect(decode(null)).toEqual({ ok: true, value: null });
    expect(encode(null)).toEqual({ ok: true, value: null });
    fc.assert(
      fc.property(text, (remote) => {
        if (remote.replaceAll(';', '').trim() !== '') expect(shown(decode(remote))).not.toBeNull();
      }),
    );
  });
});

describe('reading', () => {
  const read = (spec: TransformSpec, remote: FieldValue) => shown(transformOf(spec).decode(remote));

  test.each<[TransformSpec['name'], FieldValue, FieldValue | undefined]>([
    ['text', '  a\r\nb  ', 'a\nb'],
    ['text', '   ', null],
    ['text', ['a'], undefined],
    ['lower', ' Ada@Example.COM ', 'ada@example.com'],
    ['number', ' 12.50 ', 12.5],
    ['number', '1,234', undefined],
    ['number', '0x10', undefined],
    ['number', '1e999', undefined],
    ['integer', '250', 250],
    ['integer', '2.5', undefined],
    ['boolean', 'FALSE', false],
    ['boolean', 'perhaps', undefined],
    ['yes_no', 'Yes', true],
    ['date', '2026-11-22', '2026-11-22'],
    ['date', '2026-02-30', undefined],
    ['date', '2026-11-22T00:00:00.000Z', '2026-11-22'],
    ['date', '2026-11-22T10:15:30Z', undefined],
    ['datetime', '2026-11-22T10:15:30.000+0000', '2026-11-22T10:15:30.000Z'],
    ['datetime', '2026-11-22T19:15:30+09:00', '2026-11-22T10:15:30.000Z'],
    ['datetime', '2026-11-22T10:15:30', undefined],
    ['datetime', 1795342530000, '2026-11-22T10:15:30.000Z'],
    ['datetime', '1795342530000', '2026-11-22T10:15:30.000Z'],
    ['domain', 'https://www.Acme.co.jp/about', 'acme.co.jp'],
    ['domain', 'info@acme.com', 'acme.com'],
    ['domain', 'ask Bob', 'ask Bob'],
    ['country_name', 'Japan', 'JP'],
    ['country_name', 'Narnia', 'Narnia'],
    ['country_code', 'jpn', 'JP'],
    ['semicolon_list', ';a; b;a;', ['a', 'b']],
    ['semicolon_list', ';', null],
    ['list', ['b', ' a ', ''], ['b', 'a']],
  ])('%s reads %j as %j', (name, remote, hub) => {
    expect(read({ name }, remote)).toEqual(hub);
  });

  test('a telephone number becomes international, or stays as it is', () => {
    expect(read({ name: 'e164', region: 'JP' }, '03-1234-5678')).toBe('+81312345678');
    expect(read({ name: 'e164' }, '03-1234-5678')).toBe('03-1234-5678');
    expect(read({ name: 'e164' }, '+81 3-1234-5678 ext 12')).toBe('+81 3-1234-5678 ext 12');
  });

  test('precision is what the other side can keep', () => {
    expect(read({ name: 'datetime', precision: 'second' }, '2026-11-22T10:15:30.987Z')).toBe('2026-11-22T10:15:30.000Z');
    expect(read({ name: 'datetime', precision: 'day' }, '2026-11-22')).toBe('2026-11-22T00:00:00.000Z');
    expect(read({ name: 'number', decimals: 2 }, 8.3333)).toBe(8.33);
  });

  test('writing says true and false, countries, and lists in the words of the other side', () => {
    expect(transformOf({ name: 'yes_no' }).encode(true)).toEqual({ ok: true, value: 'Yes' });
    expect(transformOf({ name: 'country_name' }).encode('JP')).toEqual({ ok: true, value: 'Japan' });
    expect(transformOf({ name: 'semicolon_list' }).encode(['a', 'b'])).toEqual({ ok: true, value: 'a;b' });
    expect(transformOf({ name: 'semicolon_list' }).encode(['a;b']).ok).toBe(false);
  });
});

describe('text for people', () => {
  const html = transformOf({ name: 'html', max: 120 });

  test('shows in HTML what it says, whatever that is', () => {
    const text = `<script>alert("x")</script> & 'so' on\n1 < 2`;
    expect(html.encode(text)).toEqual({
      ok: true,
      value: '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;so&#39; on<br>1 &lt; 2',
    });
    expect(html.decode('<p>One&nbsp;&#x1F600;</p><p>two<br/>&amp;lt;</p>&#xD800;')).toEqual({
      ok: true,
      value: 'One 😀\ntwo\n&lt;\n&#xD800;',
    });
  });

  test('is shortened alike each time, says so, and splits neither characters nor entities', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 400 }), fc.constantFrom('html', 'text'), (text, name) => {
        const { encode } = transformOf({ name, max: 120 });
        const [once, again] = [encode(text), encode(text)];
        expect(once).toEqual(again);
        const written = once.ok ? String(once.value ?? '') : '';
        expect(written.length).toBeLessThanOrEqual(120);
        expect(written.isWellFormed()).toBe(text.isWellFormed() || written.isWellFormed());
        const whole = transformOf({ name }).encode(text);
        if (!whole.ok || String(whole.value ?? '').length <= 120) expect(once).toEqual(whole);
        else expect(written).toMatch(/ … \[shortened; the whole text is in Syncline\]$/);
        if (name === 'html') expect(written.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toMatch(/&/);
      }),
    );
  });
});

describe('sameValue', () => {
  test.each<[FieldValue, FieldValue, boolean]>([
    [['a', 'b'], ['b', 'a', 'a'], true],
    [['a'], ['a', 'b'], false],
    [[], null, true],
    ['', null, false],
    ['e\u0301', '\u00e9', true],
    [['e\u0301'], ['\u00e9'], true],
    [1, '1', false],
    [true, 'true', false],
    [0, -0, true],
    [['a'], 'a', false],
    [['a","b'], ['a', 'b'], false],
    ['null', null, false],
  ])('%j and %j: %j', (a, b, same) => {
    expect(sameValue(a, b)).toBe(same);
    expect(sameValue(b, a)).toBe(same);
  });
});
