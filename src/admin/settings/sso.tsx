import { Button, Code, Group, NativeSelect, PasswordInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api, type Me, Refusal } from '../api.ts';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { useAct } from '../session.tsx';
import { isRole, ROLES } from './role-input.tsx';
import { type Sso, useSso } from './settings-queries.ts';

const BELOW: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

type Draft = { label: string; issuer: string; clientId: string; clientSecret: string; domains: string; role: Me['role'] | '' };

/** A provider of OpenID Connect, by which operators may sign in. */
export function SsoSection() {
  const { t } = useTranslation('settings');
  const sso = useSso();
  return (
    <Section title={t('sso.title')} about={t('sso.about')}>
      <Loaded query={sso} waiting={<Waiting rows={1} height={340} />}>
        {(now) => <SsoForm key={now.provider?.issuer ?? ''} now={now} />}
      </Loaded>
    </Section>
  );
}

function SsoForm({ now: { provider, redirectUri } }: { readonly now: Sso }) {
  const { t } = useTranslation(['settings', 'shared']);
  const form = useForm<Draft>({
    initialValues: {
      label: provider?.label ?? '',
      issuer: provider?.issuer ?? '',
      clientId: provider?.clientId ?? '',
      clientSecret: '',
      domains: provider?.domains.join(', ') ?? '',
      role: provider?.role ?? '',
    },
  });
  const choose = useAct(async (draft: Draft) => api.settings.sso.$put({ json: wishIn(draft) }), {
    done: () => t('kept'),
    onDone: () => form.setFieldValue('clientSecret', ''),
    quiet: true,
  });
  const drop = useAct(async () => api.settings.sso.$delete(), { done: () => t('sso.dropped') });
  const refused = choose.error instanceof Refusal ? choose.error : null;
  const wrong = (part: string) => refused?.errors.find(({ pointer }) => pointer.startsWith(`#/${part}`))?.detail;
  return (
    <form className="card" onSubmit={form.onSubmit((draft) => choose.mutate(draft))}>
      <Stack p="md">
        <Text size="sm">
          {t('sso.redirect')} <Code className="value">{redirectUri}</Code>
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('sso.issuer')} {...form.getInputProps('issuer')} error={wrong('issuer')} />
          <TextInput
            label={t('sso.label')}
            description={t('sso.labelHelp')}
            inputWrapperOrder={BELOW}
            {...form.getInputProps('label')}
            error={wrong('label')}
          />
          <TextInput label={t('sso.clientId')} autoComplete="off" {...form.getInputProps('clientId')} error={wrong('clientId')} />
          <PasswordInput
            label={t('sso.secret')}
            description={provider === null ? undefined : t('sso.secretHelp')}
            inputWrapperOrder={BELOW}
            autoComplete="off"
            {...form.getInputProps('clientSecret')}
            error={wrong('clientSecret')}
          />
          <TextInput
            label={t('sso.domains')}
            description={t('sso.domainsHelp')}
            inputWrapperOrder={BELOW}
            {...form.getInputProps('domains')}
            error={wrong('domains')}
          />
          <NativeSelect
            label={t('sso.role')}
            data={[{ value: '', label: t('sso.invited') }, ...ROLES.map((role) => ({ value: role, label: t(`shared:role.${role}`) }))]}
            {...form.getInputProps('role')}
          />
        </SimpleGrid>
        <Group>
          <Button type="submit" loading={choose.isPending} disabled={!form.isDirty()}>
            {t('sso.keep')}
          </Button>
          {provider !== null && (
            <Button variant="default" loading={drop.isPending} onClick={() => drop.mutate(undefined)}>
              {t('sso.drop')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function wishIn({ clientSecret, domains, role, ...draft }: Draft) {
  return {
    ...draft,
    ...(clientSecret === '' ? {} : { clientSecret }),
    domains: domains.split(/[\s,;]+/).filter((domain) => domain !== ''),
    role: isRole(role) ? role : null,
  };
}
