import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { authenticate } from '../api.ts';
import { Entrance, ownPath } from './entrance.tsx';

function useEntering<Input>(enter: (input: Input) => Promise<void>) {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const client = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      client.clear();
      await navigate(ownPath(search.get('next')), { replace: true });
    },
  });
}

/** Signing in by e-mail and password, or by a one-time link. */
export function SignInPage() {
  const [search] = useSearchParams();
  const token = search.get('token');
  return token === null ? <PasswordForm /> : <OneTimeLink token={token} />;
}

function PasswordForm() {
  const { t } = useTranslation('entrance');
  const entering = useEntering((values: { email: string; password: string }) => authenticate('sign-in/email', values));
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (email.includes('@') ? null : t('invitedEmail')),
      password: (password) => (password === '' ? t('yourPassword') : null),
    },
  });
  return (
    <Entrance title={t('signIn')} about={t('about')}>
      <form onSubmit={form.onSubmit((values) => entering.mutate(values))} noValidate>
        <Stack>
          <TextInput label={t('email')} type="email" autoComplete="username" autoFocus {...form.getInputProps('email')} />
          <PasswordInput label={t('password')} autoComplete="current-password" {...form.getInputProps('password')} />
          <Refused error={entering.error} />
          <Button type="submit" loading={entering.isPending}>
            {t('signIn')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('forgotten')}
          </Text>
        </Stack>
      </form>
    </Entrance>
  );
}

function OneTimeLink({ token }: { readonly token: string }) {
  const { t } = useTranslation('entrance');
  const { mutate, error } = useEntering((link: string) => authenticate('one-time-link/sign-in', { token: link }));
  const [, setSearch] = useSearchParams();
  const isSpent = useRef(false);
  useEffect(() => {
    if (!isSpent.current) mutate(token);
    isSpent.current = true;
  }, [token, mutate]);
  return (
    <Entrance title={t('signingIn')} about={t('once')}>
      <Refused error={error} />
      {error !== null && (
        <Button variant="default" onClick={() => setSearch({}, { replace: true })}>
          {t('withPassword')}
        </Button>
      )}
    </Entrance>
  );
}

export function Refused({ error }: { readonly error: Error | null }) {
  if (error === null) return null;
  return (
    <Text size="sm" className="note bad" role="alert">
      {error.message}
    </Text>
  );
}
