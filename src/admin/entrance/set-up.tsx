import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';
import { authenticate } from '../api.ts';
import { Entrance } from './entrance.tsx';
import { Refused } from './sign-in.tsx';

const SHORTEST_PASSWORD = 12;

/** The first admin makes their account; the link that leads here works once. */
export function SetUpPage() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const token = search.get('token') ?? '';
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give your name.' : null),
      email: (email) => (/^\S+@\S+\.\S+$/.test(email) ? null : 'Give an e-mail address.'),
      password: (password) => (password.length < SHORTEST_PASSWORD ? `At least ${SHORTEST_PASSWORD} characters.` : null),
    },
  });
  const making = useMutation({
    mutationFn: (values: { name: string; email: string; password: string }) => authenticate('one-time-link/setup', { token, ...values }),
    onSuccess: async () => {
      client.clear();
      await navigate('/connections', { replace: true });
    },
  });
  return (
    <Entrance title="Welcome to Syncline" about="You are the first here: make the admin's account. You can invite others later.">
      <form onSubmit={form.onSubmit((values) => making.mutate(values))} noValidate>
        <Stack>
          <TextInput label="Name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
          <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
          <PasswordInput
            label="Password"
            description={`At least ${SHORTEST_PASSWORD} characters; a few words that you remember are best.`}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Refused
            error={token === '' ? new Error('The address lacks its token: open the set-up link as Syncline printed it.') : making.error}
          />
          <Button type="submit" loading={making.isPending} disabled={token === ''}>
            Make the account
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
