import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, type ResponseDetail } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { useAct, useMay } from '../session.tsx';

/** Erases a response for good, after saying what that means. */
export function Erasing({ response }: { readonly response: ResponseDetail }) {
  const { t } = useTranslation(['feedback', 'shared']);
  const [isOpen, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const erase = useAct(
    async () => {
      await api.responses[':id'].erase.$post({ param: { id: response.id } });
      await navigate('/responses', { replace: true });
    },
    { done: () => t('erasing.done') },
  );
  if (!useMay('admin')) return null;
  return (
    <Section title={t('erasing.title')} about={t('erasing.about')}>
      <div>
        <Button variant="default" c="var(--mantine-color-error)" onClick={open}>
          {t('erasing.open')}
        </Button>
      </div>
      <Modal opened={isOpen} onClose={close} title={t('erasing.sure')} closeButtonProps={{ 'aria-label': t('shared:close') }}>
        <Stack>
          <List size="sm" spacing={6}>
            <List.Item>{t('erasing.answers')}</List.Item>
            <List.Item>{t('erasing.timelines')}</List.Item>
            <List.Item>{t('erasing.scores')}</List.Item>
            <List.Item>{t('erasing.never', { name: response.connection.name })}</List.Item>
          </List>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t('erasing.keep')}
            </Button>
            <Button color="red.8" loading={erase.isPending} onClick={() => erase.mutate(undefined)}>
              {t('erasing.title')}
            </Button>
          </Group>
          <Text size="xs" c="dimmed">
            {t('erasing.final')}
          </Text>
        </Stack>
      </Modal>
    </Section>
  );
}
