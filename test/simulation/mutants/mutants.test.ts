import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALL_MUTANTS, LEVELS } from './levels.ts';
import { bugged, mutated } from './mutant.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe.each(Object.entries(LEVELS))('%s', (_level, { mutants }) => {
  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'the bug "%s" can be put into the sources as they are',
    (_, mutant) => {
      expect(mutant.edits.length).toBeGreaterThan(0);
      for (const { file } of mutant.edits) {
        const text = readFileSync(join(ROOT, file), 'utf8');
        expect(mutated(text, join(ROOT, file), mutant)).not.toBe(text);
      }
    },
  );

  test('there are at least twenty bugs', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(20);
  });
});

test('every bug has a name of its own', () => {
  expect(new Set(ALL_MUTANTS.map(({ name }) => name)).size).toBe(ALL_MUTANTS.length);
});

test('a bug whose place is gone, or is there twice, is refused', () => {
  const edit = { file: 'a.ts', from: 'one', to: 'two' };
  expect(() => bugged('none', { ...edit, from: 'absent' })).toThrow('out of date');
  expect(() => bugged('one one', edit)).toThrow('out of date');
  expect(() => bugged('one', { ...edit, to: 'one' })).toThrow('changes nothing');
  expect(bugged('one', edit)).toBe('two');
});

test('a bug stands in its own files, and in no others', () => {
  const mutant = { name: 'x', reason: 'y', edits: [{ file: 'src/a.ts', from: 'one', to: 'two' }] };
  expect(mutated('one', '/somewhere/src/a.ts', mutant)).toBe('two');
  expect(mutated('one', '/somewhere/src/aa.ts', mutant)).toBe('one');
});
