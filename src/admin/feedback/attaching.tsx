import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { api, type RecordRow, type ResponseDetail } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { RecordLink } from '../parts/small.tsx';
import { useRecords } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';

const attach = (id: string, recordId: string) => api.responses[':id'].attach.$post({ param: { id }, json: { recordId } });
const detach = (id: string) => api.responses[':id'].detach.$post({ param: { id } });

/** Whose response it is: shown, taken off, or found by search. Every step can be undone from its message. */
export function Attaching({ response }: { readonly response: ResponseDetail }) {
  return (
    <Section title="Contact">
      {response.recordId === null ? <Unmatched response={response} /> : <Attached response={response} recordId={response.recordId} />}
    </Section>
  );
}

function Attached({ response, recordId }: { readonly response: ResponseDetail; readonly recordId: string }) {
  const mayChange = useMay('steward');
  const again = useAct(async () => attach(response.id, recordId));
  const off = useAct(async () => detach(response.id), {
    onDone: () => tell('The response is taken off the contact', () => again.mutate(undefined)),
  });
  const title = response.recordTitle ?? 'without a name';
  return (
    <Group className="card" p="md" justify="space-between">
      <div>
        <Text size="sm" component="div" fw={550}>
          <RecordLink record={{ id: recordId, object: 'contact', title }} />
        </Text>
        <Text size="xs" c="dimmed">
          {evidenceIn(response.evidence)}
        </Text>
      </div>
      {mayChange && (
        <Button size="xs" variant="default" loading={off.isPending} onClick={() => off.mutate(undefined)}>
          Not this person: detach
        </Button>
      )}
    </Group>
  );
}

function Unmatched({ response }: { readonly response: ResponseDetail }) {
  const mayAttach = useMay('steward');
  const [text, setText] = useState('');
  const found = useRecords('contact', text, text !== '');
  const items = text === '' ? [] : (found.data?.pages[0]?.items ?? []);
  const off = useAct(async () => detach(response.id));
  const on = useAct(async (record: RecordRow) => attach(response.id, record.id), {
    onDone: (record) => tell(`The response belongs to ${record.title} now`, () => off.mutate(undefined)),
  });
  return (
    <Stack className="card" p="md" gap="sm">
      <Text size="sm">
        {response.attachment === 'unmatched'
          ? 'Nobody matches it yet. It is attached by itself when the contact appears'
          : 'It was taken off its contact, and stays so until somebody attaches it'}
        {mayAttach ? '; or say whose it is:' : '.'}
      </Text>
      {mayAttach && (
        <SearchBox label="Search the contact" placeholder="E-mail, phone, or the beginning of a name" value="" onSearch={setText} />
      )}
      {text !== '' && items.length === 0 && !found.isPending && (
        <Text size="sm" c="dimmed" role="status">
          Nobody is found for “{text}”.
        </Text>
      )}
      {items.slice(0, 8).map((record) => (
        <Group key={record.id} justify="space-between" gap="xs">
          <div>
            <Text size="sm" fw={550} className="value">
              {record.title}
            </Text>
            <Text size="xs" c="dimmed" className="value">
              {[record.fields.email, record.fields.phone].filter((value) => typeof value === 'string').join(' · ')}
            </Text>
          </div>
          <Button
            size="xs"
            variant="default"
            loading={on.isPending && on.variables.id === record.id}
            onClick={() => on.mutate(record)}
            aria-label={`Attach to ${record.title}`}
          >
            Attach
          </Button>
        </Group>
      ))}
    </Stack>
  );
}

function tell(words: string, undo: () => void): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" gap="xs">
        <span>{words}</span>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}

const BY: Readonly<Record<string, string>> = {
  id: 'Matched by an id',
  email: 'Matched by e-mail',
  phone: 'Matched by phone',
  hand: 'Attached by hand',
};

function evidenceIn(evidence: unknown): string {
  if (typeof evidence !== 'object' || evidence === null) return 'Attached';
  const by: unknown = Reflect.get(evidence, 'by');
  const from: unknown = Reflect.get(evidence, 'from');
  const words = typeof by === 'string' ? (BY[by] ?? `Matched by ${by}`) : 'Attached';
  return typeof from === 'string' && by !== 'hand' ? `${words} (${from})` : words;
}
