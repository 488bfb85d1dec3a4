import { Anchor, Button, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import { api, type RecordDetail } from '../api.ts';
import { Ago, State } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { momentOf } from '../time.ts';
import { LINK_STATES } from '../words.ts';

/** Why a link is not in sync, what to do, and when it goes on by itself. */
function LinkTrouble({ link }: { readonly link: RecordDetail['links'][number] }) {
  if (link.cause === null) return null;
  return (
    <div>
      <Text size="xs" fw={550} className="value">
        {link.cause.text}
      </Text>
      {link.reason !== null && (
        <Text size="xs" className="value">
          {link.reason}
        </Text>
      )}
      <Text size="xs">{link.cause.advice}</Text>
      {link.nextTryAt !== null && (
        <Text size="xs" c="dimmed">
          Next try: {momentOf(link.nextTryAt)} (failed {timesOf(link.attempts)} so far)
        </Text>
      )}
      {link.givenUp && (
        <Text size="xs" c="dimmed">
          Not tried again by itself until the record changes.
        </Text>
      )}
      <LinkActions link={link} />
    </div>
  );
}

const timesOf = (attempts: number): string => (attempts === 1 ? 'once' : `${attempts} times`);

type Action = 'retry' | 'skip' | 'exclude' | 'include';
const LABELS: Readonly<Record<Action, string>> = { retry: 'Retry', skip: 'Skip', exclude: 'Exclude', include: 'Include' };
const DONE: Readonly<Record<Action, string>> = {
  retry: 'It is tried again now',
  skip: 'It is left until the record changes',
  exclude: 'It is out of the sync',
  include: 'It takes part again',
};

function LinkActions({ link }: { readonly link: RecordDetail['links'][number] }) {
  const mayAct = useMay('steward');
  const act = useAct(async (action: Action) => api.links[':id'][':action'].$post({ param: { id: link.id, action } }), {
    done: (action) => DONE[action],
  });
  const actions: readonly Action[] =
    link.state === 'failing' ? ['retry', 'skip', 'exclude'] : link.cause?.id === 'left_out_by_hand' ? ['include'] : [];
  if (!mayAct || actions.length === 0) return null;
  return (
    <Group gap="xs" mt={4}>
      {actions.map((action) => (
        <Button key={action} size="compact-xs" variant="default" loading={act.isPending} onClick={() => act.mutate(action)}>
          {LABELS[action]}
        </Button>
      ))}
    </Group>
  );
}

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
            {link.cause !== null && <LinkTrouble link={link} />}
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
