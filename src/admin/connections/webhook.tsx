import { Button, CopyButton, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { api, type ConnectionOverview, type ConnectorCard } from '../api.ts';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { useWebhook } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';

type WebhookProps = { readonly connection: ConnectionOverview; readonly traits: NonNullable<ConnectorCard['webhooks']> };
const ABOUT =
  'With webhooks a change arrives within a second. Without them it arrives at the rhythm above, and nothing is missed either way.';

/** Where a system sends its webhooks, and what they are signed with. */
export function Webhook(props: WebhookProps) {
  return useMay('admin') ? (
    <Section title="Webhooks" about={ABOUT}>
      <Shown {...props} />
    </Section>
  ) : null;
}

function Shown({ connection, traits }: WebhookProps) {
  const webhook = useWebhook(connection.id);
  const forget = useAct(async () => api.connections[':id'].webhook.$delete({ param: { id: connection.id } }), {
    done: () => 'Webhooks are not accepted any more',
  });
  return (
    <Loaded query={webhook} waiting={<Waiting rows={1} height={96} />}>
      {({ address, secretSetAt, day }) => (
        <Stack className="card" p="md" gap="sm">
          <Group gap="xs">
            <Text size="sm" className="value" style={{ overflowWrap: 'anywhere' }}>
              {address}
            </Text>
            <CopyButton value={address}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy address'}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Text size="sm" c="dimmed">
            {secretSetAt === null ? 'Enter this address over there, and here what the deliveries are signed with.' : told(day)}
          </Text>
          <SecretForm connection={connection} traits={traits} isSet={secretSetAt !== null} />
          {secretSetAt !== null && (
            <Group>
              <Button size="xs" variant="subtle" loading={forget.isPending} onClick={() => forget.mutate(undefined)}>
                Accept none any more
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

type Day = NonNullable<ReturnType<typeof useWebhook>['data']>['day'];

/** The last day in a sentence: each delivery ended in one of these. */
function told({ accepted, ...ends }: Day): string {
  if (accepted === 0) return 'None has arrived in the last 24 hours.';
  const words = {
    applied: 'brought something new',
    noOp: 'brought nothing new',
    duplicate: 'came again',
    held: 'could not be read',
    refused: 'were for another account',
    pending: 'are still to be looked at',
  } as const;
  const parts = Object.entries(words).flatMap(([end, what]) => {
    const count = ends[end as keyof typeof words];
    return count === 0 ? [] : [`${count.toLocaleString()} ${what}`];
  });
  return `${accepted.toLocaleString()} in the last 24 hours: ${parts.join(', ')}.`;
}

function SecretForm({ connection, traits, isSet }: WebhookProps & { readonly isSet: boolean }) {
  const [secret, setSecret] = useState('');
  const keep = useAct(
    async () => {
      await api.connections[':id'].webhook.$put({ param: { id: connection.id }, json: { secret } });
      setSecret('');
    },
    { done: () => 'Webhooks are accepted' },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate(undefined);
      }}
    >
      <Group align="flex-end" gap="xs">
        <PasswordInput
          flex="1 1 16rem"
          size="xs"
          label={isSet ? `Another ${traits.secret.label.toLowerCase()}` : traits.secret.label}
          description={traits.secret.help}
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="default" disabled={secret === ''} loading={keep.isPending}>
          {isSet ? 'Replace' : 'Accept webhooks'}
        </Button>
      </Group>
    </form>
  );
}
