import { Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api, type ConnectionOverview } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { useAct, useMay } from '../session.tsx';

/** What a connection is called, whether it is there to try things out in, and how much of the system's day it may use. */
export function AccountSection({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  if (!useMay('admin')) return null;
  const { id, name, sandbox, quota } = connection;
  return (
    <Section title={t('account.title')} about={t('account.about')}>
      {/* What somebody else has changed meanwhile is shown, and not overwritten by what stood here before. */}
      <Settings key={`${id} ${name} ${sandbox} ${quota.percent}`} connection={connection} />
    </Section>
  );
}

function Settings({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const { id, name, sandbox, quota } = connection;
  const form = useForm({ initialValues: { name, isTest: sandbox === 'theirs', share: quota.percent } });
  const keep = useAct(
    async (wanted: typeof form.values) =>
      api.connections[':id'].$patch({
        param: { id },
        json: {
          ...(wanted.name.trim() === name ? {} : { name: wanted.name }),
          ...(wanted.isTest === (sandbox === 'theirs') ? {} : { sandbox: wanted.isTest ? ('theirs' as const) : null }),
          ...(wanted.share === quota.percent ? {} : { dailyShare: wanted.share }),
        },
      }),
    { done: () => t('account.kept') },
  );
  return (
    <form className="card" onSubmit={form.onSubmit((wanted) => keep.mutate(wanted))}>
      <Stack p="md" gap="md">
        <Group gap="md" align="flex-start">
          <TextInput label={t('account.name')} required maxLength={100} style={{ flex: '2 1 14rem' }} {...form.getInputProps('name')} />
          {quota.max !== null && (
            <NumberInput
              label={t('account.share')}
              description={t('account.shareHelp')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              required
              min={1}
              max={100}
              allowDecimal={false}
              suffix=" %"
              style={{ flex: '1 1 12rem' }}
              {...form.getInputProps('share')}
            />
          )}
        </Group>
        {sandbox !== 'ours' && (
          <Switch
            label={t('account.isTest')}
            description={t('account.isTestHelp')}
            {...form.getInputProps('isTest', { type: 'checkbox' })}
          />
        )}
        <Group>
          <Button type="submit" variant="default" loading={keep.isPending} disabled={!form.isDirty()}>
            {t('account.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
