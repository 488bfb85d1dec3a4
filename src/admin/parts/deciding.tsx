import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Decision, type Hold } from '../api.ts';
import { useRecord } from '../queries.ts';
import { useAct } from '../session.tsx';
import { candidatesIn, valueIn } from './hold-values.ts';
import { RecordLink } from './small.tsx';

type Decide = { readonly mutate: (decision: Decision) => void; readonly isPending: boolean };

/** The buttons of a hold: only those that its kind can be decided by. */
export function Deciding({ hold }: { readonly hold: Hold }) {
  const decide = useAct(async (decision: Decision) => api.holds[':id'].decide.$post({ param: { id: hold.id }, json: decision }), {
    done: () => 'Decided',
  });
  switch (hold.kind) {
    case 'conflict':
      return <ConflictButtons hold={hold} decide={decide} />;
    case 'ambiguous':
      return <MatchButtons hold={hold} decide={decide} />;
    case 'refused_field':
      return <OtherValue hold={hold} decide={decide} />;
    case 'merge':
      return <MergeButtons hold={hold} decide={decide} />;
    case 'refused_record':
    case 'brake':
    case 'removal':
    case 'flip':
      return (
        <Group gap="xs">
          <Dismiss decide={decide} />
        </Group>
      );
  }
}

type Props = { readonly hold: Hold; readonly decide: Decide };

function ConflictButtons({ hold, decide }: Props) {
  const system = hold.connection?.name ?? 'the system';
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ take: 'hub' })}>
        Keep Syncline’s
      </Button>
      <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ take: 'remote' })}>
        Take {system}’s
      </Button>
    </Group>
  );
}

function MatchButtons({ hold, decide }: Props) {
  return (
    <Stack gap="xs">
      {candidatesIn(hold).map((id) => (
        <Candidate key={id} id={id} decide={decide} />
      ))}
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ create: true })}>
          None of these: make a new record
        </Button>
        <Dismiss decide={decide} />
      </Group>
    </Stack>
  );
}

/** Nothing is merged, here or over there, before somebody says so. */
function MergeButtons({ hold, decide }: Props) {
  const isReleased = typeof hold.detail.releasedBy === 'string';
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" disabled={decide.isPending || isReleased} onClick={() => decide.mutate({ merge: true })}>
        {hold.connection === null ? 'They are one: merge them' : `Merge the two in ${hold.connection.name}`}
      </Button>
      <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ dismiss: true })}>
        They stay two
      </Button>
    </Group>
  );
}

function Candidate({ id, decide }: { readonly id: string; readonly decide: Decide }) {
  const { data } = useRecord(id);
  const title = data?.title ?? 'a record';
  return (
    <Group className="note" justify="space-between" gap="xs">
      <div>
        <Text size="sm" component="div">
          {data === undefined ? id : <RecordLink record={data} />}
        </Text>
        <Text size="xs" c="dimmed" className="value">
          {[data?.fields.email, data?.fields.phone, data?.fields.domain, data?.fields.city]
            .filter((value) => typeof value === 'string')
            .join(' · ')}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        disabled={decide.isPending}
        onClick={() => decide.mutate({ link: id })}
        aria-label={`This is the one: ${title}`}
      >
        This is the one
      </Button>
    </Group>
  );
}

function OtherValue({ hold, decide }: Props) {
  const refused = valueIn(hold, 'value');
  const [text, setText] = useState(typeof refused === 'string' || typeof refused === 'number' ? String(refused) : '');
  const value = typeof refused === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        size="xs"
        label="Another value, for all systems"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        flex="1 1 12rem"
      />
      <Button
        size="xs"
        variant="default"
        disabled={decide.isPending || text.trim() === '' || value === refused}
        onClick={() => decide.mutate({ value })}
      >
        Use this value
      </Button>
      <Dismiss decide={decide} />
    </Group>
  );
}

function Dismiss({ decide }: { readonly decide: Decide }) {
  return (
    <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ dismiss: true })}>
      Try again
    </Button>
  );
}
