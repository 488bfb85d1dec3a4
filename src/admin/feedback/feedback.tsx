import { Anchor, SimpleGrid, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { FeedbackSummary } from '../api.ts';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { useFeedback } from '../queries.ts';
import { CesFigure, CsatFigure, NpsFigure } from './score-figures.tsx';

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
        <NpsFigure nps={overall.nps} />
        <CsatFigure csat={overall.csat} />
        <CesFigure ces={overall.ces} />
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
                {['Responses', 'Unmatched', 'NPS', 'CSAT', 'CES'].map((name) => (
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
                    <Short figure={survey.nps} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Short figure={survey.csat} unit=" %" />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Short figure={survey.ces?.easy ?? null} unit=" % easy" />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Section>
    </>
  );
}

type Figure = { readonly shown: number; readonly n: number; readonly marginOfError: number; readonly lowBase: boolean };

function Short({ figure, unit = '' }: { readonly figure: Figure | null; readonly unit?: string }) {
  if (figure === null)
    return (
      <Text size="sm" c="dimmed">
        not asked
      </Text>
    );
  return (
    <>
      <Text size="sm" fw={550}>
        {figure.shown}
        {unit}
      </Text>
      <Text size="xs" c="dimmed">
        ± {figure.marginOfError.toFixed(0)}, n = {figure.n}
        {figure.lowBase && ', low base'}
      </Text>
    </>
  );
}
