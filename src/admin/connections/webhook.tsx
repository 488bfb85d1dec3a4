import { Button, CopyButton, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type ConnectionOverview, type ConnectorCard } from '../api.ts';
import { useFormat } from '../format.ts';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { useWebhook } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';

type WebhookProps = {
  readonly connection: ConnectionOverview;
  readonly traits: NonNullable<ConnectorCard['webhooks']>;
  readonly arrives: boolean;
};

/** Where a system sends its webhooks, and what they are signed with. */
export function Webhook(props: WebhookProps) {
  const { t } = useTranslation('connections');
  return useMay('admin') ? (
    <Section title={t('webhook.title')} about={t(props.arrives ? 'webhook.aboutArriving' : 'webhook.about')}>
      <Shown {...props} />
    </Section>
  ) : null;
}

function Shown({ connection, traits }: Omit<WebhookProps, 'arrives'>) {
  const { t } = useTranslation('connections');
  const told = useDay();
  const webhook = useWebhook(connection.id);
  const forget = useAct(async () => api.connections[':id'].webhook.$delete({ param: { id: connection.id } }), {
    done: () => t('webhook.forgotten'),
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
                  {t(copied ? 'webhook.copied' : 'webhook.copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Text size="sm" c="dimmed">
            {secretSetAt === null ? t('webhook.enter') : told(day)}
          </Text>
          <SecretForm connection={connection} traits={traits} isSet={secretSetAt !== null} />
          {secretSetAt !== null && (
            <Group>
              <Button size="xs" variant="subtle" loading={forget.isPending} onClick={() => forget.mutate(undefined)}>
                {t('webhook.forget')}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

type Day = NonNullable<ReturnType<typeof useWebhook>['data']>['day'];

const ENDS = ['applied', 'noOp', 'duplicate', 'held', 'refused', 'pending'] as const;

/** The last day in a sentence: each delivery ended in one of these. */
function useDay(): (day: Day) => string {
  const { t } = useTranslation('connections');
  const format = useFormat();
  return (day) => {
    if (day.accepted === 0) return t('webhook.quiet');
    const ends = ENDS.filter((end) => day[end] > 0).map((end) => t(`webhook.${end}`, { count: day[end] }));
    return t('webhook.day', { count: day.accepted, ends: format.list(ends) });
  };
}

function SecretForm({ connection, traits, isSet }: Omit<WebhookProps, 'arrives'> & { readonly isSet: boolean }) {
  const { t } = useTranslation('connections');
  const [secret, setSecret] = useState('');
  const keep = useAct(
    async () => {
      await api.connections[':id'].webhook.$put({ param: { id: connection.id }, json: { secret } });
      setSecret('');
    },
    { done: () => t('webhook.accepted') },
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
          label={isSet ? t('webhook.another', { secret: traits.secret.label.toLowerCase() }) : traits.secret.label}
          description={traits.secret.help}
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="default" disabled={secret === ''} loading={keep.isPending}>
          {t(isSet ? 'webhook.replace' : 'webhook.accept')}
        </Button>
      </Group>
    </form>
  );
}
