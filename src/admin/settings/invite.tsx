import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api, type Me } from '../api.ts';
import { useAct } from '../session.tsx';
import { RoleInput } from './role-input.tsx';
import type { MadeLink } from './users.tsx';

type Draft = { name: string; email: string; role: Me['role'] };
type Props = { readonly isOpen: boolean; readonly onClose: () => void; readonly onLink: (made: MadeLink) => void };

/** Makes somebody known to the hub, and a link with which they come in. */
export function Invite({ isOpen, onClose, onLink }: Props) {
  const { t } = useTranslation(['settings', 'entrance', 'shared']);
  const form = useForm<Draft>({
    initialValues: { name: '', email: '', role: 'viewer' },
    validate: {
      name: (name) => (name.trim() === '' ? t('entrance:yourName') : null),
      email: (email) => (/^\S+@\S+\.\S+$/.test(email) ? null : t('entrance:anEmail')),
    },
  });
  const inviting = useAct(async (json: Draft) => {
    const { operator, link } = await (await api.operators.$post({ json })).json();
    onClose();
    form.reset();
    if (link !== null) onLink({ name: operator.name, link });
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('users.invite')} closeButtonProps={{ 'aria-label': t('shared:close') }}>
      <form onSubmit={form.onSubmit((draft) => inviting.mutate(draft))} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            {t('users.inviteAbout')}
          </Text>
          <TextInput label={t('name')} autoComplete="off" data-autofocus {...form.getInputProps('name')} />
          <TextInput label={t('email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
          <RoleInput value={form.values.role} onChoose={(role) => form.setFieldValue('role', role)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('shared:cancel')}
            </Button>
            <Button type="submit" loading={inviting.isPending}>
              {t('users.makeLink')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
