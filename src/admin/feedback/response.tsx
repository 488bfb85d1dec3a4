import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { ResponseDetail } from '../api.ts';
import { spaced } from '../names.ts';
import { Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { Ago, Shown } from '../parts/small.tsx';
import { Attaching } from './attaching.tsx';
import { Erasing } from './erasing.tsx';
import { ScoreChip } from './response-item.tsx';
import { useResponse } from './response-queries.ts';

/** One response: whose it is, and every question with its answer. */
export function ResponsePage() {
  const { t } = useTranslation('feedback');
  const { id = '' } = useParams();
  const response = useResponse(id);
  return (
    <Page
      title={response.data?.surveyName ?? t('responses.one')}
      back={{ to: '/responses', label: t('responses.title') }}
      width={860}
      about={
        response.data && (
          <>
            {response.data.connection.name} · <Ago at={response.data.submittedAt ?? response.data.seenAt} />
            {response.data.channel !== null && ` · ${t('responses.by', { channel: response.data.channel })}`}
            {response.data.language !== null && ` · ${response.data.language}`}
          </>
        )
      }
    >
      <Loaded query={response} waiting={<Waiting rows={4} height={72} />}>
        {(data) => <Whole response={data} />}
      </Loaded>
    </Page>
  );
}

function Whole({ response }: { readonly response: ResponseDetail }) {
  const { t } = useTranslation('feedback');
  const keys = Object.entries(response.keys).filter(([, value]) => value !== null && value !== '');
  return (
    <>
      {response.scores.length > 0 && (
        <Group gap={6}>
          {response.scores.map((score) => (
            <ScoreChip key={`${score.metric} ${score.question}`} score={score} />
          ))}
        </Group>
      )}
      <Attaching response={response} />
      <Section title={t('responses.answers')}>
        {response.answers.length === 0 ? (
          <div className="note">
            <Text size="sm">{t('responses.noAnswers')}</Text>
          </div>
        ) : (
          <div className="card rows">
            {response.answers.map(({ question, value }) => (
              <Stack key={question.id} gap={2} px="md" py="sm">
                <Text size="sm" c="dimmed" className="value">
                  {question.scale === null ? question.text : t('responses.scale', { question: question.text, ...question.scale })}
                </Text>
                <Text size="sm" fw={500} component="div">
                  <Shown value={value} />
                </Text>
              </Stack>
            ))}
          </div>
        )}
        {response.rejected.map(({ question, reason }) => (
          <Text key={question} size="sm" className="note warn value">
            {t('responses.notCounted', { reason, question })}
          </Text>
        ))}
      </Section>
      {keys.length > 0 && (
        <Section title={t('responses.keys')} about={t('responses.keysAbout')}>
          <div className="card rows">
            {keys.map(([name, value]) => (
              <div key={name} className="field">
                <Text size="sm" c="dimmed" className="value">
                  {spaced(name.replace(':', ': '))}
                </Text>
                <Text size="sm" component="div">
                  <Shown value={value} />
                </Text>
              </div>
            ))}
          </div>
        </Section>
      )}
      <Erasing response={response} />
    </>
  );
}
