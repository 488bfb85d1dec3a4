import { useParams, useSearchParams } from 'react-router';
import type { MetricsWish } from '../api.ts';

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Period = (typeof PERIODS)[number];
/** How far back to look, in days; all there is when nothing is said. */
export const SPANS = { month: 30, quarter: 91, year: 365 } as const;
export type Span = keyof typeof SPANS;
const NATURES = ['relationship', 'transactional', 'none'] as const;
/** What answers can be narrowed by, by the name that it has in the API. */
export const NARROWED = ['connectionId', 'surveyId', 'touchpoint', 'language', 'channel'] as const;

const DAY_MS = 86_400_000;

/** Which figures a metric's page shows: all of it stands in the address. */
export type MetricAddress = {
  readonly key: string;
  readonly period: Period;
  readonly span: Span | null;
  readonly by: string;
  readonly benchmark: string | null;
  readonly asTable: boolean;
  /** The answers that are meant, as the API is asked for them. */
  readonly answers: Pick<MetricsWish, 'key' | 'nature' | 'from' | (typeof NARROWED)[number]>;
};

export function useMetricAddress(): MetricAddress {
  const { key = '' } = useParams();
  const [search] = useSearchParams();
  const span = (Object.keys(SPANS) as Span[]).find((one) => one === search.get('span')) ?? null;
  const nature = NATURES.find((one) => one === search.get('nature'));
  const narrowed = Object.fromEntries(
    NARROWED.flatMap((name) => {
      const value = search.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
  return {
    key,
    period: PERIODS.find((one) => one === search.get('period')) ?? 'month',
    span,
    by: search.get('by') ?? 'survey',
    benchmark: search.get('benchmark'),
    asTable: search.get('view') === 'table',
    answers: { key, ...(nature === undefined ? {} : { nature }), ...(span === null ? {} : { from: daysAgo(SPANS[span]) }), ...narrowed },
  };
}

/** The beginning of a day, so that what is asked stays the same while the page is open. */
const daysAgo = (days: number): string => `${new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)}T00:00:00Z`;

/** Where a metric has its page. */
export const metricPath = ({ key, nature }: { readonly key: string; readonly nature: string | null }): string =>
  `/feedback/metrics/${encodeURIComponent(key)}?nature=${nature ?? 'none'}`;
