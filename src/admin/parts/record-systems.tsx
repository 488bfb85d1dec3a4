import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { RecordDetail } from '../api.ts';
import { LINK_STATES } from '../words.ts';
import { Ago, State } from './small.tsx';

/** The systems that hold this record: its id there, whether they agree, and why it is the same record. */
export function RecordSystems({ record }: { readonly record: RecordDetail }) {
  if (record.links.length === 0)
    return (
      <div className="note">
        <Text size="sm">No system holds this record yet.</Text>
      </div>
    );
  return (
    <div className="card rows">
      {record.links.map((link) => {
        const { tone, words } = LINK_STATES[link.state];
        const evidence = record.explanation?.links.find(
          (each) => each.connection === link.connection.name && each.remoteId === link.remoteId,
        )?.evidence;
        return (
          <div key={link.id} style={{ padding: '0.625rem 1rem' }}>
            <Group justify="space-between" gap="xs">
              <Anchor component={Link} to={`/connections/${link.connection.id}`} size="sm" fw={550} c="inherit">
                {link.connection.name}
              </Anchor>
              <Text size="xs" component="div">
                <State tone={tone} words={words} />
              </Text>
            </Group>
            <Text size="xs" c="dimmed" className="value">
              {link.object} {link.remoteId ?? 'not made there yet'}
            </Text>
            {evidence !== undefined && evidence !== '' && (
              <Text size="xs" c="dimmed" className="value">
                {evidence}
              </Text>
            )}
            {link.reason !== null && (
              <Text size="xs" className="value">
                {link.reason}
              </Text>
            )}
            {link.sentAt !== null && (
              <Text size="xs" c="dimmed">
                A write was sent <Ago at={link.sentAt} />; its answer is awaited
              </Text>
            )}
          </div>
        );
      })}
    </div>
  );
}
