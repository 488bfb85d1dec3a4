import { NativeSelect, SimpleGrid, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { api, type MePatch } from '../api.ts';
import { isLanguage } from '../language/languages.ts';
import { speak } from '../language/open-words.ts';
import { LanguageChoice } from '../parts/language-choice.tsx';
import { Section } from '../parts/page.tsx';
import { useAct, useOperator } from '../session.tsx';
import { SettingsFrame } from './frame.tsx';

/** What each operator chooses for themselves. */
export function YouPage() {
  const { t } = useTranslation('settings');
  return (
    <SettingsFrame place="you" about={t('about')}>
      <Section title={t('you')}>
        <You />
      </Section>
    </SettingsFrame>
  );
}
function You() {
  const { t } = useTranslation(['settings', 'shared']);
  const me = useOperator();
  const choose = useAct(async (json: MePatch) => api.me.$patch({ json }));
  const chooseLanguage = (language: string) => {
    if (!isLanguage(language)) return;
    void speak(language);
    choose.mutate({ language });
  };
  return (
    <Stack className="card" p="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Fact name={t('name')} value={me.name} />
        <Fact name={t('role')} value={t(`shared:role.${me.role}`)} />
        <LanguageChoice onChoose={chooseLanguage} />
        <NativeSelect
          label={t('timeZone')}
          description={t('timeZoneHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={me.timeZone ?? ''}
          data={[{ value: '', label: t('ofBrowser', { zone: OWN_ZONE }) }, ...Intl.supportedValuesOf('timeZone')]}
          onChange={(event) => {
            const zone = event.currentTarget.value;
            choose.mutate({ timeZone: zone === '' ? null : zone }, { onSuccess: () => void notifications.show({ message: t('kept') }) });
          }}
        />
      </SimpleGrid>
    </Stack>
  );
}

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {name}
      </Text>
      <Text size="sm" c="dimmed" className="value">
        {value}
      </Text>
    </div>
  );
}
