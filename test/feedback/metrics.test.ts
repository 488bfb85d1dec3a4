import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addNps, ces, countNps, csat, differs, mean, type NpsCounts, nps, npsCategory, wilson } from '../../src/feedback/metrics.ts';
import { roundRatio } from '../../src/feedback/rounding.ts';
import { must } from '../../src/kernel/must.ts';

const count = fc.nat({ max: 5000 });
const counts: fc.Arbitrary<NpsCounts> = fc
  .record({ promoters: count, passives: count, detractors: count })
  .filter(({ promoters, passives, detractors }) => promoters + passives + detractors > 0);

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

describe('NPS', () => {
  test('0 to 6 detract, 7 and 8 are passive, 9 and 10 promote, and nothing else counts', () => {
    const words = [...Array(11).keys()].map((score) => npsCategory(score)?.[0]);
    expect(words.join('')).toBe('dddddddpppp');
    expect([npsCategory(8), npsCategory(9)]).toEqual(['passive', 'promoter']);
    expect([npsCategory(-1), npsCategory(11), npsCategory(8.5), npsCategory(Number.NaN)]).toEqual([null, null, null, null]);
  });
  test('400 answers of which 180 promote and 100 detract are 20, give or take 7.96', () => {
    const figure = must(nps({ promoters: 180, passives: 120, detractors: 100 }), 'nps');
    expect(figure).toMatchObject({ score: 20, shown: 20, n: 400, lowBase: false });
    expect(figure.marginOfError).toBeCloseTo(7.96, 2);
  });
  test('50 answers of which 25 promote and 10 detract are 30, give or take 21.65', () => {
    const figure = must(nps({ promoters: 25, passives: 15, detractors: 10 }), 'nps');
    expect(figure.score).toBe(30);
    expect(figure.marginOfError).toBeCloseTo(21.65, 2);
  });
  test('a third less a sixth is 17 and not 16', () => {
    expect(nps({ promoters: 2, passives: 3, detractors: 1 })).toMatchObject({ score: 16.7, shown: 17 });
  });
  test('the whole figure is rounded from the counts, not from the decimal', () => {
    // 1645 / 10000 is 16.45: first to 16.5 and then to 17 would be a point too many.
    expect(nps({ promoters: 1645, passives: 8355, detractors: 0 })).toMatchObject({ score: 16.5, shown: 16 });
  });
  test('nobody answered, no figure; fewer than 30, a low base', () => {
    expect(nps(countNps([]))).toBeNull();
    expect(nps({ promoters: 29, passives: 0, detractors: 0 })?.lowBase).toBe(true);
    expect(nps({ promoters: 30, passives: 0, detractors: 0 })?.lowBase).toBe(false);
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
  test('the total of segments weighs answers, not segments', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: -2, max: 13 }))), (segments) => {
        expect(addNps(segments.map(countNps))).toEqual(countNps(segments.flat()));
      }),
    );
  });
  test('two periods differ only beyond their margins together', () => {
    const [low, high] = [nps({ promoters: 180, passives: 120, detractors: 100 }), nps({ promoters: 230, passives: 90, detractors: 80 })];
    const near = nps({ promoters: 190, passives: 120, detractors: 90 });
    expect(differs(must(low, 'low'), must(high, 'high'))).toBe(true);
    expect(differs(must(low, 'low'), must(near, 'near'))).toBe(false);
  });
});

describe('CSAT and CES', () => {
  const times = (score: number, n: number): number[] => Array(n).fill(score);
  test('42 fives and 32 fours of 107 are 69.2, shown as 69', () => {
    const scores = [...times(5, 42), ...times(4, 32), ...times(3, 10), ...times(2, 9), ...times(1, 14)];
    expect(csat(scores, { scale: { min: 1, max: 5 }, topBox: 2 })).toMatchObject({ score: 69.2, shown: 69, n: 107, mean: 3.7 });
  });
  test('how many answers are on top is the choice of the mapping', () => {
    const scale = { min: 1, max: 7 };
    expect(csat([7, 6, 5, 1], { scale, topBox: 2 })?.score).toBe(50);
    expect(csat([7, 6, 5, 1], { scale, topBox: 1 })?.score).toBe(25);
    expect(csat([1, 2, 3], { scale: { min: 1, max: 3 }, topBox: 1 })?.score).toBe(33.3);
  });
  test('what is off the scale counts nowhere', () => {
    expect(csat([0, 6, 4.5, 5], { scale: { min: 1, max: 5 }, topBox: 2 })).toMatchObject({ n: 1, score: 100 });
    expect(csat([], { scale: { min: 1, max: 5 }, topBox: 2 })).toBeNull();
  });
  test('CES 2.0: 5 to 7 found it easy, 1 to 3 hard, and 4 neither', () => {
    const figure = ces([1, 3, 4, 5, 6, 7, 7, 4], { scale: { min: 1, max: 7 }, higherIsBetter: true });
    expect(figure).toMatchObject({ mean: 4.6, easy: { score: 50 }, hard: { score: 25 } });
  });
  test('CES 1.0: the low end is the easy one', () => {
    const figure = ces([1, 1, 2, 5], { scale: { min: 1, max: 5 }, higherIsBetter: false });
    expect(figure).toMatchObject({ mean: 2.3, easy: { score: 75 }, hard: { score: 25 } });
  });
  test('turning the scale over turns easy into hard', () => {
    const scale = { min: 1, max: 7 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (scores) => {
        const [one, other] = [
          ces(scores, { scale, higherIsBetter: true }),
          ces(
            scores.map((s) => 8 - s),
            { scale, higherIsBetter: false },
          ),
        ];
        expect(other?.easy).toEqual(one?.easy);
        expect(other?.hard).toEqual(one?.hard);
      }),
    );
  });
  test('a mean is rounded once, to one decimal', () => {
    expect([mean([8, 9]), mean([8, 8, 9, 8]), mean([])]).toEqual([8.5, 8.3, null]);
  });
  test('the interval of a share holds it, and stays inside 0..100', () => {
    expect(wilson(0, 0)).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (n, seed) => {
        const part = seed % (n + 1);
        const { low, high } = must(wilson(part, n), 'interval');
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
        expect(low - 1e-9).toBeLessThanOrEqual((100 * part) / n);
        expect(high + 1e-9).toBeGreaterThanOrEqual((100 * part) / n);
      }),
    );
  });
});
