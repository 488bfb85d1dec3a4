import { Anchor, SimpleGrid, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { FeedbackSummary } from '../api.ts';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { type Metric, MetricCard, nameOfMetric, writtenFigure } from '../parts/score-figures.tsx';
import { useFeedback } from '../queries.ts';

/** NPS, CSAT, and CES: over all, and for each survey, with how much can be concluded from them. */
export function FeedbackPage() {
  const feedback = useFeedback();
  return (
    <Page title="Scores" about="NPS, CSAT, and CES of all complete responses.">
      <Loaded query={feedback} waiting={<Waiting rows={2} height={140} />}>
        {(summary) => (summary.overall.responses === 0 ? <None /> : <Scores summary={summary} />)}
      </Loaded>
    </Page>
  );
}

const None = () => (
  <Empty title="No scores yet">
    Connect a survey tool with a question that asks for a recommendation (0 to 10), satisfaction, or effort, and its figures appear here
    with their margin of error.
  </Empty>
);

function Scores({ summary }: { readonly summary: FeedbackSummary }) {
  const { overall, surveys } = summary;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {overall.metrics.map((metric) => (
          <MetricCard key={`${metric.key} ${metric.nature}`} metric={metric} />
        ))}
      </SimpleGrid>
      <Section title="Surveys">
        <Table.ScrollContainer
          minWidth={620}
          className="card"
          scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Scores by survey', role: 'region' } }}
        >
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Survey</Table.Th>
                {['Responses', 'Unmatched', 'Metrics'].map((name) => (
                  <Table.Th key={name} scope="col" ta="right">
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {surveys.map((survey) => (
                <Table.Tr key={`${survey.connection.id} ${survey.surveyId}`}>
                  <Table.Td>
                    <Anchor component={Link} to={`/responses?survey=${encodeURIComponent(survey.surveyId)}`} size="sm" className="value">
                      {survey.surveyName}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {survey.connection.name}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">{survey.responses.toLocaleString()}</Table.Td>
                  <Table.Td ta="right">{survey.unmatched.toLocaleString()}</Table.Td>
                  <Table.Td ta="right">
                    {survey.metrics.length === 0 && (
                      <Text size="sm" c="dimmed">
                        none asked
                      </Text>
                    )}
                    {survey.metrics.map((metric) => (
                      <Short key={`${metric.key} ${metric.nature}`} metric={metric} />
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Section>
      <Text size="xs" c="dimmed" mt="md">
        NPS and Net Promoter are registered marks of Bain &amp; Company, NICE Systems, and Fred Reichheld.
      </Text>
    </>
  );
}

function Short({ metric }: { readonly metric: Metric }) {
  return (
    <>
      <Text size="sm" fw={550}>
        {nameOfMetric(metric)} {writtenFigure(metric)}
      </Text>
      <Text size="xs" c="dimmed">
        ± {metric.marginOfError.toFixed(0)}, n = {metric.n}
        {metric.lowBase && ', low base'}
      </Text>
    </>
  );
}
