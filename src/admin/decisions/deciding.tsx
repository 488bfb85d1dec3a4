import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, type Decision, type Hold } from '../api.ts';
import { RecordLink } from '../parts/small.tsx';
import { useRecord } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';
import { candidatesIn, examplesIn, valueIn, writersIn } from './hold-values.ts';

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
    case 'brake':
      return <BrakeButtons hold={hold} decide={decide} />;
    case 'flip':
      return <FlipButtons hold={hold} decide={decide} />;
    case 'unread':
      return (
        <Group gap="xs">
          <Dismiss decide={decide} words="Seen" />
        </Group>
      );
    case 'refused_record':
    case 'removal':
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

/** What a brake holds goes on, or is thrown away: what becomes of it then stands on the button. */
function BrakeButtons({ hold, decide }: Props) {
  const mayRelease = useMay('admin');
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          Such as
        </Text>
        {examplesIn(hold).map((id) => (
          <ExampleLink key={id} id={id} />
        ))}
      </Group>
      {mayRelease ? (
        <Group gap="xs">
          <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ release: true })}>
            It is meant: release it
          </Button>
          <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ keep: true })}>
            {keepWords(String(hold.detail.what), hold.connection?.name ?? 'the system')}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          An admin decides this.
        </Text>
      )}
    </Stack>
  );
}

function keepWords(what: string, system: string): string {
  switch (what) {
    case 'removals_in':
      return 'Keep them here and elsewhere';
    case 'blanks_in':
      return `Write the values back to ${system}`;
    case 'merges_in':
      return 'Keep them apart here';
    case 'archives_in':
      return 'Keep them in use';
    case 'removals_out':
      return `Keep them in ${system}`;
    default:
      return `Take the values from ${system} again`;
  }
}

function ExampleLink({ id }: { readonly id: string }) {
  const { data } = useRecord(id);
  return (
    <Text size="xs" component="div">
      {data === undefined ? id : <RecordLink record={data} />}
    </Text>
  );
}

/** A frozen field flows again as the rules say, with what the hub holds, or with another value. */
function FlipButtons({ hold, decide }: Props) {
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ release: true })}>
          Let it flow again
        </Button>
        <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ keep: true })}>
          Keep Syncline’s for all
        </Button>
      </Group>
      <FlipValues hold={hold} decide={decide} />
    </Stack>
  );
}

/** The values of the two writers, each to be taken for all systems. */
function FlipValues({ hold, decide }: Props) {
  return (
    <Group gap="xs">
      {writersIn(hold).map(({ system, value }) => (
        <Button key={system} size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ value })}>
          {system}’s for all: {value === null ? 'blank' : String(value)}
        </Button>
      ))}
    </Group>
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

function Dismiss({ decide, words = 'Try again' }: { readonly decide: Decide; readonly words?: string }) {
  return (
    <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ dismiss: true })}>
      {words}
    </Button>
  );
}
