import { Anchor, SimpleGrid, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FeedbackSummary } from '../api.ts';
import { useFormat } from '../format.ts';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { responsesPath } from './figures.ts';
import { metricPath } from './metric-address.ts';
import { type Metric, useMetricWords, type Withheld } from './metric-words.ts';
import { useFeedback } from './response-queries.ts';
import { MetricCard, WithheldCard } from './score-figures.tsx';

/** NPS, CSAT, and CES: over all, and for each survey, with how much can be concluded from them. */
export function FeedbackPage() {
  const { t } = useTranslation('feedback');
  const feedback = useFeedback();
  return (
    <Page title={t('title')} about={t('about')}>
      <Loaded query={feedback} waiting={<Waiting rows={2} height={140} />}>
        {(summary) => (summary.overall.responses === 0 ? <None /> : <Scores summary={summary} />)}
      </Loaded>
    </Page>
  );
}

function None() {
  const { t } = useTranslation('feedback');
  return (
    <Empty title={t('none')} action={<NextStep to="connect" />}>
      {t('noneAbout')}
    </Empty>
  );
}

const COLUMNS = ['responsesOf', 'unmatchedOf', 'metrics'] as const;

function Scores({ summary }: { readonly summary: FeedbackSummary }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const { overall, surveys } = summary;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {overall.metrics.map((metric) => (
          <MetricCard key={`${metric.key} ${metric.nature}`} metric={metric} to={metricPath(metric)} />
        ))}
        {overall.withheld.map((metric) => (
          <WithheldCard key={`${metric.key} ${metric.nature}`} metric={metric} />
        ))}
      </SimpleGrid>
      <Section
        title={t('surveys')}
        actions={
          <Anchor component={Link} to="/feedback/surveys" size="sm">
            {t('bindings.toPage')}
          </Anchor>
        }
      >
        <Table.ScrollContainer
          minWidth={620}
          className="card"
          scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('bySurvey'), role: 'region' } }}
        >
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('survey')}</Table.Th>
                {COLUMNS.map((name) => (
                  <Table.Th key={name} scope="col" ta="right">
                    {t(name)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {surveys.map((survey) => (
                <Table.Tr key={`${survey.connection.id} ${survey.surveyId}`}>
                  <Table.Td>
                    <Anchor
                      component={Link}
                      to={responsesPath({ surveyId: survey.surveyId, connectionId: survey.connection.id })}
                      size="sm"
                      className="value"
                    >
                      {survey.surveyName}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {survey.connection.name}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">{format.count(survey.responses)}</Table.Td>
                  <Table.Td ta="right">{format.count(survey.unmatched)}</Table.Td>
                  <Table.Td ta="right">
                    {survey.metrics.length + survey.withheld.length === 0 && (
                      <Text size="sm" c="dimmed">
                        {t('noneAsked')}
                      </Text>
                    )}
                    {survey.metrics.map((metric) => (
                      <Short key={`${metric.key} ${metric.nature}`} metric={metric} />
                    ))}
                    {survey.withheld.map((metric) => (
                      <ShortWithheld key={`${metric.key} ${metric.nature}`} metric={metric} />
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Section>
      <Text size="xs" c="dimmed" mt="md">
        {t('marks')}
      </Text>
    </>
  );
}

function Short({ metric }: { readonly metric: Metric }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const words = useMetricWords();
  return (
    <>
      <Text size="sm" fw={550}>
        {words.name(metric)} {words.figure(metric)}
      </Text>
      <Text size="xs" c="dimmed">
        {t(metric.lowBase ? 'marginLow' : 'margin', { margin: format.fixed(metric.marginOfError, 0), n: format.count(metric.n) })}
      </Text>
    </>
  );
}

function ShortWithheld({ metric }: { readonly metric: Withheld }) {
  const { t } = useTranslation('feedback');
  return (
    <>
      <Text size="sm" fw={550}>
        {useMetricWords().name(metric)}
      </Text>
      <Text size="xs" c="dimmed">
        {t('withheld')}
      </Text>
    </>
  );
}
