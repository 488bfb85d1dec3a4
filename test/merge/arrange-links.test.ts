import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrangeLinks, type Tie } from '../../src/merge/arrange-links.ts';

const KINDS = {
  live: { remoteId: '1', isGone: false, isSent: false },
  written: { remoteId: '1', isGone: false, isSent: true },
  gone: { remoteId: '1', isGone: true, isSent: false },
  beingMade: { remoteId: null, isGone: false, isSent: true },
  place: { remoteId: null, isGone: false, isSent: false },
} as const;
type Kind = keyof typeof KINDS;
const tie = (id: string, kind: Kind): Tie => ({ id, place: 'crm', ...KINDS[kind] });

test.for<[winner: Kind | null, loser: Kind, fate: string]>([
  [null, 'live', 'moves'],
  [null, 'place', 'moves'],
  [null, 'gone', 'moves'],
  ['place', 'live', 'takes its place'],
  ['place', 'beingMade', 'takes its place'],
  ['place', 'gone', 'takes its place'],
  ['place', 'place', 'stays'],
  ['gone', 'live', 'takes its place'],
  ['gone', 'place', 'stays'],
  ['gone', 'gone', 'stays'],
  ['live', 'place', 'stays'],
  ['live', 'gone', 'stays'],
  ['live', 'live', 'meets'],
  ['live', 'written', 'meets'],
  ['beingMade', 'place', 'stays'],
  ['beingMade', 'live', 'under way'],
  ['live', 'beingMade', 'under way'],
  ['beingMade', 'beingMade', 'under way'],
])('the winner has %s, the loser %s: it %s', ([winner, loser, fate]) => {
  const arranged = arrangeLinks(winner === null ? [] : [tie('w', winner)], [tie('l', loser)]);
  if (!arranged.ok) return expect(fate).toBe('under way');
  const said =
    arranged.meets.length > 0 ? 'meets' : arranged.leaves.length > 0 ? 'takes its place' : arranged.moves.length > 0 ? 'moves' : 'stays';
  expect(said).toBe(fate);
});

test('every link of the loser goes over or stays, once; and no stream has two', () => {
  const places = ['crm', 'shop', 'desk'];
  const ties = (of: string) =>
    fc
      .subarray(places)
      .chain((some) =>
        fc.tuple(
          ...some.map((place) => fc.constantFrom(...Object.values(KINDS)).map((kind): Tie => ({ id: `${of}${place}`, place, ...kind }))),
        ),
      );
  fc.assert(
    fc.property(ties('w'), ties('l'), (winner, loser) => {
      const arranged = arrangeLinks(winner, loser);
      if (!arranged.ok) return;
      const { moves, leaves, stays, meets } = arranged;
      expect([...moves, ...stays].map((one) => one.id).sort()).toEqual(loser.map((one) => one.id).sort());
      const after = [...winner.filter((one) => !leaves.includes(one)), ...moves].map((one) => one.place);
      expect(new Set(after).size).toBe(after.length);
      expect(meets.every((meeting) => stays.includes(meeting.loser))).toBe(true);
    }),
  );
});
