import type { Metric } from '../mapping/mapping.ts';
import type { Scale } from '../mapping/response-mapping.ts';
import {
  countNps,
  type Distribution,
  type Estimate,
  effortOf,
  estimateNps,
  estimateShare,
  type Figure,
  isSatisfied,
  mean,
  nps,
  share,
} from './metrics.ts';

/** How often one score was given, and how it counts. */
export type Weighed = {
  readonly scale: Scale;
  readonly topBox: number;
  readonly higherIsBetter: boolean;
  readonly score: number;
  readonly count: number;
};

/**
 * A metric of some answers, with the counts that it is computed from. `calculation` says what `score` is; `mean` is another figure, and null where the
 * answers are on scales or in directions that have none in common.
 */
export type Measured = Figure & {
  readonly metric: Metric;
  readonly calculation: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly mean: number | null;
  readonly scale: Scale | null;
  readonly higherIsBetter: boolean | null;
  /** How many of the highest scores count as satisfied. */
  readonly topBox: number | null;
  /** Null where scales differ. */
  readonly distribution: Distribution | null;
  /** For comparisons; whole numbers, not yet rounded. */
  readonly estimate: Estimate;
};

/** Computes a metric of answers that may have been given to several questions of its kind. Null when there are none. */
export function measure(metric: Metric, scores: readonly Weighed[], population: number | null = null): Measured | null {
  const common = commonTo(scores);
  const all = { metric, ...common, mean: common.distribution === null ? null : mean(common.distribution) };
  switch (metric) {
    case 'nps': {
      const counts = countNps(scores);
      const figure = nps(counts, population);
      return figure && { ...figure, ...all, counts, calculation: 'promoters (9-10) less detractors (0-6)', estimate: estimateNps(counts) };
    }
    case 'csat': {
      const satisfied = count(scores, ({ score, scale, topBox }) => isSatisfied(score, scale, topBox));
      const n = count(scores, () => true);
      const figure = share(satisfied, n, population);
      const counts = { satisfied, others: n - satisfied };
      return figure && { ...figure, ...all, counts, calculation: topBoxesOf(scores), estimate: estimateShare(satisfied, n) };
    }
    case 'ces': {
      const on = (side: string) => count(scores, ({ score, scale, higherIsBetter }) => effortOf(score, scale, higherIsBetter) === side);
      const counts = { easy: on('easy'), neither: on('neither'), hard: on('hard') };
      const n = counts.easy + counts.neither + counts.hard;
      const figure = share(counts.easy, n, population);
      return figure && { ...figure, ...all, counts, calculation: easyOf(common), estimate: estimateShare(counts.easy, n) };
    }
    default:
      return metric satisfies never;
  }
}

const count = (scores: readonly Weighed[], counts: (score: Weighed) => boolean): number =>
  scores.reduce((total, one) => total + (counts(one) ? one.count : 0), 0);

type Common = Pick<Measured, 'scale' | 'higherIsBetter' | 'topBox' | 'distribution'>;

function commonTo(scores: readonly Weighed[]): Common {
  const kinds = new Map(scores.map((one) => [`${one.scale.min} ${one.scale.max} ${one.higherIsBetter}`, one]));
  const [only] = kinds.values();
  if (only === undefined || kinds.size > 1) return { scale: null, higherIsBetter: null, topBox: null, distribution: null };
  const byScore = Map.groupBy(scores, ({ score }) => score);
  const distribution = [...byScore].map(([score, some]) => ({ score, count: count(some, () => true) }));
  const topBox = scores.every((one) => one.topBox === only.topBox) ? only.topBox : null;
  return { scale: only.scale, higherIsBetter: only.higherIsBetter, topBox, distribution: distribution.sort((a, b) => a.score - b.score) };
}

function topBoxesOf(scores: readonly Weighed[]): string {
  const boxes = new Set(scores.map(({ topBox, scale }) => `top ${topBox} of ${scale.min}-${scale.max}`));
  return `share of answers in the ${[...boxes].sort().join(' or ')}`;
}

function easyOf({ scale, higherIsBetter }: Common): string {
  if (scale === null || higherIsBetter === null) return 'share of answers on the easy side of their scale';
  const middle = (scale.min + scale.max) / 2;
  const [from, to] = higherIsBetter ? [Math.floor(middle) + 1, scale.max] : [scale.min, Math.ceil(middle) - 1];
  return `share of ${from}-${to} on ${scale.min}-${scale.max}, where ${higherIsBetter ? 'high' : 'low'} is easy`;
}
