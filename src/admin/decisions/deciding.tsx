import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Decision, type Hold } from '../api.ts';
import { ExtendFor } from '../choices/extend.tsx';
import { Always } from '../mappings/always.tsx';
import { RecordLink } from '../parts/small.tsx';
import { useRecord } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';
import { candidatesIn, examplesIn, valueIn, writersIn } from './hold-values.ts';
import { ToMapping } from './to-mapping.tsx';

type Decide = { readonly mutate: (decision: Decision) => void; readonly isPending: boolean };

/** The buttons of a hold: only those that its kind can be decided by. */
export function Deciding({ hold }: { readonly hold: Hold }) {
  const { t } = useTranslation('decisions');
  const decide = useAct(async (decision: Decision) => api.holds[':id'].decide.$post({ param: { id: hold.id }, json: decision }), {
    done: () => t('decided'),
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
          <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ again: true })}>
            {t('takeAgain')}
          </Button>
          <Dismiss decide={decide} words={t('seen')} />
        </Group>
      );
    case 'removal':
      return <RemovalButtons hold={hold} decide={decide} />;
    case 'refused_record':
      return (
        <Group gap="xs">
          <Dismiss decide={decide} />
        </Group>
      );
  }
}

type Props = { readonly hold: Hold; readonly decide: Decide };

function ConflictButtons({ hold, decide }: Props) {
  const { t } = useTranslation(['decisions', 'shared']);
  const system = hold.connection?.name ?? t('shared:theSystem');
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ take: 'hub' })}>
          {t('keepOurs')}
        </Button>
        <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ take: 'remote' })}>
          {t('takeTheirs', { system })}
        </Button>
      </Group>
      <Group gap="xs">
        <Always hold={hold} wins="hub" />
        <Always hold={hold} wins="remote" />
      </Group>
    </Stack>
  );
}

function MatchButtons({ hold, decide }: Props) {
  const { t } = useTranslation('decisions');
  return (
    <Stack gap="xs">
      {hold.stranger !== null && (
        <Text size="sm" className="value">
          {t('strangerIs', { system: hold.connection?.name ?? '', title: hold.stranger.title })}{' '}
          <Text span size="xs" c="dimmed">
            {known(hold.stranger.fields)}
          </Text>
        </Text>
      )}
      {candidatesIn(hold).map((id) => (
        <Candidate key={id} id={id} decide={decide} />
      ))}
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ create: true })}>
          {t('makeNew')}
        </Button>
        <Dismiss decide={decide} />
      </Group>
    </Stack>
  );
}

/** What a brake holds goes on, or is thrown away: what becomes of it then stands on the button. */
function BrakeButtons({ hold, decide }: Props) {
  const { t } = useTranslation(['decisions', 'shared']);
  const mayRelease = useMay('admin');
  const what = KEPT.find((one) => one === hold.detail.what) ?? 'other';
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {t('suchAs')}
        </Text>
        {examplesIn(hold).map((id) => (
          <ExampleLink key={id} id={id} />
        ))}
      </Group>
      {mayRelease ? (
        <Group gap="xs">
          <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ release: true })}>
            {t('release')}
          </Button>
          <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ keep: true })}>
            {t(`keep.${what}`, { system: hold.connection?.name ?? t('shared:theSystem') })}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {t('adminDecides')}
        </Text>
      )}
    </Stack>
  );
}

const KEPT = ['removals_in', 'blanks_in', 'merges_in', 'archives_in', 'removals_out'] as const;

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
  const { t } = useTranslation('decisions');
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate({ release: true })}>
          {t('flow')}
        </Button>
        <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ keep: true })}>
          {t('oursForAll')}
        </Button>
      </Group>
      <FlipValues hold={hold} decide={decide} />
    </Stack>
  );
}

/** The values of the two writers, each to be taken for all systems. */
function FlipValues({ hold, decide }: Props) {
  const { t } = useTranslation('decisions');
  return (
    <Group gap="xs">
      {writersIn(hold).map(({ system, value }) => (
        <Button key={system} size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ value })}>
          {t('forAll', { system, value: value === null ? t('blank') : String(value) })}
        </Button>
      ))}
    </Group>
  );
}

const REMOVALS = ['keep', 'archive', 'remove', 'recreate'] as const;

/** What a removal over there means here and elsewhere; once the hub's own record is removed, only whether this system follows. */
function RemovalButtons({ hold, decide }: Props) {
  const { t } = useTranslation('decisions');
  const follows = hold.detail.event === 'to_be_removed' || hold.detail.event === 'edited_after_removal';
  const offered = REMOVALS.filter((each) => !follows || each === 'keep' || each === 'remove');
  return (
    <Group gap="xs">
      {offered.map((removal, place) => (
        <Button
          key={removal}
          size="xs"
          variant={place === 0 ? 'default' : 'subtle'}
          disabled={decide.isPending}
          onClick={() => decide.mutate({ removal })}
        >
          {t(`removal.${removal}`)}
        </Button>
      ))}
    </Group>
  );
}

/** Nothing is merged, here or over there, before somebody says so. */
function MergeButtons({ hold, decide }: Props) {
  const { t } = useTranslation('decisions');
  const isReleased = typeof hold.detail.releasedBy === 'string';
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" disabled={decide.isPending || isReleased} onClick={() => decide.mutate({ merge: true })}>
        {hold.connection === null ? t('merge') : t('mergeThere', { system: hold.connection.name })}
      </Button>
      <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ dismiss: true })}>
        {t('stayTwo')}
      </Button>
    </Group>
  );
}

/** What people are told apart by at a glance. */
const known = (fields: Readonly<Record<string, unknown>>): string =>
  [fields.email, fields.phone, fields.mobile_phone, fields.domain, fields.city].filter((value) => typeof value === 'string').join(' · ');

function Candidate({ id, decide }: { readonly id: string; readonly decide: Decide }) {
  const { data } = useRecord(id);
  const { t } = useTranslation('decisions');
  const title = data?.title ?? t('aRecord');
  return (
    <Group className="note" justify="space-between" gap="xs">
      <div>
        <Text size="sm" component="div">
          {data === undefined ? id : <RecordLink record={data} />}
        </Text>
        <Text size="xs" c="dimmed" className="value">
          {known(data?.fields ?? {})}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        disabled={decide.isPending}
        onClick={() => decide.mutate({ link: id })}
        aria-label={t('thisOneOf', { title })}
      >
        {t('thisOne')}
      </Button>
    </Group>
  );
}

function OtherValue({ hold, decide }: Props) {
  const { t } = useTranslation('decisions');
  const refused = valueIn(hold, 'value');
  const [text, setText] = useState(typeof refused === 'string' || typeof refused === 'number' ? String(refused) : '');
  const value = typeof refused === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
  return (
    <Group gap="xs" align="flex-end">
      <TextInput size="xs" label={t('otherValue')} value={text} onChange={(event) => setText(event.currentTarget.value)} flex="1 1 12rem" />
      <Button
        size="xs"
        variant="default"
        disabled={decide.isPending || text.trim() === '' || value === refused}
        onClick={() => decide.mutate({ value })}
      >
        {t('useValue')}
      </Button>
      <ExtendFor hold={hold} />
      <ToMapping hold={hold} />
      <Dismiss decide={decide} />
    </Group>
  );
}

function Dismiss({ decide, words }: { readonly decide: Decide; readonly words?: string }) {
  const { t } = useTranslation('decisions');
  return (
    <Button size="xs" variant="subtle" disabled={decide.isPending} onClick={() => decide.mutate({ dismiss: true })}>
      {words ?? t('dismiss')}
    </Button>
  );
}
