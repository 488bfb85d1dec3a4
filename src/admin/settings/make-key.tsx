import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api, type Me } from '../api.ts';
import { useAct } from '../session.tsx';
import { RoleInput } from './role-input.tsx';

const DAY_MS = 86_400_000;
const EXPIRIES = { days30: 30, days90: 90, days365: 365, never: null } as const;
type Expiry = keyof typeof EXPIRIES;
const isExpiry = (text: string): text is Expiry => text in EXPIRIES;

type Draft = { name: string; role: Me['role']; expiry: Expiry };
type Props = { readonly isOpen: boolean; readonly onClose: () => void; readonly onMade: (secret: string | null) => void };

/** Makes a key for a program. */
export function MakeKey({ isOpen, onClose, onMade }: Props) {
  const { t } = useTranslation(['settings', 'shared']);
  const form = useForm<Draft>({
    initialValues: { name: '', role: 'viewer', expiry: 'days90' },
    validate: { name: (name) => (name.trim() === '' ? t('keys.name') : null) },
  });
  const making = useAct(async ({ name, role, expiry }: Draft) => {
    const days = EXPIRIES[expiry];
    const expiresAt = days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString();
    const { secret } = await (await api['api-keys'].$post({ json: { name, role, expiresAt } })).json();
    onClose();
    form.reset();
    onMade(secret);
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('keys.make')} closeButtonProps={{ 'aria-label': t('shared:close') }}>
      <form onSubmit={form.onSubmit((draft) => making.mutate(draft))} noValidate>
        <Stack>
          <TextInput
            label={t('keys.name')}
            placeholder={t('keys.namePlaceholder')}
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <RoleInput value={form.values.role} onChoose={(role) => form.setFieldValue('role', role)} />
          <NativeSelect
            label={t('keys.expires')}
            value={form.values.expiry}
            data={Object.keys(EXPIRIES)
              .filter(isExpiry)
              .map((value) => ({ value, label: t(`keys.expiry.${value}`) }))}
            onChange={({ currentTarget }) => isExpiry(currentTarget.value) && form.setFieldValue('expiry', currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('shared:cancel')}
            </Button>
            <Button type="submit" loading={making.isPending}>
              {t('keys.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
