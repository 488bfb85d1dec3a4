import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blendIn, blendLists } from '../../src/merge/blend.ts';
import { sameValue } from '../../src/merge/same.ts';

const options = fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']);
const set = (value: unknown): ReadonlySet<string> => new Set(Array.isArray(value) ? value.map(String) : []);

test('what either side added is in, what either took away is out, and everything else is as it was', () => {
  fc.assert(
    fc.property(options, options, options, (base, hub, remote) => {
      fc.pre(hub.length + remote.length > 0);
      const blended = set(blendLists({ hub: base, remote: base }, hub, remote));
      for (const option of ['a', 'b', 'c', 'd', 'e', 'f']) {
        const [before, here, there] = [base.includes(option), hub.includes(option), remote.includes(option)];
        expect(blended.has(option)).toBe(before ? here && there : here || there);
      }
    }),
  );
});

test('it does not matter which side is which', () => {
  fc.assert(
    fc.property(options, options, options, (base, a, b) => {
      const [one, other] = [blendLists({ hub: base, remote: base }, a, b), blendLists({ hub: base, remote: base }, b, a)];
      expect(sameValue(one ?? null, other ?? null)).toBe(true);
    }),
  );
});

test('two lists that never agreed before are united', () => {
  expect(blendLists(undefined, ['a', 'b'], ['b', 'c'])).toEqual(['a', 'b', 'c']);
});

test('a list of which nothing is left is a blank, and what is no list is not blended', () => {
  expect(blendLists({ hub: ['a', 'b'], remote: ['a', 'b'] }, ['a'], ['b'])).toBeNull();
  expect(blendLists(undefined, 'a', ['b'])).toBeUndefined();
  expect(blendLists(undefined, null, null)).toBeUndefined();
});

test('an option that the hub dropped and a system still has, which is not written, does not come back with the next one', () => {
  expect(blendIn({ hub: ['b'], remote: ['a', 'b'] }, ['b', 'c'], ['a', 'b', 'd'])).toEqual(['b', 'c', 'd']);
  expect(blendIn({ hub: ['b'], remote: ['a', 'b'] }, ['b', 'c'], ['a'])).toEqual(['c']);
  expect(blendIn({ hub: null, remote: ['a'] }, null, [])).toBeNull();
});
