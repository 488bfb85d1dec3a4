import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Connection } from '../api.ts';
import { useFormat } from '../format.ts';
import { useMay } from '../session.tsx';
import { connectionTone } from '../tones.ts';

const REPAIRED_BY_RECONNECTING: ReadonlySet<Connection['state']> = new Set(['signed_out', 'not_allowed', 'misconfigured']);

/** Why a connection does not work, in the other system's words, or in ours for who may not read those, and what to do. */
export function Trouble({ connection }: { readonly connection: Connection }) {
  const mayRepair = useMay('admin');
  const { t } = useTranslation('connections');
  const format = useFormat();
  const { state, enabled, paused } = connection;
  const why = connection.reason ?? connection.cause?.text;
  if (!enabled || paused !== null || state === 'new' || state === 'ready') return null;
  return (
    <div className={`note ${connectionTone(connection) === 'bad' ? 'bad' : 'warn'}`}>
      {why !== undefined && (
        <Text size="sm" fw={550} className="value">
          {why}
        </Text>
      )}
      <Text size="sm">{connection.cause?.advice ?? t(`advice.${state}`)}</Text>
      {connection.resumeAt !== null && (
        <Text size="xs" c="dimmed">
          {t('nextTry', { at: format.moment(connection.resumeAt) })}{' '}
          {connection.attempts > 1 && t('failedTimes', { count: connection.attempts })}
        </Text>
      )}
      {mayRepair && REPAIRED_BY_RECONNECTING.has(connection.state) && (
        <Group mt="xs">
          <Button size="xs" component={Link} to={`/connections/${connection.id}/reconnect`}>
            {t('reconnect')}
          </Button>
        </Group>
      )}
    </div>
  );
}
