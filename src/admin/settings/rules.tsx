import { Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';
import { Loaded, Waiting } from '../parts/page.tsx';
import { useAct, useOperator } from '../session.tsx';
import { SettingsFrame } from './frame.tsx';
import { useSecurity } from './settings-queries.ts';

/** What is asked of everybody who signs in. */
export function RulesPage() {
  const { t } = useTranslation('settings');
  const me = useOperator();
  const security = useSecurity();
  const choose = useAct(async (requireTwoFactor: boolean) => api.settings.security.$patch({ json: { requireTwoFactor } }), {
    done: () => t('kept'),
  });
  return (
    <SettingsFrame place="rules" about={t('rules.about')}>
      <Loaded query={security} waiting={<Waiting rows={1} height={72} />}>
        {({ requireTwoFactor }) => (
          <Stack className="card" p="md" gap="xs">
            <Switch
              label={t('rules.factor')}
              description={t('rules.factorAbout')}
              checked={requireTwoFactor}
              disabled={choose.isPending || (!requireTwoFactor && me.hasPassword && !me.hasTwoFactor)}
              onChange={(event) => choose.mutate(event.currentTarget.checked)}
            />
            {!requireTwoFactor && me.hasPassword && !me.hasTwoFactor && (
              <Text size="xs" c="dimmed">
                {t('rules.yoursFirst')}
              </Text>
            )}
          </Stack>
        )}
      </Loaded>
    </SettingsFrame>
  );
}
