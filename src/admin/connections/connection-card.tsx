import { Anchor, Button, Group, Stack, Switch, Text, Tooltip } from '@mantine/core';
import { Link } from 'react-router';
import { api, type ConnectionOverview, type ConnectorCard } from '../api.ts';
import { SyncIcon } from '../parts/icons.tsx';
import { Ago, Mark, State } from '../parts/small.tsx';
import { useFeedback } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';
import { stateOf, waitingIn } from '../words.ts';
import { ProgressLine } from './progress-line.tsx';
import { Trouble } from './trouble.tsx';

/** Switches a connection; the switch moves at once, and back when the hub refuses. */
export function EnableSwitch({
  connection,
}: {
  readonly connection: { readonly id: string; readonly name: string; readonly enabled: boolean };
}) {
  const mayChange = useMay('admin');
  const enable = useAct(async (enabled: boolean) => api.connections[':id'].$patch({ param: { id: connection.id }, json: { enabled } }));
  const isOn = enable.isPending ? enable.variables : connection.enabled;
  if (!mayChange) return null;
  return <Switch aria-label={`${connection.name} is on`} checked={isOn} onChange={(event) => enable.mutate(event.currentTarget.checked)} />;
}

// Still reached by keyboard, so that its tooltip can say why it does nothing.
const OFF = { 'data-disabled': true, 'aria-disabled': true } as const;

export function SyncNow({
  connection,
}: {
  readonly connection: { readonly id: string; readonly name: string; readonly enabled: boolean };
}) {
  const maySync = useMay('steward');
  const sync = useAct(async () => api.connections[':id'].sync.$post({ param: { id: connection.id } }), {
    done: () => `${connection.name}: looking for changes now`,
  });
  if (!maySync) return null;
  return (
    <Tooltip label="Switch it on first" disabled={connection.enabled}>
      <Button
        size="xs"
        variant="default"
        leftSection={<SyncIcon size={14} />}
        {...(connection.enabled ? {} : OFF)}
        aria-label={`Sync now: ${connection.name}`}
        loading={sync.isPending}
        onClick={() => connection.enabled && sync.mutate(undefined)}
      >
        Sync now
      </Button>
    </Tooltip>
  );
}

type CardProps = { readonly connection: ConnectionOverview; readonly system: string; readonly kind: ConnectorCard['kind'] };

/** One connection: its state in words, how fresh it is, what it holds, and the switch. */
export function ConnectionCard({ connection, system, kind }: CardProps) {
  return (
    <Stack className="card" p="md" gap="sm" component="article" aria-label={connection.name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Mark name={system} />
          <div style={{ minWidth: 0 }}>
            <Anchor component={Link} to={`/connections/${connection.id}`} fw={600} c="inherit" className="value">
              {connection.name}
            </Anchor>
            <Text size="xs" c="dimmed" className="value">
              {whose(connection, system)}
            </Text>
          </div>
        </Group>
        <EnableSwitch connection={connection} />
      </Group>
      {kind === 'survey' ? <SurveyFigures connection={connection} /> : <Figures connection={connection} />}
      <Trouble connection={connection} />
      <ProgressLine connectionId={connection.id} />
      <Group justify="space-between" mt="auto" gap="xs">
        <StateLine connection={connection} />
        <SyncNow connection={connection} />
      </Group>
    </Stack>
  );
}

/** Which system and whose account: the system is left out where the name says it. */
export function whose(connection: Pick<ConnectionOverview, 'name' | 'account'>, system: string): string {
  return (
    [connection.name === system ? null : system, connection.account?.name].filter((part) => typeof part === 'string').join(' · ') || system
  );
}

/** How a connection does, and how long ago it last looked. */
export function StateLine({ connection }: { readonly connection: ConnectionOverview }) {
  const { tone, words } = stateOf(connection);
  return (
    <Text size="sm" component="div">
      <State tone={tone} words={words} />
      <Text span size="sm" c="dimmed">
        {' '}
        · <Looked at={connection.observedAt} />
      </Text>
    </Text>
  );
}

function Looked({ at }: { readonly at: string | null }) {
  return at === null ? (
    'has not looked yet'
  ) : (
    <>
      looked <Ago at={at} />
    </>
  );
}

function Figures({ connection }: { readonly connection: ConnectionOverview }) {
  const { links, calls, openHolds, id } = connection;
  return (
    <Group gap="xl" component="dl" m={0} style={{ rowGap: 8 }}>
      <Figure label="in sync" count={links.inSync} />
      <Figure label="waiting" count={waitingIn(links)} />
      <Figure label="held" count={links.held} to={openHolds > 0 ? `/holds?connection=${id}` : undefined} />
      <Figure label="calls made" count={calls.made} />
    </Group>
  );
}

// What a survey tool brings is responses; nothing there is kept in step.
function SurveyFigures({ connection }: { readonly connection: ConnectionOverview }) {
  const surveys = (useFeedback().data?.surveys ?? []).filter((survey) => survey.connection.id === connection.id);
  const sum = (which: 'responses' | 'attached' | 'unmatched') => surveys.reduce((total, survey) => total + survey[which], 0);
  return (
    <Group gap="xl" component="dl" m={0} style={{ rowGap: 8 }}>
      <Figure label="responses" count={sum('responses')} />
      <Figure label="attached" count={sum('attached')} />
      <Figure label="unmatched" count={sum('unmatched')} to={sum('unmatched') > 0 ? '/responses?show=unmatched' : undefined} />
      <Figure label="calls made" count={connection.calls.made} />
    </Group>
  );
}

function Figure({ label, count, to }: { readonly label: string; readonly count: number; readonly to?: string | undefined }) {
  const shown = <span className="figure tabular">{count.toLocaleString()}</span>;
  return (
    <div style={{ display: 'flex', flexDirection: 'column-reverse' }}>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <dd style={{ margin: 0 }}>
        {to === undefined ? (
          shown
        ) : (
          <Anchor component={Link} to={to} aria-label={`${count} ${label}: decide`}>
            {shown}
          </Anchor>
        )}
      </dd>
    </div>
  );
}
