import type { Scale } from '../mapping/response-mapping.ts';
import { roundRatio } from './rounding.ts';

export const NPS_CATEGORIES = ['promoter', 'passive', 'detractor'] as const;
export type NpsCategory = (typeof NPS_CATEGORIES)[number];

/** Below this many answers a figure is shown as "low base", never with a trend. */
const LOW_BASE = 30;
const Z95 = 1.96;

/** How often each score was given. Everything is computed from counts, so that a total weighs every answer alike. */
export type Distribution = readonly { readonly score: number; readonly count: number }[];

/** Answers as -1, 0, and 1, or as 0 and 1: their sum, the sum of their squares, and how many there are. All are whole, so nothing is lost before the end. */
export type Estimate = { readonly sum: number; readonly squares: number; readonly n: number };

/** Where the true figure lies at 95 %. Few answers are not spread as the usual margin assumes: a share takes Wilson's interval, NPS the adjusted one. */
export type Interval = { readonly low: number; readonly high: number; readonly method: 'normal' | 'wilson' | 'adjusted_wald' };

/**
 * `score` keeps one decimal for storage and `shown` is whole; each is rounded once, from the counts. `marginOfError` is in points, at 95 %. `population`: of
 * how many the answers are, where that makes the margin narrower; null where it is not known, or there are more answers than people.
 */
export type Figure = {
  readonly n: number;
  readonly score: number;
  readonly shown: number;
  readonly standardError: number;
  readonly marginOfError: number;
  readonly interval: Interval;
  readonly lowBase: boolean;
  readonly population: number | null;
};

/** Of how many people answers are; null when it is not known. */
type Population = number | null;

const standardErrorOf = ({ sum, squares, n }: Estimate): number => Math.sqrt((squares * n - sum * sum) / n ** 3);
const marginOf = (estimate: Estimate): number => Z95 * 100 * standardErrorOf(estimate);

/** How much of the error is left when answers come from so few people: none once everybody has answered. */
function correctionOf(n: number, population: Population): number {
  if (population === null) return 1;
  return population <= 1 ? 0 : Math.sqrt((population - n) / (population - 1));
}

function figureOf(estimate: Estimate, interval: Interval, population: Population): Figure {
  const { sum, n } = estimate;
  const standardError = standardErrorOf(estimate) * correctionOf(n, population);
  return {
    n,
    score: roundRatio(sum * 100, n, 1),
    shown: roundRatio(sum * 100, n, 0),
    standardError: roundRatio(standardError, 1, 5),
    marginOfError: roundRatio(Z95 * 100 * standardError, 1, 2),
    interval: { ...interval, low: roundRatio(interval.low, 1, 1), high: roundRatio(interval.high, 1, 1) },
    lowBase: n < LOW_BASE,
    population,
  };
}

/** A population that can be: one person cannot be asked about the same thing by two answers. */
const populationOf = (n: number, population: Population): Population => (population !== null && population >= n ? population : null);

function around(centre: number, margin: number, [least, most]: readonly [number, number]) {
  return { low: Math.max(least, centre - margin), high: Math.min(most, centre + margin) };
}

/** Whether two figures differ by more than chance explains, at 95 %. */
export function differs(one: Estimate, other: Estimate): boolean {
  return Math.abs(100 * (one.sum / one.n - other.sum / other.n)) > Math.hypot(marginOf(one), marginOf(other));
}

/** By how many points the later figure is higher, rounded once: never the difference of two rounded figures. */
export function pointsBetween(earlier: Estimate, later: Estimate): number {
  return roundRatio((later.sum * earlier.n - earlier.sum * later.n) * 100, earlier.n * later.n, 1);
}

/** The group that one answer of 0 to 10 belongs to, or null when it is no NPS answer. */
export function npsCategory(score: number): NpsCategory | null {
  if (!Number.isInteger(score) || score < 0 || score > 10) return null;
  if (score >= 9) return 'promoter';
  return score >= 7 ? 'passive' : 'detractor';
}

export type NpsCounts = { readonly promoters: number; readonly passives: number; readonly detractors: number };

/** Counts answers by group; what is no answer of 0 to 10 counts nowhere. */
export function countNps(scores: Distribution): NpsCounts {
  const counts = { promoter: 0, passive: 0, detractor: 0 };
  for (const { score, count } of scores) {
    const category = npsCategory(score);
    if (category !== null) counts[category] += count;
  }
  return { promoters: counts.promoter, passives: counts.passive, detractors: counts.detractor };
}

export function estimateNps({ promoters, passives, detractors }: NpsCounts): Estimate {
  return { sum: promoters - detractors, squares: promoters + detractors, n: promoters + passives + detractors };
}

/** The Net Promoter Score, -100 to 100, or null when nobody answered. */
export function nps(counts: NpsCounts, known: Population = null): Figure | null {
  const estimate = estimateNps(counts);
  const { sum, squares, n } = estimate;
  if (n === 0) return null;
  const population = populationOf(n, known);
  const correction = correctionOf(n, population);
  const normal: Interval = { ...around((100 * sum) / n, marginOf(estimate) * correction, [-100, 100]), method: 'normal' };
  if (n >= LOW_BASE || correction === 0) return figureOf(estimate, normal, population);
  // As many more answers as would tell as much of people without end; then three quarters of one more to both ends, and one and a half to the middle.
  const more = correction ** -2;
  const adjusted = { sum: sum * more, squares: squares * more + 1.5, n: n * more + 3 };
  const interval = around((100 * adjusted.sum) / adjusted.n, marginOf(adjusted), [-100, 100]);
  return figureOf(estimate, { ...interval, method: 'adjusted_wald' }, population);
}

export function estimateShare(part: number, n: number): Estimate {
  return { sum: part, squares: part, n };
}

/** The share of some answers in all, 0 to 100, or null when nobody answered. */
export function share(part: number, n: number, known: Population = null): Figure | null {
  const estimate = estimateShare(part, n);
  if (n === 0) return null;
  const population = populationOf(n, known);
  const correction = correctionOf(n, population);
  if (n < LOW_BASE && correction > 0) {
    const more = correction ** -2;
    return figureOf(estimate, { ...wilson(part * more, n * more), method: 'wilson' }, population);
  }
  return figureOf(estimate, { ...around((100 * part) / n, marginOf(estimate) * correction, [0, 100]), method: 'normal' }, population);
}

/** Wilson's 95 % interval of a share, in points: holds for few answers, where the margin of error does not. */
export function wilson(part: number, n: number): { readonly low: number; readonly high: number } {
  const z2 = Z95 * Z95;
  const p = part / n;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return { low: 100 * Math.max(0, centre - half), high: 100 * Math.min(1, centre + half) };
}

/** The mean, rounded once to one decimal; null of nothing. */
export function mean(scores: Distribution): number | null {
  const n = scores.reduce((total, { count }) => total + count, 0);
  const sum = scores.reduce((total, { score, count }) => total + score * count, 0);
  return n === 0 ? null : roundRatio(sum, n, 1);
}

/** CSAT counts the highest answers as satisfied. */
export const isSatisfied = (score: number, { max }: Scale, topBox: number): boolean => score > max - topBox;

/**
 * On which side of the middle of its scale an answer about effort lies: the middle itself is neither. `higherIsBetter` is false for CES 1.0, where 1 is
 * the least effort.
 */
export function effortOf(score: number, { min, max }: Scale, higherIsBetter: boolean): 'easy' | 'neither' | 'hard' {
  const side = Math.sign(2 * score - min - max) * (higherIsBetter ? 1 : -1);
  return side > 0 ? 'easy' : side < 0 ? 'hard' : 'neither';
}
