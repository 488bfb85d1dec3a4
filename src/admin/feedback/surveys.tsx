import { Anchor, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FeedbackSummary, MetricLine } from '../api.ts';
import { Listed } from '../parts/listed.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { useMetrics, useQuality, useQuestions } from './figures.ts';
import { metricPath } from './metric-address.ts';
import { useMetricWords } from './metric-words.ts';
import { useFeedback } from './response-queries.ts';

type Asked = NonNullable<ReturnType<typeof useQuestions>['data']>[number];
type Survey = FeedbackSummary['surveys'][number];

/** Every survey with its questions, what each counts for, and what of it could not be counted. */
export function SurveysPage() {
  const { t } = useTranslation('feedback');
  const questions = useQuestions();
  const surveys = useFeedback().data?.surveys ?? [];
  return (
    <Page title={t('bindings.title')} about={t('bindings.about')} back={{ to: '/feedback', label: t('title') }}>
      <Loaded query={questions} waiting={<Waiting rows={2} height={220} />}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t('bindings.none')} action={<NextStep to="connect" />}>
              {t('bindings.noneAbout')}
            </Empty>
          ) : (
            surveys.map((survey) => (
              <SurveyQuestions
                key={`${survey.connection.id} ${survey.surveyId}`}
                survey={survey}
                questions={all.filter((asked) => isOf(survey, asked))}
              />
            ))
          )
        }
      </Loaded>
    </Page>
  );
}

const isOf = (survey: Survey, asked: { readonly connection: { readonly id: string }; readonly surveyId: string }): boolean =>
  asked.connection.id === survey.connection.id && asked.surveyId === survey.surveyId;

function SurveyQuestions({ survey, questions }: { readonly survey: Survey; readonly questions: readonly Asked[] }) {
  const { t } = useTranslation('feedback');
  if (questions.length === 0) return null;
  return (
    <Section title={survey.surveyName} about={survey.connection.name}>
      <Listed figures={2} label={survey.surveyName} heads={[t('bindings.question'), t('bindings.counts'), t('trend.answers')]}>
        {questions.map((asked) => (
          <Question key={asked.questionId} survey={survey} asked={asked} />
        ))}
      </Listed>
    </Section>
  );
}

function Question({ survey, asked }: { readonly survey: Survey; readonly asked: Asked }) {
  const { t } = useTranslation('feedback');
  const counted = useMetrics({ by: 'connection,survey,question' }).data?.items ?? [];
  const rejected = (useQuality().data ?? []).filter((one) => isOf(survey, one) && isNamed(asked, one.question));
  const own = counted.filter(
    ({ group }) => group.connection === survey.connection.id && group.survey === survey.surveyId && isNamed(asked, group.question),
  );
  const [latest] = asked.wordings;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} className="value" maw={420}>
        {asked.scale === null
          ? (latest?.text ?? asked.questionId)
          : t('responses.scale', { question: latest?.text ?? asked.questionId, ...asked.scale })}
        {asked.wordings.length > 1 && (
          <Text size="xs" c="dimmed">
            {t('bindings.wordings', { count: asked.wordings.length })}
          </Text>
        )}
        {rejected.map(({ reason, count }) => (
          <Text key={reason} size="xs" c="var(--mantine-color-error)">
            {t('bindings.notCounted', { count, reason })}
          </Text>
        ))}
      </Table.Th>
      <Table.Td ta="right">
        {own.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('bindings.nothing')}
          </Text>
        ) : (
          own.map((line) => <Bound key={`${line.key} ${line.nature}`} line={line} />)
        )}
      </Table.Td>
      <Table.Td ta="right">{own.length > 0 && t('trend.n', { count: own.reduce((sum, { n }) => sum + n, 0) })}</Table.Td>
    </Table.Tr>
  );
}

function Bound({ line }: { readonly line: MetricLine }) {
  const words = useMetricWords();
  return (
    <Anchor component={Link} to={metricPath(line)} size="sm" display="block">
      {words.name(line)}
    </Anchor>
  );
}

/** Mappings name a question by its id or by its author’s name for it. */
const isNamed = ({ questionId, ref }: Asked, name: string | null | undefined): boolean =>
  name !== null && name !== undefined && (questionId === name || ref === name);
