import { groupBy } from '../kernel/lists.ts';
import type { Metric, Nature } from '../mapping/mapping.ts';
import { type Measured, measure, type Weighed } from './measure.ts';
import { differs, pointsBetween } from './metrics.ts';

/** Counts of one group in one period. A metric is told apart by its key and its nature, so that what may not be mixed never is. */
export type Counted = Weighed & {
  readonly metric: Metric;
  readonly key: string;
  readonly nature: Nature | null;
  readonly group: readonly (string | null)[];
  /** The first day of the period, or null when there is but one. */
  readonly period: string | null;
};

/** `significant` is null where either side has too few answers to speak of a trend. */
export type Change = { readonly since: string; readonly points: number; readonly significant: boolean | null };
export type Line = Pick<Counted, 'key' | 'nature' | 'group' | 'period'> & { readonly figure: Measured; readonly change: Change | null };

/** One line for each metric, group, and period, and how it changed since the period before that had answers. */
export function linesOf(counts: readonly Counted[]): readonly Line[] {
  const series = groupBy(counts, ({ metric, key, nature, group }) => JSON.stringify([key, metric, nature, group]));
  return [...series.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, some]) => seriesOf(some));
}

function seriesOf(counts: readonly Counted[]): readonly Line[] {
  const lines: Line[] = [];
  const periods = [...groupBy(counts, ({ period }) => period ?? '').entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, some] of periods) {
    const [first] = some;
    const figure = first === undefined ? null : measure(first.metric, some);
    if (first === undefined || figure === null) continue;
    const { key, nature, group, period } = first;
    lines.push({ key, nature, group, period, figure, change: changeSince(lines.at(-1), figure) });
  }
  return lines;
}

function changeSince(before: Line | undefined, { estimate, lowBase }: Measured): Change | null {
  if (before === undefined || before.period === null) return null;
  const isComparable = !lowBase && !before.figure.lowBase;
  return {
    since: before.period,
    points: pointsBetween(before.figure.estimate, estimate),
    significant: isComparable ? differs(before.figure.estimate, estimate) : null,
  };
}
