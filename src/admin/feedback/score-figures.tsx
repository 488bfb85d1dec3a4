import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../format.ts';
import { type Metric, useMetricWords, type Withheld } from './metric-words.ts';

const GOOD = 'var(--sl-good)';
const MIDDLE = 'var(--sl-wait)';
const BAD = 'var(--sl-bad)';

const PARTS = [
  ['promoters', GOOD],
  ['passives', MIDDLE],
  ['detractors', BAD],
  ['satisfied', GOOD],
  ['others', BAD],
  ['easy', GOOD],
  ['neither', MIDDLE],
  ['hard', BAD],
] as const;

/** One metric with how much can be concluded from it. */
export function MetricCard({ metric, to }: { readonly metric: Metric; readonly to?: string }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const words = useMetricWords();
  const name = words.name(metric);
  return (
    <Stack className="card" p="md" gap={6} component="section" aria-label={name}>
      <Text size="sm" c="dimmed" fw={550}>
        {name}
      </Text>
      <Text fz={30} fw={650} lh={1.1} className="tabular">
        {words.figure(metric)}
      </Text>
      <Text size="xs" c="dimmed" className="tabular">
        {t('margin95', { margin: format.fixed(metric.marginOfError, 1), n: format.count(metric.n) })}
      </Text>
      {metric.lowBase && (
        <Text size="xs" className="note warn" py={2}>
          {t('lowBase')}
        </Text>
      )}
      <Parts metric={metric} />
      <Text size="xs" c="dimmed">
        <Calculation metric={metric} />
      </Text>
      {to !== undefined && (
        <Anchor component={Link} to={to} size="sm" w="fit-content" aria-label={`${t('toTrend')}: ${name}`}>
          {t('toTrend')}
        </Anchor>
      )}
    </Stack>
  );
}

/** Stands where a metric would, whose figure nobody is shown. */
export function WithheldCard({ metric }: { readonly metric: Withheld }) {
  const { t } = useTranslation('feedback');
  const name = useMetricWords().name(metric);
  return (
    <Stack className="card" p="md" gap={6} component="section" aria-label={name}>
      <Text size="sm" c="dimmed" fw={550}>
        {name}
      </Text>
      <Text size="xs" className="note" py={2}>
        {t('withheld')}
      </Text>
    </Stack>
  );
}

/** The counts that a figure is computed from, as a bar and in words. */
function Parts({ metric: { counts } }: { readonly metric: Metric }) {
  const { t } = useTranslation('feedback');
  const parts = PARTS.flatMap(([name, colour]) => {
    const count = counts[name];
    return count === undefined ? [] : [{ name, colour, count }];
  });
  return (
    <>
      <div className="bar" aria-hidden="true">
        {parts.map(({ name, colour, count }) => count > 0 && <span key={name} style={{ flex: count, background: colour }} />)}
      </div>
      <Text size="xs" c="dimmed" className="tabular">
        {parts.map(({ name, count }) => t(name, { count })).join(' · ')}
      </Text>
    </>
  );
}

function Calculation({ metric }: { readonly metric: Metric }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const calculation = useMetricWords().calculation(metric);
  // Nobody speaks of the mean of NPS.
  if (metric.mean === null || metric.metric === 'nps') return calculation;
  return t('withMean', { calculation, mean: format.fixed(metric.mean, 1) });
}
