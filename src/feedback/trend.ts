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
  readonly ofEmployees: boolean;
};

/** Of fewer employees than this no figure is shown, as it would tell what one of them has answered. */
const LEAST_EMPLOYEES = 5;

/** `significant` is null where either side has too few answers to speak of a trend. */
export type Change = { readonly since: string; readonly points: number; readonly significant: boolean | null };
type About = Pick<Counted, 'key' | 'nature' | 'group' | 'period'>;
export type Line = About & { readonly figure: Measured; readonly change: Change | null };
/** A figure that there is and that nobody is shown, not even its count, with the reason. */
export type Withheld = About & Pick<Counted, 'metric'> & { readonly reason: string };
export type Report = { readonly lines: readonly Line[]; readonly withheld: readonly Withheld[] };

/**
 * One line for each metric, group, and period, and how it changed since the period before that had answers; apart from them, what is not shown.
 * `population`: how many could have answered, each time.
 */
export function reportOf(counts: readonly Counted[], population: number | null = null): Report {
  const series = groupBy(counts, ({ metric, key, nature, group }) => JSON.stringify([key, metric, nature, group]));
  const reports = [...series.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, some]) => seriesOf(some, population));
  return { lines: reports.flatMap(({ lines }) => lines), withheld: reports.flatMap(({ withheld }) => withheld) };
}

function seriesOf(counts: readonly Counted[], population: number | null): Report {
  const lines: Line[] = [];
  const withheld: Withheld[] = [];
  const periods = [...groupBy(counts, ({ period }) => period ?? '').entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, some] of periods) {
    const [first] = some;
    const figure = first === undefined ? null : measure(first.metric, some, population);
    if (first === undefined || figure === null) continue;
    const { metric, key, nature, group, period } = first;
    const about = { key, nature, group, period };
    // A change since a figure that is not shown would tell it, so it is as if that period had none.
    if (figure.n < LEAST_EMPLOYEES && some.some(({ ofEmployees }) => ofEmployees))
      withheld.push({ ...about, metric, reason: `fewer than ${LEAST_EMPLOYEES} employees have answered` });
    else lines.push({ ...about, figure, change: changeSince(lines.at(-1), figure) });
  }
  return { lines, withheld };
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
