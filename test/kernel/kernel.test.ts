import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { canonical } from '../../src/kernel/json.ts';
import { chunk, groupBy, indexBy } from '../../src/kernel/lists.ts';
import { must } from '../../src/kernel/must.ts';
import { Secret } from '../../src/kernel/secret.ts';

const words = fc.array(fc.string(), { maxLength: 30 });

/** The same value with the keys of all its objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

test('canonical JSON does not depend on the order of keys, and says the same as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonical(reversed(value))).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('chunks put together are the list, and all but the last are full', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 7 }), (list, size) => {
      const chunks = [...chunk(list, size)];
      expect(chunks.flat()).toEqual(list);
      for (const part of chunks.slice(0, -1)) expect(part).toHaveLength(size);
      expect(chunks.at(-1)?.length ?? 1).toBeGreaterThan(0);
    }),
  );
});

test('groups keep every item in its order, and an index the last of each key', () => {
  fc.assert(
    fc.property(words, (list) => {
      const groups = groupBy(list, (word) => word.length);
      for (const [length, group] of groups) expect(group).toEqual(list.filter((word) => word.length === length));
      const index = indexBy(list, (word) => word.length);
      expect([...index]).toEqual([...groups].map(([length, group]) => [length, group.at(-1)]));
    }),
  );
});

test('a secret shows itself to nobody who does not ask', () => {
  const secret = new Secret('hunter2');
  expect(secret.reveal()).toBe('hunter2');
  const shown = [JSON.stringify({ secret }), `${secret}`, String(secret), inspect({ secret }), inspect(secret, { showHidden: true })];
  for (const text of shown) {
    expect(text).toContain('***');
    expect(text).not.toContain('hunter2');
  }
  expect(JSON.stringify(Object.entries(secret))).not.toContain('hunter2');
});

test('what must be there is there, or is named', () => {
  expect(must(0, 'a number')).toBe(0);
  expect(must('', 'a text')).toBe('');
  expect(() => must(undefined, 'the owner')).toThrow('the owner');
  expect(() => must(null, 'the owner')).toThrow('the owner');
});

test('a sleep that is called off rejects with the reason, before and during it', async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(3_600_000, stop.signal);
  stop.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  await expect(systemClock.sleep(3_600_000, stop.signal)).rejects.toThrow('enough');
});
