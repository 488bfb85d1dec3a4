import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { authenticate } from '../api.ts';
import { Entrance } from './entrance.tsx';
import { Refused } from './refused.tsx';

const SHORTEST_PASSWORD = 12;

/** The first admin makes their account; the link that leads here works once. */
export function SetUpPage() {
  const { t } = useTranslation('entrance');
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const token = search.get('token') ?? '';
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (name) => (name.trim() === '' ? t('yourName') : null),
      email: (email) => (/^\S+@\S+\.\S+$/.test(email) ? null : t('anEmail')),
      password: (password) => (password.length < SHORTEST_PASSWORD ? t('atLeast', { count: SHORTEST_PASSWORD }) : null),
    },
  });
  const making = useMutation({
    mutationFn: (values: { name: string; email: string; password: string }) => authenticate('one-time-link/setup', { token, ...values }),
    onSuccess: async () => {
      client.clear();
      await navigate('/start', { replace: true });
    },
  });
  return (
    <Entrance title={t('welcome')} about={t('first')}>
      <form onSubmit={form.onSubmit((values) => making.mutate(values))} noValidate>
        <Stack>
          <TextInput label={t('name')} autoComplete="name" autoFocus {...form.getInputProps('name')} />
          <TextInput label={t('email')} type="email" autoComplete="username" {...form.getInputProps('email')} />
          <PasswordInput
            label={t('password')}
            description={t('passwordHelp', { count: SHORTEST_PASSWORD })}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Refused error={token === '' ? new Error(t('noToken')) : making.error} />
          <Button type="submit" loading={making.isPending} disabled={token === ''}>
            {t('make')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
