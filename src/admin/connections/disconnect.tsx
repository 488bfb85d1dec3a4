import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, type ConnectionOverview } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { useAct, useMay } from '../session.tsx';

// It stays until somebody has read it: the rest has to be done by hand.
function tellLeft(t: TFunction<'connections'>, name: string, reason: string | null): void {
  const message = t('disconnect.leftAdvice', { reason: reason ?? t('disconnect.noReason') });
  notifications.show({ title: t('disconnect.left', { name }), message, color: 'yellow', autoClose: false });
}

function tellWebhooksLeft(t: TFunction<'connections'>, name: string, reason: string | null): void {
  const message = t('disconnect.webhooksLeftAdvice', { reason: reason ?? t('disconnect.noReason') });
  notifications.show({ title: t('disconnect.webhooksLeft', { name }), message, color: 'yellow', autoClose: false });
}

/** Ends a connection, after saying what that means. */
export function Disconnect({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation(['connections', 'shared']);
  const { name } = connection;
  const [isOpen, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const forget = useAct(
    async () => {
      const { access, reason, webhooks, webhooksReason } = await (
        await api.connections[':id'].$delete({ param: { id: connection.id } })
      ).json();
      if (webhooks === 'left') tellWebhooksLeft(t, connection.name, webhooksReason);
      if (access === 'left') tellLeft(t, connection.name, reason);
      await navigate('/connections');
    },
    { done: () => t('disconnect.done', { name }) },
  );
  if (!useMay('admin')) return null;
  return (
    <Section title={t('disconnect.title')} about={t('disconnect.about')}>
      <div>
        <Button variant="default" c="var(--mantine-color-error)" onClick={open}>
          {t('disconnect.open', { name })}
        </Button>
      </div>
      <Modal opened={isOpen} onClose={close} title={t('disconnect.sure', { name })} closeButtonProps={{ 'aria-label': t('shared:close') }}>
        <Stack>
          <List size="sm" spacing={6}>
            <List.Item>{t('disconnect.forgotten')}</List.Item>
            <List.Item>{t('disconnect.untouched')}</List.Item>
            {connection.authKind === 'oauth2' && <List.Item>{t('disconnect.givenBack')}</List.Item>}
            <List.Item>{t(connection.sandbox === 'ours' ? 'disconnect.madeUp' : 'disconnect.stay')}</List.Item>
            <List.Item>{t('disconnect.responses')}</List.Item>
            <List.Item>{t('disconnect.again')}</List.Item>
          </List>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t('disconnect.keep')}
            </Button>
            <Button color="red.8" loading={forget.isPending} onClick={() => forget.mutate(undefined)}>
              {t('disconnect.title')}
            </Button>
          </Group>
          <Text size="xs" c="dimmed">
            {t('disconnect.final')}
          </Text>
        </Stack>
      </Modal>
    </Section>
  );
}
