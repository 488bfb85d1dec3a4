import { usePut } from '../address.ts';
import './feedback.css';
import { Anchor, Group, NativeSelect, SegmentedControl, Skeleton, Table, Text, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Benchmark, MetricLine } from '../api.ts';
import { useFormat } from '../format.ts';
import { Listed } from '../parts/listed.tsx';
import { Loaded, Section } from '../parts/page.tsx';
import { FigureCells } from './figure-cells.tsx';
import { responsesPath, useBenchmarks, useMetrics } from './figures.ts';
import { useMetricAddress } from './metric-address.ts';
import { useMetricWords } from './metric-words.ts';
import { usePeriodName } from './period-name.ts';

const TrendChart = lazy(async () => ({ default: (await import('./trend-chart.tsx')).TrendChart }));
const CHART_HEIGHT = 300;

/** A metric by period, as a chart with its interval and a band of what others reach, or as a table. */
export function Trend({ about }: { readonly about: MetricLine }) {
  const { t } = useTranslation('feedback');
  const { answers, period, asTable } = useMetricAddress();
  const put = usePut();
  const trend = useMetrics({ ...answers, nature: about.nature ?? 'none', period });
  const benchmark = useChosenBenchmark(about);
  return (
    <Section
      title={t('trend.title')}
      about={t('trend.about')}
      actions={
        <Group gap="xs">
          <BenchmarkChoice about={about} />
          <SegmentedControl
            size="xs"
            aria-label={t('trend.view')}
            value={asTable ? 'table' : 'chart'}
            onChange={(view) => put({ view: view === 'table' ? view : null })}
            data={(['chart', 'table'] as const).map((value) => ({ value, label: t(`trend.as.${value}`) }))}
          />
        </Group>
      }
    >
      <Loaded query={trend} waiting={<Skeleton height={CHART_HEIGHT + 34} radius="md" />}>
        {({ items }) => (asTable ? <TrendTable lines={items} /> : <Chart lines={items} benchmark={benchmark} />)}
      </Loaded>
      {benchmark !== null && <BenchmarkSource benchmark={benchmark} />}
    </Section>
  );
}

function Chart({ lines, benchmark }: { readonly lines: readonly MetricLine[]; readonly benchmark: Benchmark | null }) {
  const { t } = useTranslation('feedback');
  const words = useMetricWords();
  const nameOf = usePeriodName();
  const last = lines.at(-1);
  if (last === undefined) return <div className="note">{t('noFigureAbout')}</div>;
  const said = t('trend.said', { count: lines.length, period: nameOf(last.period), score: words.figure(last), n: last.n });
  return (
    <figure className="card chart" aria-label={said}>
      <Suspense fallback={<Skeleton height={CHART_HEIGHT} radius="md" />}>
        <TrendChart lines={lines} benchmark={benchmark} height={CHART_HEIGHT} />
      </Suspense>
      <figcaption>
        <Text size="xs" c="dimmed">
          {t('trend.legend')}
        </Text>
      </figcaption>
    </figure>
  );
}

function TrendTable({ lines }: { readonly lines: readonly MetricLine[] }) {
  const { t } = useTranslation('feedback');
  const nameOf = usePeriodName();
  const { answers } = useMetricAddress();
  return (
    <Listed
      figures={4}
      label={t('trend.title')}
      heads={[t('trend.periodHead'), t('trend.score'), t('trend.interval'), t('trend.change'), t('trend.answers')]}
    >
      {lines.toReversed().map((line) => (
        <Table.Tr key={line.period}>
          <Table.Th scope="row" fw={500}>
            {nameOf(line.period)}
          </Table.Th>
          <FigureCells line={line} />
          <Table.Td ta="right">
            <ChangeInWords line={line} />
          </Table.Td>
          <Table.Td ta="right">
            <Anchor
              component={Link}
              size="sm"
              to={responsesPath({ ...answers, ...within(line), nature: line.nature ?? 'none', counted: 'true' })}
            >
              {t('trend.n', { count: line.n })}
            </Anchor>
          </Table.Td>
        </Table.Tr>
      ))}
    </Listed>
  );
}

const within = ({ from, to }: MetricLine) => ({ ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) });

/** By how much it changed, and whether that is more than chance; of few answers no change is told. */
function ChangeInWords({ line: { change } }: { readonly line: MetricLine }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  if (change === null || change.significant === null)
    return (
      <>
        <span aria-hidden="true">–</span>
        <VisuallyHidden>{t('trend.noChange')}</VisuallyHidden>
      </>
    );
  const points = `${change.points > 0 ? '+' : ''}${format.fixed(change.points, 1)}`;
  return (
    <>
      <span aria-hidden="true">{change.points > 0 ? '▲ ' : change.points < 0 ? '▼ ' : ''}</span>
      {t('trend.points', { points })}
      <Text size="xs" c="dimmed" component="div">
        {t(change.significant ? 'trend.certain' : 'trend.byChance')}
      </Text>
    </>
  );
}

const nameOfBenchmark = ({ industry, year }: Benchmark): string => `${industry} ${year}`;

/** Only what is measured alike: an index from a model is no share of satisfied answers. */
function useOwnBenchmarks({ metric }: MetricLine): readonly Benchmark[] {
  return (useBenchmarks().data ?? []).filter((benchmark) => benchmark.metric === metric);
}

function useChosenBenchmark(about: MetricLine): Benchmark | null {
  const { benchmark } = useMetricAddress();
  return useOwnBenchmarks(about).find((one) => nameOfBenchmark(one) === benchmark) ?? null;
}

function BenchmarkChoice({ about }: { readonly about: MetricLine }) {
  const { t } = useTranslation('feedback');
  const { benchmark } = useMetricAddress();
  const put = usePut();
  const all = useOwnBenchmarks(about);
  const names = [...new Set(all.map(nameOfBenchmark))];
  return (
    <NativeSelect
      size="xs"
      aria-label={t('benchmark.label')}
      w={190}
      disabled={all.length === 0}
      value={benchmark ?? ''}
      data={[{ value: '', label: t('benchmark.none') }, ...names]}
      onChange={(event) => put({ benchmark: event.currentTarget.value })}
    />
  );
}

/** What a band of others is: whose, of when, and by whom; figures that people edit are told as they are written. */
function BenchmarkSource({ benchmark }: { readonly benchmark: Benchmark }) {
  const { t } = useTranslation('feedback');
  const { industry, region, source, year, note, low, mid, high } = benchmark;
  const band = [low, mid, high].filter((value) => value !== null).join(' – ');
  return (
    <Text size="xs" c="dimmed" className="value">
      {t('benchmark.source', { industry, band, source, year })}
      {region !== null && `, ${region}`}
      {note !== null && `; ${note}`}. {t('benchmark.caution')}
    </Text>
  );
}
