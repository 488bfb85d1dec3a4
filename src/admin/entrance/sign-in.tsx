import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { authenticate, beginSso, otherWayIn } from '../api.ts';
import { Entrance, ownPath } from './entrance.tsx';
import { Refused } from './refused.tsx';

type Entered = Awaited<ReturnType<typeof authenticate>>;

/** `onHalf`: the password was right, and a second factor is asked for. */
function useEntering<Input>(enter: (input: Input) => Promise<Entered>, onHalf?: () => void) {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const client = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: async ({ twoFactorRedirect }) => {
      if (twoFactorRedirect === true) return onHalf?.();
      client.clear();
      await navigate(ownPath(search.get('next')), { replace: true });
    },
  });
}

/** Signing in by e-mail and password, or by a one-time link. */
export function SignInPage() {
  const [search] = useSearchParams();
  const token = search.get('token');
  const [isHalf, setHalf] = useState(false);
  if (isHalf) return <SecondFactorForm />;
  return token === null ? <PasswordForm onHalf={() => setHalf(true)} /> : <OneTimeLink token={token} />;
}

function SecondFactorForm() {
  const { t } = useTranslation('entrance');
  const [isLost, setLost] = useState(false);
  const [code, setCode] = useState('');
  const entering = useEntering((typed: string) =>
    authenticate(isLost ? 'two-factor/verify-backup-code' : 'two-factor/verify-totp', { code: typed }),
  );
  return (
    <Entrance title={t('secondFactor')} about={t('secondFactorAbout')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          entering.mutate(code.trim());
        }}
      >
        <Stack>
          <TextInput
            key={String(isLost)}
            label={t(isLost ? 'recoveryCode' : 'code')}
            autoComplete="one-time-code"
            autoFocus
            {...(isLost ? {} : { inputMode: 'numeric' as const, maxLength: 6 })}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Refused error={entering.error} />
          <Button type="submit" loading={entering.isPending} disabled={code === ''}>
            {t('signIn')}
          </Button>
          <Button
            variant="subtle"
            onClick={() => {
              setLost(!isLost);
              setCode('');
            }}
          >
            {t(isLost ? 'useApp' : 'useRecovery')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}

function PasswordForm({ onHalf }: { readonly onHalf: () => void }) {
  const { t } = useTranslation('entrance');
  const entering = useEntering((values: { email: string; password: string }) => authenticate('sign-in/email', values), onHalf);
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
      <OtherWay />
    </Entrance>
  );
}

/** Signing in by the provider of the company, where there is one. */
function OtherWay() {
  const { t } = useTranslation('entrance');
  const [search] = useSearchParams();
  const { data: label } = useQuery({ queryKey: ['other-way-in'], queryFn: otherWayIn });
  const going = useMutation({
    mutationFn: async () => beginSso(ownPath(search.get('next'))),
    onSuccess: (url) => window.location.assign(url),
  });
  // The provider itself says what it has refused; what comes back here is that this hub lets nobody in by it.
  const isRefused = search.get('error') !== null;
  if (label === undefined || label === null) return null;
  return (
    <Stack>
      <Refused error={going.error ?? (isRefused ? new Error(t('notLetIn')) : null)} />
      <Button variant="default" loading={going.isPending} onClick={() => going.mutate()}>
        {t('signInBy', { label })}
      </Button>
    </Stack>
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
