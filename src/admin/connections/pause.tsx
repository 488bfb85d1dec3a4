import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { api, type ConnectionOverview } from '../api.ts';
import { useFormat } from '../format.ts';
import { Section } from '../parts/page.tsx';
import { Ago } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import { useAct, useMay } from '../session.tsx';
import { Ended } from '../start/ended.tsx';

/** That a connection stands still because somebody wants it so: who, since when, why, and the way on. */
export function Paused({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const format = useFormat();
  const who = useWho();
  const { paused, schedule, enabled } = connection;
  if (paused?.why === 'sandbox_ended') return <Ended connection={connection} />;
  if (paused === null && (!enabled || schedule?.quietUntil == null)) return null;
  if (paused === null) return <div className="note">{t('pause.quiet', { at: format.moment(schedule?.quietUntil ?? '') })}</div>;
  return (
    <Group className="note warn" justify="space-between" gap="xs">
      <div style={{ flex: '1 1 14rem' }}>
        <Text size="sm" fw={550} className="value">
          <Trans t={t} i18nKey="pause.since" values={{ who: who(paused.by) }} components={{ at: <Ago at={paused.at} /> }} />
        </Text>
        {paused.why !== null && (
          <Text size="sm" className="value">
            {paused.why}
          </Text>
        )}
        <Text size="sm">{t('pause.means')}</Text>
      </div>
      <Resume connection={connection} />
    </Group>
  );
}

type Named = { readonly id: string; readonly name: string };

function Resume({ connection }: { readonly connection: Named }) {
  const { t } = useTranslation('connections');
  const resume = useAct(async () => api.connections[':id'].resume.$post({ param: { id: connection.id } }), {
    done: () => t('pause.resumed', { name: connection.name }),
  });
  if (!useMay('admin')) return null;
  return (
    <Button
      size="xs"
      aria-label={t('pause.resumeOf', { name: connection.name })}
      loading={resume.isPending}
      onClick={() => resume.mutate(undefined)}
    >
      {t('pause.resume')}
    </Button>
  );
}

/** Stops a connection for a while, with a reason that others can read. */
export function Pause({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const [why, setWhy] = useState('');
  const pause = useAct(
    async () => api.connections[':id'].pause.$post({ param: { id: connection.id }, json: why.trim() === '' ? {} : { why } }),
    {
      onDone: () => setWhy(''),
    },
  );
  if (!useMay('admin') || connection.paused !== null || !connection.enabled) return null;
  return (
    <Section title={t('pause.title')} about={t('pause.about')}>
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t('pause.why')}
          placeholder={t('pause.whyExample')}
          maxLength={500}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
          style={{ flex: '1 1 16rem' }}
        />
        <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate(undefined)}>
          {t('pause.open', { name: connection.name })}
        </Button>
      </Group>
    </Section>
  );
}
