import { Button, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Connection } from '../api.ts';
import { useMay } from '../session.tsx';
import { momentOf } from '../time.ts';
import { stateOf } from '../words.ts';

const REPAIRED_BY_RECONNECTING: ReadonlySet<Connection['state']> = new Set(['signed_out', 'not_allowed', 'misconfigured']);

/** Why a connection does not work, in the other system's words and ours, and what to do. */
export function Trouble({ connection }: { readonly connection: Connection }) {
  const mayRepair = useMay('admin');
  const { tone, advice } = stateOf(connection);
  if (advice === null) return null;
  return (
    <div className={`note ${tone === 'bad' ? 'bad' : 'warn'}`}>
      {connection.reason !== null && (
        <Text size="sm" fw={550} className="value">
          {connection.reason}
        </Text>
      )}
      <Text size="sm">{connection.cause?.advice ?? advice}</Text>
      {connection.resumeAt !== null && (
        <Text size="xs" c="dimmed">
          Next try: {momentOf(connection.resumeAt)}
          {connection.attempts > 1 && ` (failed ${connection.attempts} times in a row)`}
        </Text>
      )}
      {mayRepair && REPAIRED_BY_RECONNECTING.has(connection.state) && (
        <Group mt="xs">
          <Button size="xs" component={Link} to={`/connections/${connection.id}/reconnect`}>
            Reconnect
          </Button>
        </Group>
      )}
    </div>
  );
}
