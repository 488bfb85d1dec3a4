import { roundRatio } from './rounding.ts';

export const NPS_CATEGORIES = ['promoter', 'passive', 'detractor'] as const;
export type NpsCategory = (typeof NPS_CATEGORIES)[number];

/** Below this many answers a figure is shown as "low base", never with a trend. */
const LOW_BASE = 30;

/** How sure a figure is: `marginOfError` in points at 95 %. */
export type Base = { readonly n: number; readonly marginOfError: number; readonly lowBase: boolean };

/** `score` keeps one decimal for storage and `shown` is whole; each is rounded once, from the counts. */
export type Figure = Base & { readonly score: number; readonly shown: number };

const Z95 = 1.96;

function baseOf(n: number, variance: number): Base {
  return { n, marginOfError: Z95 * 100 * Math.sqrt(variance / n), lowBase: n < LOW_BASE };
}

function figure(points: number, n: number, variance: number): Figure {
  return { ...baseOf(n, variance), score: roundRatio(points * 100, n, 1), shown: roundRatio(points * 100, n, 0) };
}

/** The group that one answer of 0 to 10 belongs to, or null when it is no NPS answer. */
export function npsCategory(score: number): NpsCategory | null {
  if (!Number.isInteger(score) || score < 0 || score > 10) return null;
  if (score >= 9) return 'promoter';
  return score >= 7 ? 'passive' : 'detractor';
}

export type NpsCounts = { readonly promoters: number; readonly passives: number; readonly detractors: number };

/** Counts answers by group; what is no answer of 0 to 10 counts nowhere. */
export function countNps(scores: Iterable<number>): NpsCounts {
  const counts = { promoter: 0, passive: 0, detractor: 0 };
  for (const score of scores) {
    const category = npsCategory(score);
    if (category !== null) counts[category] += 1;
  }
  return { promoters: counts.promoter, passives: counts.passive, detractors: counts.detractor };
}

/** Adds the counts of segments, so that a total weighs every answer alike. */
export function addNps(parts: Iterable<NpsCounts>): NpsCounts {
  const sum = { promoters: 0, passives: 0, detractors: 0 };
  for (const part of parts) {
    sum.promoters += part.promoters;
    sum.passives += part.passives;
    sum.detractors += part.detractors;
  }
  return sum;
}

/** The Net Promoter Score, -100 to 100, or null when nobody answered. */
export function nps({ promoters, passives, detractors }: NpsCounts): Figure | null {
  const n = promoters + passives + detractors;
  if (n === 0) return null;
  const balance = (promoters - detractors) / n;
  return figure(promoters - detractors, n, (promoters + detractors) / n - balance * balance);
}

/** Whether two periods differ by more than chance explains, at 95 %. */
export function differs(one: Figure, other: Figure): boolean {
  return Math.abs(one.score - other.score) > Math.hypot(one.marginOfError, other.marginOfError);
}

/** The numbers at both ends of a scale, inclusive. */
export type Scale = { readonly min: number; readonly max: number };

function valid(scores: Iterable<number>, scale: Scale): readonly number[] {
  return [...scores].filter((score) => Number.isInteger(score) && score >= scale.min && score <= scale.max);
}

function share(part: number, n: number): Figure {
  const p = part / n;
  return figure(part, n, p * (1 - p));
}

/** The mean, rounded once to one decimal; null of nothing. */
export function mean(scores: readonly number[]): number | null {
  if (scores.length === 0) return null;
  const sum = scores.reduce((total, score) => total + score, 0);
  return roundRatio(sum, scores.length, 1);
}

export type Satisfaction = Figure & { readonly mean: number | null };

/** CSAT: the share of the `topBox` highest answers among the valid ones, 0 to 100. The mean stands beside it and is not CSAT. */
export function csat(scores: Iterable<number>, { scale, topBox }: { scale: Scale; topBox: number }): Satisfaction | null {
  const counted = valid(scores, scale);
  if (counted.length === 0) return null;
  const satisfied = counted.filter((score) => score > scale.max - topBox).length;
  return { ...share(satisfied, counted.length), mean: mean(counted) };
}

export type Effort = { readonly mean: number | null; readonly easy: Figure; readonly hard: Figure };

/**
 * CES in both ways of counting: the mean, and the shares that found it easy and hard. `higherIsBetter` is false for CES 1.0, where 1 is
 * the least effort. The middle of the scale is neither easy nor hard.
 */
export function ces(scores: Iterable<number>, { scale, higherIsBetter }: { scale: Scale; higherIsBetter: boolean }): Effort | null {
  const counted = valid(scores, scale);
  if (counted.length === 0) return null;
  const middle = (scale.min + scale.max) / 2;
  const high = counted.filter((score) => score > middle).length;
  const low = counted.filter((score) => score < middle).length;
  const [easy, hard] = higherIsBetter ? [high, low] : [low, high];
  return { mean: mean(counted), easy: share(easy, counted.length), hard: share(hard, counted.length) };
}

/** Wilson's 95 % interval of a share, in points: holds for few answers, where the margin of error does not. */
export function wilson(part: number, n: number): { readonly low: number; readonly high: number } | null {
  if (n === 0) return null;
  const z2 = Z95 * Z95;
  const p = part / n;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return { low: 100 * Math.max(0, centre - half), high: 100 * Math.min(1, centre + half) };
}
