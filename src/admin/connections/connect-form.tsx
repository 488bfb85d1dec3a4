import { Button, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api, type Connection, type ConnectorCard, Refusal } from '../api.ts';
import { NextStep } from '../parts/next-step.tsx';
import { Empty } from '../parts/page.tsx';
import { useAct, useMay } from '../session.tsx';
import { draftOf, type Filled, holdsSecrets, inputOf, settingsOf, startOf, wrongIn } from './draft.ts';
import { SettingInput } from './setting-input.tsx';
import { objectsOf, SignInRights } from './sign-in-rights.tsx';
import { TestResult } from './test-result.tsx';
import { keepWay } from './way-back.ts';

type FormProps = { readonly connector: ConnectorCard; readonly taken: readonly string[]; readonly existing?: Connection };

/** Connects: name, address, credentials, and settings as the manifest asks for them, with a test that keeps nothing. */
export function ConnectForm({ connector, taken, existing }: FormProps) {
  const { t } = useTranslation('connections');
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const then = search.get('then') === 'start' ? '/start/connect' : null;
  const form = useForm({
    initialValues: { ...startOf(connector, taken, existing), provision: search.has('provision') },
    validate: (filled: Filled) => wrongIn(connector, filled, { taken, existing, t }),
  });
  const tell = (error: Error) => {
    if (error instanceof Refusal) form.setErrors(Object.fromEntries(error.errors.map(({ pointer, detail }) => [inputOf(pointer), detail])));
  };
  const testing = useAct(async (filled: Filled) => (await api.connections.test.$post({ json: draftOf(connector, filled) })).json(), {
    quiet: true,
  });
  const connecting = useAct(
    async (filled: Filled) => {
      const made = await (await api.connections.$post({ json: draftOf(connector, filled) })).json();
      await navigate(then ?? `/connections/${made.id}`);
    },
    { quiet: true, done: ({ name }) => t('form.connected', { name }) },
  );
  const leaving = useAct(
    async (filled: Filled) => {
      const offered = objectsOf(connector.auth.find(({ kind }) => kind === filled.kind));
      const objects = offered.length === 0 ? {} : { objects: offered.filter((object) => filled.objects.includes(object)) };
      const { link } = await (
        await api['sign-ins'].$post({ json: { ...draftOf(connector, filled), ...objects, provision: filled.provision } })
      ).json();
      keepWay(then);
      window.location.assign(link);
    },
    { quiet: true },
  );
  const test = form.onSubmit((filled) => {
    connecting.reset();
    testing.mutate(filled, { onError: tell });
  });
  const connect = form.onSubmit((filled) => {
    testing.reset();
    const sent = filled.kind === 'oauth2' ? leaving : connecting;
    sent.mutate(filled, { onError: tell });
  });
  const inBrowser = form.values.kind === 'oauth2';
  if (!useMay('admin'))
    return (
      <Empty title={t('form.adminsOnly')} action={<NextStep to="connect" />}>
        {t('form.askAdmin')}
      </Empty>
    );
  return (
    <form onSubmit={connect} noValidate autoComplete="off">
      <Stack className="card" p="lg" gap="md">
        <TextInput
          label={t('form.name')}
          description={t('form.nameHelp')}
          disabled={existing !== undefined}
          {...form.getInputProps('name')}
        />
        {connector.arrives === undefined && (
          <TextInput
            label={t('form.address')}
            description={t(connector.origin === null ? 'form.ownAddress' : 'form.vendorAddress')}
            placeholder={connector.origin ?? 'https://…'}
            inputMode="url"
            {...form.getInputProps('origin')}
          />
        )}
        {form.values.kind !== 'none' && <Credentials connector={connector} form={form} kept={holdsSecrets(existing, form.values)} />}
        {settingsOf(connector, form.values).map((setting) => (
          <SettingInput key={setting.name} setting={setting} input={form.getInputProps(`settings.${setting.name}`)} />
        ))}
        <TestResult tried={testing.data} refused={testing.error ?? connecting.error ?? leaving.error} />
        <Group justify={inBrowser ? 'flex-end' : 'space-between'}>
          {!inBrowser && (
            <Button type="button" variant="default" onClick={() => test()} loading={testing.isPending}>
              {t('form.test')}
            </Button>
          )}
          <Button type="submit" loading={connecting.isPending || leaving.isPending || leaving.isSuccess}>
            {inBrowser ? t('form.signInAt', { system: connector.label }) : t(existing === undefined ? 'connect' : 'reconnect')}
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          {t('form.sealed')}
        </Text>
      </Stack>
    </form>
  );
}

type Form = Pick<ReturnType<typeof useForm<Filled>>, 'getInputProps' | 'setFieldValue' | 'values'>;

type CredentialsProps = { readonly connector: ConnectorCard; readonly form: Form; readonly kept: boolean };

function Credentials({ connector, form, kept }: CredentialsProps) {
  const { t } = useTranslation('connections');
  const way = connector.auth.find((each) => each.kind === form.values.kind);
  return (
    <Stack gap="sm" component="fieldset" m={0} p={0} style={{ border: 0, minWidth: 0 }}>
      <Text component="legend" size="sm" fw={500} p={0} mb={4}>
        {t('form.signInWith')}
      </Text>
      {connector.auth.length > 1 && (
        <SegmentedControl
          data={connector.auth.map(({ kind, label }) => ({ value: kind, label }))}
          {...form.getInputProps('kind')}
          aria-label={t('form.way')}
          style={{ flexWrap: 'wrap' }}
        />
      )}
      {connector.auth.length === 1 && <Text size="sm">{way?.label}</Text>}
      <Text size="sm" c="dimmed">
        {way?.help}
      </Text>
      {way?.fields.map(({ name, label }) => (
        <PasswordInput
          key={name}
          label={label}
          autoComplete="new-password"
          placeholder={kept ? t('form.asItIs') : ''}
          {...form.getInputProps(`secrets.${name}`)}
        />
      ))}
      {way?.kind === 'oauth2' && (
        <SignInRights
          connector={connector}
          way={way}
          objects={form.values.objects}
          onObjects={(objects) => form.setFieldValue('objects', objects)}
          provision={form.values.provision}
          onProvision={(provision) => form.setFieldValue('provision', provision)}
        />
      )}
    </Stack>
  );
}
