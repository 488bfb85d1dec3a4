import { usePut } from '../address.ts';
import './feedback.css';
import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { MetricLine } from '../api.ts';
import { ShowAll } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Waiting } from '../parts/page.tsx';
import { Breakdown } from './breakdown.tsx';
import { DistributionTable } from './distribution.tsx';
import { useMetrics } from './figures.ts';
import { NARROWED, PERIODS, SPANS, useMetricAddress } from './metric-address.ts';
import { useMetricWords } from './metric-words.ts';
import { MetricCard, WithheldCard } from './score-figures.tsx';
import { Trend } from './trend.tsx';

/** One metric over all tools: its figure, its trend, how answers are spread, and who answered how. */
export function MetricPage() {
  const { t } = useTranslation('feedback');
  const { answers, key } = useMetricAddress();
  const words = useMetricWords();
  const whole = useMetrics(answers);
  const [first] = whole.data?.items ?? [];
  return (
    <Page
      title={first === undefined ? t('metricOf', { key: key.replaceAll('_', ' ') }) : words.name(first)}
      back={{ to: '/feedback', label: t('title') }}
    >
      <Choices />
      <Loaded query={whole} waiting={<Waiting rows={3} height={180} />}>
        {({ items, withheld }) =>
          items.length + withheld.length === 0 ? (
            <Empty title={t('noFigure')} action={<ShowAll />}>
              {t('noFigureAbout')}
            </Empty>
          ) : (
            <Whole items={items} withheld={withheld} />
          )
        }
      </Loaded>
    </Page>
  );
}

type WholeProps = { readonly items: readonly MetricLine[]; readonly withheld: readonly Parameters<typeof WithheldCard>[0]['metric'][] };

/** Figures of different natures are never shown as one: each has its own card, and the first of them its trend. */
function Whole({ items, withheld }: WholeProps) {
  const { t } = useTranslation('feedback');
  const [first] = items;
  return (
    <>
      <div className="figures">
        {items.map((metric) => (
          <MetricCard key={`${metric.metric} ${metric.nature}`} metric={metric} />
        ))}
        {withheld.map((metric) => (
          <WithheldCard key={`${metric.metric} ${metric.nature}`} metric={metric} />
        ))}
      </div>
      {first !== undefined && (
        <>
          <Trend about={first} />
          <DistributionTable about={first} />
          <Breakdown about={first} />
          {first.metric === 'nps' && (
            <Text size="xs" c="dimmed">
              {t('marks')}
            </Text>
          )}
        </>
      )}
    </>
  );
}

/** How far back, in which steps, and of which answers. */
function Choices() {
  const { t } = useTranslation(['feedback', 'shared']);
  const [search, setSearch] = useSearchParams();
  const { period, span } = useMetricAddress();
  const put = usePut();
  const narrowed = NARROWED.filter((name) => (search.get(name) ?? '') !== '');
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <NativeSelect
          aria-label={t('trend.span')}
          value={span ?? ''}
          data={[
            { value: '', label: t('trend.allTime') },
            ...Object.keys(SPANS).map((value) => ({ value, label: t(`trend.spans.${value as keyof typeof SPANS}`) })),
          ]}
          onChange={(event) => put({ span: event.currentTarget.value })}
        />
        <NativeSelect
          aria-label={t('trend.period')}
          value={period}
          data={PERIODS.map((value) => ({ value, label: t(`trend.by.${value}`) }))}
          onChange={(event) => put({ period: event.currentTarget.value === 'month' ? null : event.currentTarget.value })}
        />
      </Group>
      {narrowed.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('narrowed', { what: narrowed.map((name) => t(`group.${name}`)).join(', ') })}{' '}
          <button
            type="button"
            className="bare linkish"
            onClick={() => setSearch((old) => new URLSearchParams([...old].filter(([name]) => !NARROWED.some((one) => one === name))))}
          >
            {t('shared:showAll')}
          </button>
        </Text>
      )}
    </Stack>
  );
}
