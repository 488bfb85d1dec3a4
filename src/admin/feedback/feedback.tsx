import { Anchor, SimpleGrid, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FeedbackSummary } from '../api.ts';
import { useFormat } from '../format.ts';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { useFeedback } from '../queries.ts';
import { CesFigure, CsatFigure, NpsFigure } from './score-figures.tsx';

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
  return <Empty title={t('none')}>{t('noneAbout')}</Empty>;
}

const COLUMNS = ['responsesOf', 'unmatchedOf', 'nps', 'csat', 'ces'] as const;

function Scores({ summary }: { readonly summary: FeedbackSummary }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const { overall, surveys } = summary;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NpsFigure nps={overall.nps} />
        <CsatFigure csat={overall.csat} />
        <CesFigure ces={overall.ces} />
      </SimpleGrid>
      <Section title={t('surveys')}>
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
                    <Anchor component={Link} to={`/responses?survey=${encodeURIComponent(survey.surveyId)}`} size="sm" className="value">
                      {survey.surveyName}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {survey.connection.name}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">{format.count(survey.responses)}</Table.Td>
                  <Table.Td ta="right">{format.count(survey.unmatched)}</Table.Td>
                  <Table.Td ta="right">
                    <Short figure={survey.nps} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Short figure={survey.csat} unit="percent" />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Short figure={survey.ces?.easy ?? null} unit="percentEasy" />
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

type ShortProps = { readonly figure: Figure | null; readonly unit?: 'percent' | 'percentEasy' };

function Short({ figure, unit }: ShortProps) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  if (figure === null)
    return (
      <Text size="sm" c="dimmed">
        {t('notAsked')}
      </Text>
    );
  return (
    <>
      <Text size="sm" fw={550}>
        {unit === undefined ? format.number(figure.shown) : t(unit, { score: format.number(figure.shown) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t(figure.lowBase ? 'marginLow' : 'margin', { margin: format.fixed(figure.marginOfError, 0), n: format.count(figure.n) })}
      </Text>
    </>
  );
}
