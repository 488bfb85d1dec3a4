import { Anchor, Button, Group, Stack, Switch, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Trans, useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, type ConnectionOverview, type ConnectorCard } from '../api.ts';
import { useFeedback } from '../feedback/response-queries.ts';
import { useFormat } from '../format.ts';
import { SyncIcon } from '../parts/icons.tsx';
import { Ago, Mark, SandboxBadge, State } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { connectionState, connectionTone } from '../tones.ts';
import { Paused } from './pause.tsx';
import { ProgressLine } from './progress-line.tsx';
import { QuotaLine } from './quota-line.tsx';
import { Trouble } from './trouble.tsx';

// What has never been read is read and planned first: nobody is to be surprised by what the first sync writes.
const wouldWriteFirst = ({ streams }: ConnectionOverview): boolean =>
  streams.some(({ direction }) => direction === 'both' || direction === 'out') &&
  streams.every(({ backfilledAt }) => backfilledAt === null);

/** Switches a connection; the switch moves at once, and back when the hub refuses. The first time its plan is shown instead. */
export function EnableSwitch({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const mayChange = useMay('admin');
  const navigate = useNavigate();
  const enable = useAct(async (enabled: boolean) => {
    if (!enabled || !wouldWriteFirst(connection)) return api.connections[':id'].$patch({ param: { id: connection.id }, json: { enabled } });
    const plan = await (await api.plans.$post({ json: { streams: [{ connection: connection.id }] } })).json();
    notifications.show({ message: t('seeFirst', { name: connection.name }) });
    return navigate(`/plans/${plan.id}`);
  });
  const isOn = enable.isPending && !wouldWriteFirst(connection) ? enable.variables : connection.enabled;
  if (!mayChange) return null;
  return (
    <Switch
      aria-label={t('isOn', { name: connection.name })}
      checked={isOn}
      onChange={(event) => enable.mutate(event.currentTarget.checked)}
    />
  );
}

// Still reached by keyboard, so that its tooltip can say why it does nothing.
const OFF = { 'data-disabled': true, 'aria-disabled': true } as const;

export function SyncNow({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const maySync = useMay('steward');
  const sync = useAct(async () => api.connections[':id'].sync.$post({ param: { id: connection.id } }), {
    done: () => t('looking', { name: connection.name }),
  });
  const able = connection.enabled && connection.paused === null;
  if (!maySync) return null;
  return (
    <Tooltip label={t(connection.enabled ? 'resumeFirst' : 'switchOnFirst')} disabled={able}>
      <Button
        size="xs"
        variant="default"
        leftSection={<SyncIcon size={14} />}
        {...(able ? {} : OFF)}
        aria-label={t('syncNowOf', { name: connection.name })}
        loading={sync.isPending}
        onClick={() => able && sync.mutate(undefined)}
      >
        {t('syncNow')}
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
            <Text size="xs" c="dimmed" className="value" component="div">
              <SandboxBadge connection={connection} /> {whose(connection, system)}
            </Text>
          </div>
        </Group>
        <EnableSwitch connection={connection} />
      </Group>
      {kind === 'survey' ? <SurveyFigures connection={connection} /> : <Figures connection={connection} />}
      <Paused connection={connection} />
      <Trouble connection={connection} />
      <ProgressLine connectionId={connection.id} />
      <QuotaLine quota={connection.quota} />
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
  const { t } = useTranslation('connections');
  return (
    <Text size="sm" component="div">
      <State tone={connectionTone(connection)} words={t(`state.${connectionState(connection)}`)} />
      <Text span size="sm" c="dimmed">
        {' '}
        · <Looked at={connection.observedAt} />
      </Text>
    </Text>
  );
}

function Looked({ at }: { readonly at: string | null }) {
  const { t } = useTranslation('connections');
  return at === null ? t('notLooked') : <Trans t={t} i18nKey="looked" components={{ at: <Ago at={at} /> }} />;
}

function Figures({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const { links, calls, openHolds, id } = connection;
  return (
    <Group gap="xl" component="dl" m={0} style={{ rowGap: 8 }}>
      <Figure label={t('figure.inSync')} count={links.inSync} />
      <Figure label={t('figure.waiting')} count={links.waiting + links.failing} />
      <Figure label={t('figure.held')} count={links.held} to={openHolds > 0 ? `/decisions?connection=${id}` : undefined} />
      <Figure label={t('figure.calls')} count={calls.made} />
    </Group>
  );
}

// What a survey tool brings is responses; nothing there is kept in step.
function SurveyFigures({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const surveys = (useFeedback().data?.surveys ?? []).filter((survey) => survey.connection.id === connection.id);
  const sum = (which: 'responses' | 'attached' | 'unmatched') => surveys.reduce((total, survey) => total + survey[which], 0);
  return (
    <Group gap="xl" component="dl" m={0} style={{ rowGap: 8 }}>
      <Figure label={t('figure.responses')} count={sum('responses')} />
      <Figure label={t('figure.attached')} count={sum('attached')} />
      <Figure label={t('figure.unmatched')} count={sum('unmatched')} to={sum('unmatched') > 0 ? '/responses?show=unmatched' : undefined} />
      <Figure label={t('figure.calls')} count={connection.calls.made} />
    </Group>
  );
}

function Figure({ label, count, to }: { readonly label: string; readonly count: number; readonly to?: string | undefined }) {
  const { t } = useTranslation('connections');
  const format = useFormat();
  const shown = <span className="figure tabular">{format.count(count)}</span>;
  return (
    <div style={{ display: 'flex', flexDirection: 'column-reverse' }}>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <dd style={{ margin: 0 }}>
        {to === undefined ? (
          shown
        ) : (
          <Anchor component={Link} to={to} aria-label={t('figure.decide', { count, what: label })}>
            {shown}
          </Anchor>
        )}
      </dd>
    </div>
  );
}
