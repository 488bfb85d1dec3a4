import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bugged } from './mutant.ts';
import { PLANNER_MUTANTS as MUTANTS } from './planner-mutants.ts';

const ROOT = join(import.meta.dirname, '../../..');

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('the bug "%s" can be put into the sources as they are', (_, mutant) => {
  const text = readFileSync(join(ROOT, mutant.file), 'utf8');
  expect(bugged(text, mutant)).not.toBe(text);
});

test('every bug has a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test('a bug whose place is gone, or is there twice, is refused', () => {
  const mutant = { name: 'x', reason: 'y', file: 'a.ts', from: 'one', to: 'two' } as const;
  expect(() => bugged('none', { ...mutant, from: 'absent' })).toThrow('out of date');
  expect(() => bugged('one one', mutant)).toThrow('out of date');
  expect(bugged('one', mutant)).toBe('two');
});
