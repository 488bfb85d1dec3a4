import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Rated, rollUp } from '../../src/feedback/roll-up.ts';
import { METRICS, ROLLUPS, type Rollup } from '../../src/mapping/mapping.ts';

function rated(id: string, submittedAt: string | null, given: Partial<Record<(typeof METRICS)[number], number>>, comment?: string): Rated {
  const scores = METRICS.flatMap((metric) => {
    const score = given[metric];
    return score === undefined ? [] : [{ metric, key: metric, nature: null, score }];
  });
  return { id, submittedAt, scores, comment: comment ?? null };
}
const take = (of: Rollup['of'], what: Rollup['take']): Rollup => ({ of, take: what });

const history = [
  rated('r1', '2026-01-01T00:00:00.000Z', { nps: 3 }, 'slow'),
  rated('r2', '2026-02-01T00:00:00.000Z', { nps: 8, ces: 2 }),
  rated('r3', '2026-03-01T00:00:00.000Z', { csat: 5 }, 'kind staff'),
  rated('r4', null, { nps: 10 }, 'never sent'),
];

test('each roll-up says what it is named for, and what is not complete counts nowhere', () => {
  expect(rollUp(history, take('nps', 'last'))).toBe(8);
  expect(rollUp(history, take('nps', 'category'))).toBe('passive');
  expect(rollUp(history, take('nps', 'mean'))).toBe(5.5);
  expect(rollUp(history, take('csat', 'last'))).toBe(5);
  expect(rollUp(history, take('ces', 'last'))).toBe(2);
  expect(rollUp(history, take(null, 'comment'))).toBe('kind staff');
  expect(rollUp(history, take('nps', 'comment'))).toBe('slow');
  expect(rollUp(history, take(null, 'date'))).toBe('2026-03-01T00:00:00.000Z');
  expect(rollUp(history, take('nps', 'date'))).toBe('2026-02-01T00:00:00.000Z');
  expect(rollUp(history, take(null, 'count'))).toBe(3);
  expect(rollUp(history, take('nps', 'count'))).toBe(2);
});

test('what somebody has said as an employee is in no roll-up', () => {
  const asEmployee: Rated = {
    ...rated('r5', '2026-04-01T00:00:00.000Z', {}),
    scores: [{ metric: 'nps', key: 'enps', nature: null, score: 0, ofEmployees: true }],
  };
  const all = [...history, asEmployee];
  const takes = [take('nps', 'last'), take('nps', 'category'), take('nps', 'mean'), take('nps', 'count')];
  expect(takes.map((one) => rollUp(all, one))).toEqual([8, 'passive', 5.5, 2]);
});

test('one of a key or a nature takes no other answers of its metric', () => {
  const asked = (id: string, key: string, nature: 'relationship' | 'transactional', score: number): Rated => ({
    ...rated(id, `2026-0${id}-01T00:00:00.000Z`, {}, key),
    scores: [{ metric: 'nps', key, nature, score }],
  });
  const given = [
    asked('1', 'recommend', 'relationship', 9),
    asked('2', 'shop', 'transactional', 2),
    asked('3', 'recommend', 'transactional', 7),
  ];
  const of = (what: Rollup['take'], only: Partial<Rollup>) => rollUp(given, { of: 'nps', take: what, ...only });
  expect(of('last', {})).toBe(7);
  expect(of('last', { key: 'shop' })).toBe(2);
  expect(of('last', { nature: 'relationship' })).toBe(9);
  expect(of('category', { of: null, key: 'shop' })).toBe('detractor');
  expect(of('mean', { key: 'recommend' })).toBe(8);
  expect(of('count', { key: 'recommend', nature: 'transactional' })).toBe(1);
  expect(of('comment', { of: null, nature: 'relationship' })).toBe('recommend');
  expect(of('last', { of: 'csat', key: 'shop' })).toBeNull();
});

test('without responses everything is empty, and the count is zero', () => {
  expect(ROLLUPS.map((what) => rollUp([], take('nps', what)))).toEqual([null, null, null, null, 0, null]);
});

test('of two in the same moment the greater id is the later, however the moment is written', () => {
  const pair = [rated('b', '2026-01-01T00:00:00Z', { nps: 1 }), rated('a', '2026-01-01T00:00:00.000Z', { nps: 9 })];
  expect(rollUp(pair, take('nps', 'last'))).toBe(1);
});

test('the order in which responses came does not matter', () => {
  const one = fc.record({
    at: fc.integer({ min: 0, max: 3 }),
    nps: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined }),
    comment: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    complete: fc.boolean(),
  });
  const responses = fc
    .array(one)
    .map((all) =>
      all.map(({ at, nps, comment, complete }, i) =>
        rated(`r${i}`, complete ? `2026-01-0${at + 1}T00:00:00.000Z` : null, nps === undefined ? {} : { nps }, comment),
      ),
    );
  const shuffled = responses.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, fc.constantFrom('nps' as const, null), fc.constantFrom(...ROLLUPS), ([all, mixed], of, what) => {
      expect(rollUp(mixed, take(of, what))).toEqual(rollUp(all, take(of, what)));
    }),
  );
});
