import { Anchor, Button, Checkbox, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, type FieldChoices, Refusal } from '../api.ts';
import { useMappings } from '../mappings/mapping-queries.ts';
import { useNames } from '../names.ts';
import { Loaded, Waiting } from '../parts/page.tsx';
import { useOverview } from '../queries.ts';
import { useAct } from '../session.tsx';
import { type FieldThere, useFieldChoices } from './choice-queries.ts';

type DialogProps = { readonly there: FieldThere; readonly onClose: () => void };

/** Extends a list over there: what is missing, under which labels it is added, and what comes of it. */
export function ExtendDialog({ there, onClose }: DialogProps) {
  const { t } = useTranslation(['choices', 'shared']);
  const { connectionId: id, object, field } = there;
  const add = useAct(
    async (wanted: readonly Choice[]) =>
      (await api.connections[':id'].choices.$post({ param: { id }, json: { object, field, add: [...wanted] } })).json(),
    { quiet: true },
  );
  const look = useFieldChoices(there, add.data === undefined);
  const known = add.data ?? look.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={known === undefined ? t('title') : <Title found={known} />}
      size="lg"
      closeButtonProps={{ 'aria-label': t('shared:close') }}
    >
      {add.data === undefined ? (
        <Loaded query={look} waiting={<Waiting rows={3} height={40} />}>
          {(found) => <Asked found={found} add={add} onClose={onClose} />}
        </Loaded>
      ) : (
        <Done found={add.data} onClose={onClose} />
      )}
    </Modal>
  );
}

function Title({ found }: Pick<Found, 'found'>) {
  const { t } = useTranslation('choices');
  return t('openAll', useSaid(found));
}

type Choice = { readonly value: string; readonly label: string };
type Adding = { readonly mutate: (wanted: readonly Choice[]) => void; readonly isPending: boolean; readonly error: Error | null };
type Found = { readonly found: FieldChoices; readonly onClose: () => void };

/** What is said of a field, in the reader's words. */
function useSaid({ connection, object, hubField, label }: FieldChoices) {
  const names = useNames();
  return { system: connection.name, objects: names.objects(object), field: names.field(hubField, label) };
}

function Asked({ found, add, onClose }: Found & { readonly add: Adding }) {
  const { t } = useTranslation(['choices', 'shared']);
  const said = useSaid(found);
  const missing = found.values.filter(({ there }) => !there);
  return (
    <Stack>
      <div>
        <Text size="xs" c="dimmed">
          {said.system} · {said.objects} · <code>{found.field}</code>
        </Text>
        {found.values.length > 0 && <Text size="sm">{t('about')}</Text>}
      </div>
      {found.closed !== null && <Closed closed={found.closed} />}
      {found.values.length === 0 && <Text size="sm">{t('nothing')}</Text>}
      {found.closed === null && missing.length > 0 ? (
        <Labels found={found} add={add} onClose={onClose} />
      ) : (
        <Group justify="flex-end">
          <MapInstead found={found} />
          <Button onClick={onClose} data-autofocus>
            {t('shared:close')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Closed({ closed: { because, reason } }: { readonly closed: NonNullable<FieldChoices['closed']> }) {
  const { t } = useTranslation('choices');
  return (
    <div className="note warn">
      <Text size="sm" fw={600}>
        {t('closedTitle')}
      </Text>
      <Text size="sm">{t(`closed.${because}`)}</Text>
      <Text size="xs" c="dimmed" className="value">
        {reason}.
      </Text>
    </div>
  );
}

/** The values to add, each under a label that can be changed. */
function Labels({ found, add, onClose }: Found & { readonly add: Adding }) {
  const { t } = useTranslation(['choices', 'shared']);
  const said = useSaid(found);
  const [labels, setLabels] = useState<Readonly<Record<string, string>>>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const missing = found.values.filter(({ there }) => !there);
  const wanted = missing.filter(({ value }) => !left.has(value)).map(({ value }) => ({ value, label: (labels[value] ?? value).trim() }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(wanted);
  };
  return (
    <form onSubmit={send}>
      <Stack>
        <ul className="card rows plain">
          {found.values.map((one) => (
            <li key={one.value} style={{ padding: '0.625rem 1rem' }}>
              <Row
                value={one}
                system={said.system}
                label={labels[one.value] ?? one.value}
                isTaken={!left.has(one.value)}
                onLabel={(label) => setLabels({ ...labels, [one.value]: label })}
                onTake={(take) => setLeft(new Set(take ? [...left].filter((value) => value !== one.value) : [...left, one.value]))}
              />
            </li>
          ))}
        </ul>
        <Happens found={found} records={Math.min(found.records, sumOf(missing.filter(({ value }) => !left.has(value))))} />
        {add.error !== null && <Refused error={add.error} found={found} />}
        <Group justify="flex-end">
          <MapInstead found={found} />
          <Button variant="default" onClick={onClose}>
            {t('shared:cancel')}
          </Button>
          <Button type="submit" loading={add.isPending} disabled={wanted.length === 0 || wanted.some(({ label }) => label === '')}>
            {t('add', said)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type RowProps = {
  readonly value: FieldChoices['values'][number];
  readonly system: string;
  readonly label: string;
  readonly isTaken: boolean;
  readonly onLabel: (label: string) => void;
  readonly onTake: (take: boolean) => void;
};

function Row({ value: { value, records, there }, system, label, isTaken, onLabel, onTake }: RowProps) {
  const { t } = useTranslation('choices');
  const waits = (
    <Text span size="xs" c="dimmed">
      {t('waits', { count: records })}
    </Text>
  );
  if (there)
    return (
      <Text size="sm" component="div">
        <span className="value">{value}</span> {waits}
        <Text size="xs">{t('there', { system })}</Text>
      </Text>
    );
  return (
    <Group gap="sm" align="flex-end">
      <Checkbox
        flex="1 1 10rem"
        checked={isTaken}
        onChange={(event) => onTake(event.currentTarget.checked)}
        label={
          <>
            <span className="value">{value}</span> {waits}
          </>
        }
      />
      <TextInput
        flex="1 1 12rem"
        size="xs"
        label={t('label', { system })}
        aria-label={t('labelOf', { value, system })}
        maxLength={LABEL_MAX}
        value={label}
        disabled={!isTaken}
        error={isTaken && label.trim() === '' ? t('blank') : null}
        onChange={(event) => onLabel(event.currentTarget.value)}
      />
    </Group>
  );
}
const LABEL_MAX = 255;

/** What adding means, before it is done. */
function Happens({ found, records }: { readonly found: FieldChoices; readonly records: number }) {
  const { t } = useTranslation('choices');
  const said = useSaid(found);
  return (
    <List size="sm" spacing={4}>
      <List.Item>{t('forAll', said)}</List.Item>
      <List.Item>{t('retries', { count: records })}</List.Item>
      {found.needs !== null && (
        <List.Item>
          {t('needs', said)} <code>{found.needs}</code>
        </List.Item>
      )}
      <List.Item>{t('stays', said)}</List.Item>
    </List>
  );
}

const sumOf = (values: FieldChoices['values']): number => values.reduce((sum, { records }) => sum + records, 0);

const NOT_ALLOWED = 'not_allowed';
// On a phone it would stand below what is seen.
const showWhole = (note: HTMLElement | null): void => note?.scrollIntoView({ block: 'nearest' });

function Refused({ error, found }: { readonly error: Error; readonly found: FieldChoices }) {
  const { t } = useTranslation(['choices', 'shared']);
  const { data } = useOverview();
  const connection = data?.connections.find(({ id }) => id === found.connection.id);
  const lacksRight = error instanceof Refusal && error.kind === NOT_ALLOWED && connection?.authKind === 'oauth2';
  return (
    <div className="note bad" role="alert" ref={showWhole}>
      <Text size="sm" fw={600}>
        {t('shared:failed')}
      </Text>
      <Text size="sm" className="value">
        {error.message}
      </Text>
      {lacksRight && (
        <Anchor component={Link} size="sm" to={`/connections/${found.connection.id}/reconnect?provision`}>
          {t('signInAgain')}
        </Anchor>
      )}
    </div>
  );
}

/** The way to the line of the mapping where a value is turned into a choice that is there. */
function MapInstead({ found: { connection, object, hubField } }: { readonly found: FieldChoices }) {
  const { t } = useTranslation('choices');
  const { data: all = [] } = useMappings();
  const mapping = all.findLast((one) => one.object === object && one.connections.some(({ id }) => id === connection.id));
  if (mapping === undefined) return null;
  return (
    <Button variant="subtle" component={Link} to={`/mappings/${mapping.name}?q=${encodeURIComponent(hubField)}`}>
      {t('mapInstead')}
    </Button>
  );
}

function Done({ found, onClose }: Found) {
  const { t } = useTranslation(['choices', 'shared']);
  const said = useSaid(found);
  return (
    <Stack>
      <div role="status">
        <Text size="sm">{found.added === 0 ? t('found', said) : t('done', { ...said, count: found.added })}</Text>
        <Text size="sm">{t('tried', { count: found.retried })}</Text>
      </div>
      <Group justify="flex-end">
        <Button ref={focusOn} onClick={onClose}>
          {t('shared:close')}
        </Button>
      </Group>
    </Stack>
  );
}

// What was focused is gone with the form: whoever goes by the keyboard is led on.
const focusOn = (button: HTMLButtonElement | null): void => button?.focus();
