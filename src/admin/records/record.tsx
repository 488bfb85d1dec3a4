import { Alert, Anchor, Grid, Stack, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { type RecordDetail, Refusal } from '../api.ts';
import { useNames } from '../names.ts';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { Ago, pathOf } from '../parts/small.tsx';
import { useRecord } from '../queries.ts';
import { AsOf, AsOfNote, BackToNow } from './as-of.tsx';
import { RecordSystems } from './record-systems.tsx';
import { RecordValues } from './record-values.tsx';
import { Related } from './related.tsx';
import { Timeline } from './timeline.tsx';

/** One person, company, or deal: every value with where it came from, each system, what belongs to it, and all that happened. */
export function RecordPage() {
  const { t } = useTranslation('records');
  const { id = '' } = useParams();
  const at = useSearchParams()[0].get('at');
  const record = useRecord(id, at);
  if (record.data !== undefined) return <Shown record={record.data} at={at} />;
  const isBefore = at !== null && record.error instanceof Refusal && record.error.status === 404;
  return (
    <Page title={t('one')}>
      {isBefore ? (
        <Empty title={t('asOf.unknown')} action={<BackToNow />}>
          {null}
        </Empty>
      ) : (
        <Loaded query={record} waiting={<Waiting rows={4} height={120} />}>
          {() => null}
        </Loaded>
      )}
    </Page>
  );
}

function Shown({ record, at }: { readonly record: RecordDetail; readonly at: string | null }) {
  const { t } = useTranslation('records');
  const names = useNames();
  const list = pathOf(record.object, '').replace(/\/$/, '');
  return (
    <Page
      title={record.title}
      {...(list.startsWith('/records/') ? {} : { back: { to: list, label: names.objects(record.object) } })}
      about={<Trans t={t} i18nKey="changed" components={{ at: <Ago at={record.updatedAt} />, since: <Ago at={record.createdAt} /> }} />}
      actions={<AsOf record={record} at={at} />}
    >
      {at !== null && <AsOfNote at={at} />}
      <Notes record={record} />
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
            <Related record={record} />
          </Stack>
        </Grid.Col>
      </Grid>
      <Section title={t('timeline.title')} about={t('timeline.about')}>
        <Timeline recordId={record.id} until={at} />
      </Section>
    </Page>
  );
}

/** What has to be known before anything else: that the record is merged, out of use, or waits for a decision. */
function Notes({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation('records');
  return (
    <>
      {record.mergedInto !== null && (
        <Alert color="gray">
          <Trans
            t={t}
            i18nKey="merged"
            components={{ a: <Anchor component={Link} to={pathOf(record.object, record.mergedInto)} underline="always" /> }}
          />
        </Alert>
      )}
      {record.archived !== null && (
        <div className="note">
          <Text size="sm" className="value">
            {t('archived', { reason: record.archived.reason })}
          </Text>
        </div>
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
    </>
  );
}
