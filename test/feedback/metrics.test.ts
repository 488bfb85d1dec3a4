import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measure, type Weighed } from '../../src/feedback/measure.ts';
import {
  countNps,
  type Distribution,
  differs,
  estimateNps,
  mean,
  type NpsCounts,
  nps,
  npsCategory,
  pointsBetween,
  share,
  wilson,
} from '../../src/feedback/metrics.ts';
import { roundRatio } from '../../src/feedback/rounding.ts';
import { type Counted, reportOf } from '../../src/feedback/trend.ts';
import { must } from '../../src/kernel/must.ts';

const count = fc.nat({ max: 5000 });
const counts: fc.Arbitrary<NpsCounts> = fc
  .record({ promoters: count, passives: count, detractors: count })
  .filter(({ promoters, passives, detractors }) => promoters + passives + detractors > 0);
const each = (scores: readonly number[]): Distribution => scores.map((score) => ({ score, count: 1 }));
const FIVE = { min: 1, max: 5 };
const SEVEN = { min: 1, max: 7 };
type How = Partial<Pick<Weighed, 'scale' | 'topBox' | 'higherIsBetter'>>;
const weighed = (scores: readonly number[], { scale = FIVE, topBox = 2, higherIsBetter = true }: How = {}): readonly Weighed[] =>
  scores.map((score) => ({ score, count: 1, scale, topBox, higherIsBetter }));
const times = (score: number, n: number): number[] => Array(n).fill(score);

describe('rounding', () => {
  test('a half goes away from zero, on both sides', () => {
    expect([roundRatio(5, 2, 0), roundRatio(-5, 2, 0), roundRatio(33, 40, 1), roundRatio(-33, 40, 1)]).toEqual([3, -3, 0.8, -0.8]);
    expect([roundRatio(1, 20, 1), roundRatio(-1, 20, 1), roundRatio(1005, 1000, 2)]).toEqual([0.1, -0.1, 1.01]);
  });
  test('minus zero never comes out', () => {
    expect(Object.is(roundRatio(-2, 5, 0), 0)).toBe(true);
    expect(Object.is(must(nps({ promoters: 0, passives: 1000, detractors: 1 }), 'nps').shown, 0)).toBe(true);
  });
});

/** Every choice of `n` out of `all`. */
function choices<T>(all: readonly T[], n: number): readonly (readonly T[])[] {
  const [first, ...rest] = all;
  if (n === 0) return [[]];
  if (first === undefined) return [];
  return [...choices(rest, n - 1).map((some) => [first, ...some]), ...choices(rest, n)];
}
/** How far the mean of `n` of them lies from that of all, over every choice that there is. */
function spread(all: readonly number[], n: number): number {
  const means = choices(all, n).map((some) => some.reduce((sum, value) => sum + value, 0) / n);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return Math.sqrt(means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / means.length);
}

describe('a known population', () => {
  test('the error is that of every sample that could have been drawn from it', () => {
    const people = [1, 1, 1, 1, 0, 0, -1, -1];
    expect(nps({ promoters: 2, passives: 1, detractors: 1 }, 8)).toMatchObject({
      standardError: roundRatio(spread(people, 4), 1, 5),
      marginOfError: roundRatio(196 * spread(people, 4), 1, 2),
      population: 8,
    });
    const satisfied = people.map((value) => (value > 0 ? 1 : 0));
    expect(share(3, 6, 8)).toMatchObject({ standardError: roundRatio(spread(satisfied, 6), 1, 5) });
  });
  test('a sheet worked by hand: 400 of 1,000 are 20, give or take 6.17', () => {
    expect(nps({ promoters: 180, passives: 120, detractors: 100 }, 1000)).toMatchObject({
      marginOfError: 6.17,
      interval: { low: 13.8, high: 26.2 },
    });
  });
  test('once everybody has answered nothing is left to chance, and one person cannot be two', () => {
    const few = { promoters: 5, passives: 4, detractors: 3 };
    expect(nps(few, 12)).toMatchObject({ score: 16.7, marginOfError: 0, interval: { low: 16.7, high: 16.7 }, lowBase: true });
    expect(share(1, 1, 1)).toMatchObject({ marginOfError: 0, interval: { low: 100, high: 100 } });
    expect(nps(few, 11)).toEqual(nps(few));
    expect(share(5, 12, 11)).toEqual(share(5, 12));
  });
  test('the fewer people there are, the narrower is the interval, and a population without end changes nothing', () => {
    fc.assert(
      fc.property(counts, fc.nat({ max: 5000 }), (some, more) => {
        const n = some.promoters + some.passives + some.detractors;
        const [known, unknown] = [must(nps(some, n + more), 'nps'), must(nps(some), 'nps')];
        expect(known.standardError).toBeLessThanOrEqual(unknown.standardError);
        expect(known.interval.high - known.interval.low).toBeLessThanOrEqual(unknown.interval.high - unknown.interval.low + 0.11);
        expect(must(nps(some, 1e15), 'nps')).toEqual({ ...unknown, population: 1e15 });
      }),
    );
  });
});

describe('NPS', () => {
  test('0 to 6 detract, 7 and 8 are passive, 9 and 10 promote, and nothing else counts', () => {
    const words = [...Array(11).keys()].map((score) => npsCategory(score)?.[0]);
    expect(words.join('')).toBe('dddddddpppp');
    expect([npsCategory(8), npsCategory(9)]).toEqual(['passive', 'promoter']);
    expect([npsCategory(-1), npsCategory(11), npsCategory(8.5), npsCategory(Number.NaN)]).toEqual([null, null, null, null]);
  });
  test('400 answers of which 180 promote and 100 detract are 20, give or take 7.96', () => {
    expect(nps({ promoters: 180, passives: 120, detractors: 100 })).toEqual({
      n: 400,
      score: 20,
      shown: 20,
      standardError: 0.04062,
      marginOfError: 7.96,
      interval: { low: 12, high: 28, method: 'normal' },
      lowBase: false,
      population: null,
    });
  });
  test('50 answers of which 25 promote and 10 detract are 30, give or take 21.65', () => {
    expect(nps({ promoters: 25, passives: 15, detractors: 10 })).toMatchObject({ score: 30, marginOfError: 21.65 });
  });
  test('a third less a sixth is 17 and not 16', () => {
    expect(nps({ promoters: 2, passives: 3, detractors: 1 })).toMatchObject({ score: 16.7, shown: 17 });
  });
  test('the whole figure is rounded from the counts, not from the decimal', () => {
    // 1645 / 10000 is 16.45: first to 16.5 and then to 17 would be a point too many.
    expect(nps({ promoters: 1645, passives: 8355, detractors: 0 })).toMatchObject({ score: 16.5, shown: 16 });
  });
  test('nobody answered, no figure; fewer than 30, a low base and an interval that holds for few', () => {
    expect(nps(countNps([]))).toBeNull();
    expect(nps({ promoters: 29, passives: 0, detractors: 0 })).toMatchObject({
      lowBase: true,
      marginOfError: 0,
      interval: { method: 'adjusted_wald' },
    });
    expect(must(nps({ promoters: 5, passives: 0, detractors: 0 }), 'nps').interval.low).toBeLessThan(70);
    expect(nps({ promoters: 30, passives: 0, detractors: 0 })).toMatchObject({ lowBase: false, interval: { method: 'normal' } });
  });
  test('it lies in -100..100 and turns its sign when promoters and detractors change places', () => {
    fc.assert(
      fc.property(counts, (c) => {
        const there = must(nps(c), 'nps');
        const back = must(nps({ ...c, promoters: c.detractors, detractors: c.promoters }), 'nps');
        expect(Math.abs(there.score)).toBeLessThanOrEqual(100);
        expect(back.score + there.score).toBe(0);
        expect(back.shown + there.shown).toBe(0);
        expect(there.marginOfError).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  test('two periods differ only beyond their margins together, and by what the counts say', () => {
    const low = estimateNps({ promoters: 180, passives: 120, detractors: 100 });
    expect(differs(low, estimateNps({ promoters: 230, passives: 90, detractors: 80 }))).toBe(true);
    expect(differs(low, estimateNps({ promoters: 190, passives: 120, detractors: 90 }))).toBe(false);
    // 16.45 and 16.35 are both shown as 16, and 0.1 apart.
    expect(
      pointsBetween(
        estimateNps({ promoters: 1635, passives: 8365, detractors: 0 }),
        estimateNps({ promoters: 1645, passives: 8355, detractors: 0 }),
      ),
    ).toBe(0.1);
  });
});

describe('CSAT and CES', () => {
  test('42 fives and 32 fours of 107 are 69.2, shown as 69; their mean is another figure', () => {
    const scores = [...times(5, 42), ...times(4, 32), ...times(3, 10), ...times(2, 9), ...times(1, 14)];
    expect(measure('csat', weighed(scores))).toMatchObject({
      score: 69.2,
      shown: 69,
      n: 107,
      mean: 3.7,
      counts: { satisfied: 74, others: 33 },
    });
  });
  test('how many answers are on top is the choice of the mapping', () => {
    const of = (scores: readonly number[], how: How) => measure('csat', weighed(scores, how))?.score;
    expect(of([7, 6, 5, 1], { scale: SEVEN, topBox: 2 })).toBe(50);
    expect(of([7, 6, 5, 1], { scale: SEVEN, topBox: 1 })).toBe(25);
    expect(of([1, 2, 3], { scale: { min: 1, max: 3 }, topBox: 1 })).toBe(33.3);
    expect(measure('csat', [])).toBeNull();
  });
  test('answers on two scales are counted together, and have no mean', () => {
    const mixed = [...weighed([5, 1]), ...weighed([7, 6], { scale: SEVEN })];
    expect(measure('csat', mixed)).toMatchObject({ n: 4, score: 75, mean: null, distribution: null });
  });
  test('CES 2.0: 5 to 7 found it easy, 1 to 3 hard, and 4 neither; which calculation it is stands with it', () => {
    expect(measure('ces', weighed([1, 3, 4, 5, 6, 7, 7, 4], { scale: SEVEN }))).toMatchObject({
      score: 50,
      mean: 4.6,
      counts: { easy: 4, neither: 2, hard: 2 },
      calculation: 'share of 5-7 on 1-7, where high is easy',
    });
  });
  test('CES 1.0: the low end is the easy one', () => {
    expect(measure('ces', weighed([1, 1, 2, 5], { higherIsBetter: false }))).toMatchObject({
      score: 75,
      mean: 2.3,
      counts: { easy: 3, neither: 0, hard: 1 },
      calculation: 'share of 1-2 on 1-5, where low is easy',
    });
  });
  test('turning the scale over turns easy into hard', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (scores) => {
        const one = measure('ces', weighed(scores, { scale: SEVEN }));
        const other = measure(
          'ces',
          weighed(
            scores.map((s) => 8 - s),
            { scale: SEVEN, higherIsBetter: false },
          ),
        );
        expect(other?.counts).toEqual(one?.counts);
        expect(other?.score).toBe(one?.score);
      }),
    );
  });
  test('a mean is rounded once, to one decimal', () => {
    expect([mean(each([8, 9])), mean(each([8, 8, 9, 8])), mean([])]).toEqual([8.5, 8.3, null]);
  });
  test('the interval of a share holds it, and stays inside 0..100', () => {
    expect(share(0, 0)).toBeNull();
    expect(share(3, 10)?.interval).toEqual({ low: 10.8, high: 60.3, method: 'wilson' });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (n, seed) => {
        const part = seed % (n + 1);
        const { low, high } = wilson(part, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
        expect(low - 1e-9).toBeLessThanOrEqual((100 * part) / n);
        expect(high + 1e-9).toBeGreaterThanOrEqual((100 * part) / n);
      }),
    );
  });
});

// Counted anew from the single answers, in whole numbers of any size, by other code than the metrics are.
const naive = {
  rounded(over: bigint, under: bigint, decimals: number): number {
    const scaled = (over < 0n ? -over : over) * 10n ** BigInt(decimals) * 2n + under;
    const whole = scaled / (under * 2n);
    return Number(over < 0n && whole !== 0n ? -whole : whole) / 10 ** decimals;
  },
  percent: (part: number, n: number, decimals: number): number => naive.rounded(BigInt(part) * 100n, BigInt(n), decimals),
  margin(values: readonly number[]): number {
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    return 196 * Math.sqrt(variance / values.length);
  },
};

describe('against another computation', () => {
  const answers = (max: number) => fc.array(fc.integer({ min: max === 10 ? 0 : 1, max }), { minLength: 1, maxLength: 400 });
  test('NPS, CSAT, and CES are the same to the last digit', () => {
    fc.assert(
      fc.property(answers(10), answers(5), answers(7), (tens, fives, sevens) => {
        const worth = tens.map((score) => (score > 8 ? 1 : score < 7 ? -1 : 0));
        const sum = worth.reduce<number>((total, one) => total + one, 0);
        const found = must(measure('nps', weighed(tens, { scale: { min: 0, max: 10 } })), 'nps');
        expect([found.score, found.shown]).toEqual([naive.percent(sum, tens.length, 1), naive.percent(sum, tens.length, 0)]);
        expect(Math.abs(found.marginOfError - naive.margin(worth))).toBeLessThan(0.0051);
        const satisfied = fives.filter((score) => score === 4 || score === 5).length;
        expect(measure('csat', weighed(fives))?.score).toBe(naive.percent(satisfied, fives.length, 1));
        const easy = sevens.filter((score) => score >= 5).length;
        const ces = must(measure('ces', weighed(sevens, { scale: SEVEN })), 'ces');
        expect(ces.score).toBe(naive.percent(easy, sevens.length, 1));
        const total = sevens.reduce((all, score) => all + BigInt(score), 0n);
        expect(ces.mean).toBe(naive.rounded(total, BigInt(sevens.length), 1));
      }),
    );
  });
  test('a total over segments weighs answers, in whatever order and parts they are counted', () => {
    fc.assert(
      fc.property(fc.array(answers(10), { minLength: 1, maxLength: 6 }), (segments) => {
        const scale = { min: 0, max: 10 };
        const inParts = segments.flatMap((scores) =>
          [...Map.groupBy(scores, (score) => score)].map(([score, some]) => ({
            ...must(weighed([score], { scale })[0], 'one'),
            count: some.length,
          })),
        );
        expect(measure('nps', inParts.toReversed())).toEqual(measure('nps', weighed(segments.flat(), { scale })));
      }),
    );
  });
});

describe('a report', () => {
  const given = (over: Partial<Counted>): Counted => ({
    ...must(weighed([9], { scale: { min: 0, max: 10 } })[0], 'one'),
    metric: 'nps',
    key: 'nps',
    nature: null,
    group: [],
    period: null,
    ofEmployees: false,
    ...over,
  });
  test('what is asked of the relationship and after an event is never one figure', () => {
    const { lines } = reportOf([
      given({ nature: 'relationship' }),
      given({ nature: 'transactional', score: 0 }),
      given({ nature: null, score: 8 }),
    ]);
    expect(lines.map(({ nature, figure }) => [nature, figure.n, figure.score])).toEqual([
      ['relationship', 1, 100],
      ['transactional', 1, -100],
      [null, 1, 0],
    ]);
  });
  test('a change is told since the period before that had answers, and called a trend only on a base that bears it', () => {
    const month = (period: string, good: number, bad: number) => [given({ period, count: good }), given({ period, score: 0, count: bad })];
    const { lines } = reportOf([...month('2026-04-01', 90, 10), ...month('2026-01-01', 50, 50), ...month('2026-05-01', 10, 0)]);
    expect(lines.map(({ period, change }) => [period, change])).toEqual([
      ['2026-01-01', null],
      ['2026-04-01', { since: '2026-01-01', points: 80, significant: true }],
      ['2026-05-01', { since: '2026-04-01', points: 20, significant: null }],
    ]);
  });
  test('what fewer than five employees say is withheld, and no later change tells it', () => {
    const asked = (period: string, count: number, score: number) => given({ period, count, score, key: 'enps', ofEmployees: true });
    const { lines, withheld } = reportOf([asked('2026-01-01', 5, 9), asked('2026-02-01', 4, 0), asked('2026-03-01', 6, 8)]);
    expect(lines.map(({ period, figure, change }) => [period, figure.n, change?.since ?? null])).toEqual([
      ['2026-01-01', 5, null],
      ['2026-03-01', 6, '2026-01-01'],
    ]);
    expect(withheld).toEqual([
      { key: 'enps', metric: 'nps', nature: null, group: [], period: '2026-02-01', reason: 'fewer than 5 employees have answered' },
    ]);
    expect(reportOf([given({ count: 4 })])).toMatchObject({ lines: [{ figure: { n: 4 } }], withheld: [] });
  });
});
