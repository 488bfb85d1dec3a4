import { Alert, Anchor, Grid, Stack, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { RecordDetail } from '../api.ts';
import { ResponseItem } from '../feedback/response-item.tsx';
import { useNames } from '../names.ts';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { Ago, pathOf } from '../parts/small.tsx';
import { useRecord } from '../queries.ts';
import { Journal } from './journal.tsx';
import { RecordSystems } from './record-systems.tsx';
import { RecordValues } from './record-values.tsx';

/** One person or company: every value with where it came from, each system, the responses, and the journal. */
export function RecordPage() {
  const { t } = useTranslation('records');
  const { id = '' } = useParams();
  const record = useRecord(id);
  if (record.data !== undefined) return <Shown record={record.data} />;
  return (
    <Page title={t('one')}>
      <Loaded query={record} waiting={<Waiting rows={4} height={120} />}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Shown({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation('records');
  const names = useNames();
  const isPerson = record.object === 'contact';
  const list = pathOf(record.object, '').replace(/\/$/, '');
  return (
    <Page
      title={record.title}
      back={{ to: list, label: names.objects(record.object) }}
      about={<Trans t={t} i18nKey="changed" components={{ at: <Ago at={record.updatedAt} />, since: <Ago at={record.createdAt} /> }} />}
    >
      {record.mergedInto !== null && (
        <Alert color="gray">
          <Trans
            t={t}
            i18nKey="merged"
            components={{ a: <Anchor component={Link} to={pathOf(record.object, record.mergedInto)} underline="always" /> }}
          />
        </Alert>
      )}
      {record.openHolds > 0 && (
        <div className="note warn">
          <Text size="sm">
            <Trans
              t={t}
              i18nKey="decide"
              count={record.openHolds}
              components={{ a: <Anchor component={Link} to={`/decisions?record=${record.id}`} size="sm" underline="always" /> }}
            />
          </Text>
        </div>
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <RecordValues record={record} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <Section title={t('systems')}>
              <RecordSystems record={record} />
            </Section>
            {isPerson && (
              <Section title={names.objects('response')}>
                <Responses record={record} />
              </Section>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
      <Section title={t('timeline.title')} about={t('timeline.about')}>
        <Journal recordId={record.id} />
      </Section>
    </Page>
  );
}

const FEW = 5;

function Responses({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation('records');
  const { items } = record.responses;
  if (items.length === 0) return <Empty title={t('noResponses')}>{t('noResponsesAbout')}</Empty>;
  return (
    <Stack gap="xs">
      <div className="card rows">
        {items.slice(0, FEW).map((response) => (
          <ResponseItem key={response.id} response={response} />
        ))}
      </div>
      {items.length > FEW && (
        <Anchor component={Link} to={`/responses?record=${record.id}`} size="sm" lh="24px">
          {t('allResponses')}
        </Anchor>
      )}
    </Stack>
  );
}
