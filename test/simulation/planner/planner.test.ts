import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dream, judge, kindOf, shrink } from './history.ts';
import type { History } from './operations.ts';
import { liveSideBySide } from './side-by-side.ts';
import { missing, tell } from './tell.ts';

const FOUND = join(import.meta.dirname, 'found');

test('20,000 histories of people, systems, and accidents keep every promise, and reach every interesting state', {
  timeout: 180_000,
}, async () => {
  const lived = await liveSideBySide({ seed: 1, count: 20_000 }, 2);
  expect(lived.red.length, tell(lived)).toBe(0);
  expect(lived.histories).toBe(20_000);
  expect(missing(lived)).toEqual([]);
});

describe('a history that broke a promise once', () => {
  test.each(readdirSync(FOUND).map((file) => file.replace('.json', '')))('%s', (name) => {
    const history = JSON.parse(readFileSync(join(FOUND, `${name}.json`), 'utf8')) as History;
    expect(judge(history).wrongs).toEqual([]);
  });
});

test('a seed is one history, whenever it is lived', () => {
  for (const seed of [1, 77, 4_000_000_000]) {
    expect(dream(seed)).toEqual(dream(seed));
    expect([...judge(dream(seed)).wonders]).toEqual([...judge(dream(seed)).wonders]);
  }
});

test('a history is shrunk to what breaks the promise', () => {
  const history = dream(5);
  const poisoned: History = { ...history, operations: [...history.operations, { act: 'look', system: 99 }, { act: 'reconcile' }] };
  const [wrong = ''] = judge(poisoned).wrongs;
  expect(kindOf(wrong)).toBe('fails');
  expect(shrink(poisoned, wrong).operations).toEqual([{ act: 'look', system: 99 }]);
});
