import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ConnectionOverview, ConnectorCard, Start } from '../api.ts';
import { Trouble } from '../connections/trouble.tsx';
import { Loaded } from '../parts/page.tsx';
import { Mark, SandboxBadge, State } from '../parts/small.tsx';
import { useConnectors } from '../queries.ts';
import { connectionTone } from '../tones.ts';
import { Ended, OpenSandbox } from './ended.tsx';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { useGoOn } from './steps.ts';

/** Each chosen system with its accounts, and the ways to connect one. */
export function ConnectStep({ start, overview }: StepProps) {
  const { t } = useTranslation('start');
  const connectors = useConnectors();
  const go = useGoOn('objects');
  const open = start.systems.filter((system) => !overview.connections.some(({ connector }) => connector === system)).length;
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('connect.about')}
      </Text>
      <Loaded query={connectors}>
        {(all) => (
          <Stack gap="sm">
            {all
              .filter(({ id }) => start.systems.includes(id))
              .map((connector) => (
                <System
                  key={connector.id}
                  connector={connector}
                  start={start}
                  made={overview.connections.filter((each) => each.connector === connector.id)}
                />
              ))}
          </Stack>
        )}
      </Loaded>
      <Footer
        back="systems"
        hindrance={open === 0 ? null : t('connect.left', { count: open })}
        next={{ busy: go.isPending, go: () => go.mutate(undefined) }}
      />
    </>
  );
}

type SystemProps = { readonly connector: ConnectorCard; readonly start: Start; readonly made: readonly ConnectionOverview[] };

function System({ connector, start, made }: SystemProps) {
  const { t } = useTranslation('start');
  const isFirst = made.length === 0;
  const isOffered = start.sandboxes.offered.includes(connector.id) && !made.some(({ sandbox }) => sandbox === 'ours');
  return (
    <Stack className="card" p="md" gap="sm" component="article" aria-label={connector.label}>
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap">
          <Mark name={connector.label} />
          <Text fw={600}>{connector.label}</Text>
        </Group>
        <Group gap="xs">
          {isOffered && isFirst && (
            <OpenSandbox connector={connector.id} label={t('try.one')} about={t('try.oneOf', { system: connector.label })} />
          )}
          <Button
            size="xs"
            variant={isFirst ? 'filled' : 'subtle'}
            component={Link}
            to={`/connections/connect/${connector.id}?then=start`}
            aria-label={t(isFirst ? 'connect.open' : 'connect.anotherOf', { system: connector.label })}
          >
            {t(isFirst ? 'connect.open' : 'connect.another', { system: connector.label })}
          </Button>
        </Group>
      </Group>
      {made.map((connection) => (
        <Stack key={connection.id} gap={6}>
          <Text size="sm" component="div" className="value">
            <State
              tone={connection.state === 'new' || connection.state === 'ready' ? 'good' : connectionTone({ ...connection, enabled: true })}
              words={t('connect.connected', { account: connection.account?.name ?? connection.name })}
            />{' '}
            <SandboxBadge connection={connection} />
          </Text>
          <Ended connection={connection} />
          <Trouble connection={{ ...connection, enabled: true }} />
        </Stack>
      ))}
    </Stack>
  );
}
