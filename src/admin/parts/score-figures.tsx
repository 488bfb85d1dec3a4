import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { FeedbackSummary } from '../api.ts';

export type Metric = FeedbackSummary['overall']['metrics'][number];
type Part = { readonly label: string; readonly count: number; readonly colour: string };
type CardProps = {
  readonly title: string;
  readonly figure: string;
  readonly n: number;
  readonly margin: number;
  readonly lowBase: boolean;
  readonly parts: readonly Part[];
  readonly more?: ReactNode;
};

const GOOD = 'var(--sl-good)';
const MIDDLE = 'var(--sl-wait)';
const BAD = 'var(--sl-bad)';

function ScoreCard({ title, figure, n, margin, lowBase, parts, more }: CardProps) {
  return (
    <Stack className="card" p="md" gap={6} component="section" aria-label={title}>
      <Text size="sm" c="dimmed" fw={550}>
        {title}
      </Text>
      <Text fz={30} fw={650} lh={1.1} className="tabular">
        {figure}
      </Text>
      <Text size="xs" c="dimmed" className="tabular">
        ± {margin.toFixed(1)} at 95 %, n = {n.toLocaleString()}
      </Text>
      {lowBase && (
        <Text size="xs" className="note warn" py={2}>
          Low base: too few answers to conclude much.
        </Text>
      )}
      <div className="bar" aria-hidden="true">
        {parts.map((part) => part.count > 0 && <span key={part.label} style={{ flex: part.count, background: part.colour }} />)}
      </div>
      <Text size="xs" c="dimmed" className="tabular">
        {parts.map((part) => `${part.count.toLocaleString()} ${part.label}`).join(' · ')}
      </Text>
      {more}
    </Stack>
  );
}

const NAMES = { nps: 'NPS', csat: 'CSAT', ces: 'CES' } as const;
const COLOURS: Readonly<Record<string, string>> = {
  promoters: GOOD,
  passives: MIDDLE,
  detractors: BAD,
  satisfied: GOOD,
  others: BAD,
  easy: GOOD,
  neither: MIDDLE,
  hard: BAD,
};

/** What a metric is called: its kind, its key where that says more, and whether it is about the relationship or an event. */
export function nameOfMetric({ metric, key, nature }: Pick<Metric, 'metric' | 'key' | 'nature'>): string {
  const name = key === metric ? NAMES[metric] : `${NAMES[metric]} ${key.replaceAll('_', ' ')}`;
  return nature === null ? name : `${name}, ${nature}`;
}

/** A figure as people write it: NPS with its sign and never as a percentage. */
export function writtenFigure({ metric, shown }: Pick<Metric, 'metric' | 'shown'>): string {
  if (metric === 'nps') return shown > 0 ? `+${shown}` : String(shown);
  return metric === 'csat' ? `${shown} %` : `${shown} % easy`;
}

/** One metric with how much can be concluded from it. */
export function MetricCard({ metric }: { readonly metric: Metric }) {
  return (
    <ScoreCard
      title={nameOfMetric(metric)}
      figure={writtenFigure(metric)}
      n={metric.n}
      margin={metric.marginOfError}
      lowBase={metric.lowBase}
      parts={Object.entries(metric.counts).map(([label, count]) => ({ label, count, colour: COLOURS[label] ?? MIDDLE }))}
      more={
        <Text size="xs" c="dimmed">
          {metric.calculation}
          {metric.mean !== null && metric.metric !== 'nps' && `; mean ${metric.mean.toFixed(1)}`}
        </Text>
      }
    />
  );
}
