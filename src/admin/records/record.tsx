import { Alert, Anchor, Grid, Stack, Text } from '@mantine/core';
import { Link, useParams } from 'react-router';
import type { RecordDetail } from '../api.ts';
import { ResponseItem } from '../feedback/response-item.tsx';
import { Empty, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { Ago, pathOf } from '../parts/small.tsx';
import { useRecord } from '../queries.ts';
import { many, pluralOf } from '../words.ts';
import { Journal } from './journal.tsx';
import { RecordSystems } from './record-systems.tsx';
import { RecordValues } from './record-values.tsx';

/** One person or company: every value with where it came from, each system, the responses, and the journal. */
export function RecordPage() {
  const { id = '' } = useParams();
  const record = useRecord(id);
  if (record.data !== undefined) return <Shown record={record.data} />;
  return (
    <Page title="Record">
      <Loaded query={record} waiting={<Waiting rows={4} height={120} />}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Shown({ record }: { readonly record: RecordDetail }) {
  const isPerson = record.object === 'contact';
  const list = pathOf(record.object, '').replace(/\/$/, '');
  return (
    <Page
      title={record.title}
      back={{ to: list, label: pluralOf(record.object) }}
      about={
        <>
          Changed <Ago at={record.updatedAt} />, first seen <Ago at={record.createdAt} />
        </>
      }
    >
      {record.mergedInto !== null && (
        <Alert color="gray">
          This record was merged into{' '}
          <Anchor component={Link} to={pathOf(record.object, record.mergedInto)} underline="always">
            another one
          </Anchor>
          ; it is kept for its history.
        </Alert>
      )}
      {record.openHolds > 0 && (
        <div className="note warn">
          <Text size="sm">
            {many(record.openHolds, 'decision')} about this record {record.openHolds === 1 ? 'waits' : 'wait'} for a person.{' '}
            <Anchor component={Link} to={`/holds?record=${record.id}`} size="sm" underline="always">
              Decide
            </Anchor>
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
            <Section title="Systems">
              <RecordSystems record={record} />
            </Section>
            {isPerson && (
              <Section title="Responses">
                <Responses record={record} />
              </Section>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
      <Section title="Journal" about="Every change, the newest first. Lines are only ever added.">
        <Journal recordId={record.id} />
      </Section>
    </Page>
  );
}

const FEW = 5;

function Responses({ record }: { readonly record: RecordDetail }) {
  const { items } = record.responses;
  if (items.length === 0)
    return <Empty title="No responses">Survey answers of this person appear here once they are matched by id, e-mail, or phone.</Empty>;
  return (
    <Stack gap="xs">
      <div className="card rows">
        {items.slice(0, FEW).map((response) => (
          <ResponseItem key={response.id} response={response} />
        ))}
      </div>
      {items.length > FEW && (
        <Anchor component={Link} to={`/responses?record=${record.id}`} size="sm" lh="24px">
          Show all responses
        </Anchor>
      )}
    </Stack>
  );
}
