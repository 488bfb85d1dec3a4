import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api, authenticate } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { useAct, useOperator } from '../session.tsx';

const SHORTEST = 12;

/** The password of who is signed in: chosen, or changed. */
export function OwnPassword() {
  const { t } = useTranslation(['settings', 'entrance']);
  const { hasPassword } = useOperator();
  const form = useForm({
    initialValues: { current: '', next: '' },
    validate: {
      current: (current) => (hasPassword && current === '' ? t('entrance:yourPassword') : null),
      next: (next) => (next.length < SHORTEST ? t('entrance:atLeast', { count: SHORTEST }) : null),
    },
  });
  const choosing = useAct(
    async ({ current, next }: { current: string; next: string }) => {
      if (hasPassword) await authenticate('change-password', { currentPassword: current, newPassword: next, revokeOtherSessions: true });
      else await api.me.password.$post({ json: { password: next } });
    },
    { done: () => t(hasPassword ? 'security.changed' : 'kept'), onDone: () => form.reset() },
  );
  return (
    <Section title={t('security.password')}>
      <form className="card" onSubmit={form.onSubmit((values) => choosing.mutate(values))} noValidate>
        <Stack p="md" maw={420}>
          {!hasPassword && <Text size="sm">{t('security.firstPassword')}</Text>}
          {hasPassword && (
            <PasswordInput label={t('security.current')} autoComplete="current-password" {...form.getInputProps('current')} />
          )}
          <PasswordInput
            label={t('security.new')}
            description={t('security.newHelp', { count: SHORTEST })}
            autoComplete="new-password"
            {...form.getInputProps('next')}
          />
          <Button type="submit" variant="default" w="fit-content" loading={choosing.isPending}>
            {t(hasPassword ? 'security.change' : 'security.choose')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
