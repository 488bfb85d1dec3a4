import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Clue, CONFIDENCES, whose } from '../../src/feedback/whose.ts';

const clue = (by: Clue['by'], recordIds: readonly string[], over: Partial<Clue> = {}): Clue => {
  return { by, from: `${by} key`, recordIds: new Set(recordIds), isForged: false, ...over };
};

test('the first key that leads to anybody decides, and what agrees and disagrees stands with it', () => {
  expect(whose([clue('id', []), clue('email', ['a']), clue('phone', ['a']), clue('phone', ['b'], { from: 'other' })], true)).toEqual({
    kind: 'attached',
    recordId: 'a',
    grounds: { by: 'email', from: 'email key', confidence: 'medium', also: ['phone key'], against: [{ from: 'other', recordIds: ['b'] }] },
  });
});

test('several are told apart by a later key, and never left for somebody else', () => {
  expect(whose([clue('email', ['a', 'b']), clue('phone', ['b', 'c'])], true)).toMatchObject({
    recordId: 'b',
    grounds: { by: 'phone', confidence: 'medium' },
  });
  expect(whose([clue('email', ['a', 'b']), clue('phone', ['c'])], true)).toEqual({
    kind: 'unmatched',
    reason: 'ambiguous',
    candidates: ['a', 'b'],
  });
});

test('a signed id is certain; a forged one beside a true key lowers what that is worth', () => {
  expect(whose([clue('link', ['a'])], true)).toMatchObject({ grounds: { confidence: 'certain' } });
  const forged = clue('link', [], { isForged: true });
  expect(whose([forged, clue('email', ['a'])], true)).toMatchObject({ grounds: { by: 'email', confidence: 'medium' } });
  expect(whose([forged], true)).toMatchObject({ reason: 'forged' });
  expect(whose([forged, clue('email', [])], true)).toMatchObject({ reason: 'unknown' });
});

test('nothing filled in is anonymous, and nothing usable is not', () => {
  expect([whose([], false), whose([], true)]).toMatchObject([{ reason: 'anonymous' }, { reason: 'unusable' }]);
});

test('whoever it is, some key leads there, and more keys never take certainty away from one that they agree with', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
  const kinds = fc.constantFrom('link', 'id', 'field', 'email', 'phone');
  fc.assert(
    fc.property(fc.array(fc.tuple(kinds, ids), { maxLength: 5 }), (drawn) => {
      const clues = drawn.map(([by, recordIds]) => clue(by, recordIds));
      const verdict = whose(clues, clues.length > 0);
      if (verdict.kind === 'unmatched') return;
      const first = clues.find(({ recordIds }) => recordIds.size > 0);
      expect(first?.recordIds.has(verdict.recordId)).toBe(true);
      const again = whose([...clues, clue('email', [verdict.recordId])], true);
      expect(again).toMatchObject({ recordId: verdict.recordId });
      expect(CONFIDENCES).toContain(verdict.grounds.confidence);
    }),
  );
});
