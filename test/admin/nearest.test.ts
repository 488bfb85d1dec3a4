import { expect, test } from 'vitest';
import { nearestFirst } from '../../src/admin/shell/nearest.ts';

const told = (lately: readonly string[] = []) => ({
  textsOf: (text: string) => [text],
  usedOf: (text: string) => lately.indexOf(text) + 1,
});

test('the nearest comes first: the whole, its beginning, the beginning of a word, and then what has it somewhere', () => {
  const all = ['Swann', 'Joanna Ann', 'Anna', 'Ann', 'Mary-Ann Lee', 'ANNabel'];
  expect(nearestFirst('ann', all, told())).toEqual(['Ann', 'Anna', 'ANNabel', 'Joanna Ann', 'Mary-Ann Lee', 'Swann']);
});

test('of those that are as near, what was gone to last comes first; else they stay as they come', () => {
  expect(nearestFirst('c', ['Contacts', 'Companies', 'Connections'], told(['Companies', 'Connections']))).toEqual([
    'Connections',
    'Companies',
    'Contacts',
  ]);
  expect(nearestFirst('林', ['小林 春香', '林 太郎'], told())).toEqual(['林 太郎', '小林 春香']);
});
