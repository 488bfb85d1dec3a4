import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { type ConnectionOverview, type ConnectorCard, Refusal } from '../api.ts';
import { useFormat } from '../format.ts';
import { Failed, Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { Mark, SandboxBadge, State } from '../parts/small.tsx';
import { useConnectors, useOverview } from '../queries.ts';
import { LatestRuns } from '../runs/run-list.tsx';
import { useMay } from '../session.tsx';
import { LINK_TONES } from '../tones.ts';
import { AccountSection } from './account.tsx';
import { EnableSwitch, StateLine, SyncNow, whose } from './connection-card.tsx';
import { Disconnect } from './disconnect.tsx';
import { Files } from './files/files.tsx';
import { OwnFieldsSection } from './own-fields.tsx';
import { Pause, Paused } from './pause.tsx';
import { ProgressLine } from './progress-line.tsx';
import { QuotaLine } from './quota-line.tsx';
import { ScheduleSection } from './schedule.tsx';
import { StreamRow } from './stream-row.tsx';
import { Trouble } from './trouble.tsx';
import { Webhook } from './webhook.tsx';

/** One connection: its objects, its runs, and how to end it. */
export function ConnectionPage() {
  const { t } = useTranslation('connections');
  const { id } = useParams();
  const overview = useOverview();
  const connectors = useConnectors();
  const connection = overview.data?.connections.find((each) => each.id === id);
  const connector = connectors.data?.find((each) => each.id === connection?.connector);
  if (connection !== undefined) return <Shown connection={connection} connector={connector} />;
  const missing = new Refusal(404, { detail: t('gone') });
  return (
    <Page title={t('one')} back={{ to: '/connections', label: t('title') }}>
      <Loaded query={overview} waiting={<Waiting rows={3} height={120} />}>
        {() => <Failed error={missing} again={() => undefined} />}
      </Loaded>
    </Page>
  );
}

function Shown({ connection, connector }: { readonly connection: ConnectionOverview; readonly connector: ConnectorCard | undefined }) {
  const { t } = useTranslation('connections');
  const mayReconnect = useMay('admin');
  const system = connector?.label ?? connection.connector;
  return (
    <Page
      title={connection.name}
      mark={<Mark name={system} />}
      about={
        <>
          <SandboxBadge connection={connection} /> {whose(connection, system)}
          {connection.origin === '' ? null : (
            <>
              {' '}
              · <span className="value">{connection.origin}</span>
            </>
          )}
        </>
      }
      back={{ to: '/connections', label: t('title') }}
      actions={
        <>
          {mayReconnect && (
            <Button size="xs" variant="default" component={Link} to={`/connections/${connection.id}/reconnect`}>
              {t('reconnect')}
            </Button>
          )}
          <SyncNow connection={connection} />
        </>
      }
    >
      <Summary connection={connection} />
      <Section title={t('objects')} about={t('objectsAbout')}>
        {connection.streams.length === 0 ? (
          <div className="note">{t('noObjects')}</div>
        ) : (
          <div className="card rows">
            {connection.streams.map((stream) => (
              <StreamRow
                key={stream.id}
                connection={connection}
                stream={stream}
                isReadOnly={connector !== undefined && connector.objects[stream.object]?.write === undefined}
              />
            ))}
          </div>
        )}
      </Section>
      {connector?.arrives === undefined && <ScheduleSection connection={connection} />}
      <Pause connection={connection} />
      <AccountSection connection={connection} />
      {connector !== undefined && <OwnFieldsSection connection={connection} connector={connector} />}
      {connector?.arrives === 'files' && <Files connection={connection} />}
      {connector?.webhooks !== undefined && (
        <Webhook connection={connection} traits={connector.webhooks} arrives={connector.arrives !== undefined} />
      )}
      <Section title={t('runs')} about={t('runsAbout')}>
        <LatestRuns connectionId={connection.id} />
      </Section>
      <Disconnect connection={connection} />
    </Page>
  );
}

function Summary({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation(['connections', 'shared']);
  const format = useFormat();
  const { links, calls } = connection;
  const states = [
    ['in_sync', links.inSync],
    ['waiting', links.waiting],
    ['failing', links.failing],
    ['held', links.held],
    ['excluded', links.excluded],
    ['gone', links.gone],
  ] as const;
  return (
    <Stack className="card" p="md" gap="sm">
      <Group justify="space-between" wrap="nowrap">
        <StateLine connection={connection} />
        <EnableSwitch connection={connection} />
      </Group>
      {!connection.enabled && (
        <Text size="sm" c="dimmed">
          {t('whileOff')}
        </Text>
      )}
      <Paused connection={connection} />
      <Trouble connection={connection} />
      <ProgressLine connectionId={connection.id} />
      <Group gap="lg" style={{ rowGap: 4 }}>
        {states
          .filter(([state, count]) => count > 0 || state === 'in_sync')
          .map(([state, count]) => (
            <Text key={state} size="sm" className="tabular">
              <State tone={LINK_TONES[state]} words={`${format.count(count)} ${t(`shared:link.${state}`).toLocaleLowerCase()}`} />
            </Text>
          ))}
        <Text size="sm" c="dimmed" className="tabular">
          {t('callsOf', { made: format.count(calls.made), floor: format.count(calls.floor) })}
        </Text>
      </Group>
      <QuotaLine quota={connection.quota} />
    </Stack>
  );
}
