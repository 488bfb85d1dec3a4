import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
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
  const entering = useEntering((values: { email: string; password: string }) => authenticate('sign-in/email', values));
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (email.includes('@') ? null : 'Give the e-mail you were invited with.'),
      password: (password) => (password === '' ? 'Give your password.' : null),
    },
  });
  return (
    <Entrance title="Sign in" about="Syncline keeps your customer systems in agreement.">
      <form onSubmit={form.onSubmit((values) => entering.mutate(values))} noValidate>
        <Stack>
          <TextInput label="E-mail" type="email" autoComplete="username" autoFocus {...form.getInputProps('email')} />
          <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
          <Refused error={entering.error} />
          <Button type="submit" loading={entering.isPending}>
            Sign in
          </Button>
          <Text size="sm" c="dimmed">
            No password yet, or forgotten? An admin can give you a one-time link that signs you in.
          </Text>
        </Stack>
      </form>
    </Entrance>
  );
}

function OneTimeLink({ token }: { readonly token: string }) {
  const { mutate, error } = useEntering((link: string) => authenticate('one-time-link/sign-in', { token: link }));
  const [, setSearch] = useSearchParams();
  const isSpent = useRef(false);
  useEffect(() => {
    if (!isSpent.current) mutate(token);
    isSpent.current = true;
  }, [token, mutate]);
  return (
    <Entrance title="Signing you in" about="The link works once, within an hour.">
      <Refused error={error} />
      {error !== null && (
        <Button variant="default" onClick={() => setSearch({}, { replace: true })}>
          Sign in with a password
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
