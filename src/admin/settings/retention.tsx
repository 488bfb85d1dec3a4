import { Button, List, NumberInput, SimpleGrid, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { useAct } from '../session.tsx';
import { SettingsFrame } from './frame.tsx';
import { type Retention, useRetention } from './settings-queries.ts';

const KEPT = ['audit', 'deliveries', 'requests'] as const;
const LEAST_DAYS = { audit: 30, deliveries: 1, requests: 1 } as const;
const MOST_DAYS = 36_500;

/** How long what is no part of a record is kept. */
export function RetentionPage() {
  const { t } = useTranslation('settings');
  const retention = useRetention();
  return (
    <SettingsFrame place="retention" about={t('retention.about')}>
      <Loaded query={retention} waiting={<Waiting rows={1} height={160} />}>
        {(now) => <Choice now={now} />}
      </Loaded>
      <Section title={t('retention.always')}>
        <List size="sm" spacing={6} className="card" p="md" pl="xl">
          <List.Item>{t('retention.journal')}</List.Item>
          <List.Item>{t('retention.removed')}</List.Item>
          <List.Item>{t('retention.records')}</List.Item>
        </List>
      </Section>
    </SettingsFrame>
  );
}

function Choice({ now }: { readonly now: Retention }) {
  const { t } = useTranslation('settings');
  const form = useForm({ initialValues: { ...now } });
  const choose = useAct(async (json: Retention) => api.settings.retention.$patch({ json }), {
    done: () => t('kept'),
    onDone: (kept) => form.resetDirty(kept),
  });
  return (
    <form className="card" onSubmit={form.onSubmit((values) => choose.mutate(values))}>
      <Stack p="md">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {KEPT.map((kept) => (
            <NumberInput
              key={kept}
              label={t(`retention.${kept}.name`)}
              description={t(`retention.${kept}.about`)}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              suffix={` ${t('retention.days')}`}
              min={LEAST_DAYS[kept]}
              max={MOST_DAYS}
              allowDecimal={false}
              hideControls
              {...form.getInputProps(kept)}
            />
          ))}
        </SimpleGrid>
        <Button type="submit" w="fit-content" loading={choose.isPending} disabled={!form.isDirty()}>
          {t('retention.keep')}
        </Button>
      </Stack>
    </form>
  );
}
