import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, authenticate, Refusal } from '../api.ts';
import { settleIdentity } from '../confirming.ts';
import { useOperator } from '../session.tsx';

/** Asks for the password, or a code, before something that is not taken back easily; then what was asked for goes on. */
export function Confirm() {
  const { t } = useTranslation(['shell', 'shared']);
  const me = useOperator();
  const isLacking = !me.hasPassword && !me.hasTwoFactor;
  return (
    <Modal
      opened
      onClose={() => settleIdentity(false)}
      title={t('confirm.title')}
      closeButtonProps={{ 'aria-label': t('shared:close') }}
      size="sm"
    >
      <Stack>
        <Text size="sm">{t(isLacking ? 'confirm.lacking' : 'confirm.about')}</Text>
        {isLacking ? (
          <Button variant="default" onClick={() => void signInAnew()} ml="auto">
            {t('confirm.anew')}
          </Button>
        ) : (
          <Proof />
        )}
      </Stack>
    </Modal>
  );
}

// Who came by a link or by a provider has nothing to show but coming again.
async function signInAnew(): Promise<void> {
  const { pathname, search } = window.location;
  await authenticate('sign-out', {});
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

function Proof() {
  const { t } = useTranslation(['shell', 'shared']);
  const me = useOperator();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const proving = useMutation({
    mutationFn: async () => api.me.confirm.$post({ json: code === '' ? { password } : { code } }),
    onSuccess: () => settleIdentity(true),
  });
  const refusal = proving.error instanceof Refusal && proving.error.kind !== 'not_confirmed' ? proving.error.message : t('confirm.wrong');
  const told = proving.error === null ? null : refusal;
  const prove = (event: FormEvent) => {
    event.preventDefault();
    proving.mutate();
  };
  return (
    <form onSubmit={prove}>
      <Stack>
        {me.hasPassword && (
          <PasswordInput
            label={t('confirm.password')}
            autoComplete="current-password"
            data-autofocus
            value={password}
            error={code === '' ? told : null}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        {me.hasTwoFactor && (
          <TextInput
            label={t('confirm.code')}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={6}
            value={code}
            error={code === '' ? null : told}
            onChange={(event) => setCode(event.currentTarget.value.replaceAll(/\D/g, ''))}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => settleIdentity(false)}>
            {t('shared:cancel')}
          </Button>
          <Button type="submit" loading={proving.isPending} disabled={password === '' && code.length < 6}>
            {t('confirm.go')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
