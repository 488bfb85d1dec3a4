import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';
import { useFormat } from '../format.ts';
import { Empty, Loaded, More, Waiting } from '../parts/page.tsx';
import { Ago } from '../parts/small.tsx';
import { useAct } from '../session.tsx';
import { SettingsFrame } from './frame.tsx';
import { MakeKey } from './make-key.tsx';
import { type ApiKeyRow, useApiKeys } from './settings-queries.ts';
import { ShownOnce } from './shown-once.tsx';
import { Worded } from './worded.tsx';

/** The keys of programs: made, looked at, and revoked. */
export function KeysPage() {
  const { t } = useTranslation('settings');
  const keys = useApiKeys();
  const [isMaking, { open, close }] = useDisclosure();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <SettingsFrame place="keys" about={t('keys.about')} actions={<Button onClick={open}>{t('keys.make')}</Button>}>
      <Loaded query={keys} waiting={<Waiting rows={3} height={64} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <Empty
                title={t('keys.none')}
                action={
                  <Button variant="default" onClick={open}>
                    {t('keys.make')}
                  </Button>
                }
              >
                {t('keys.noneAbout')}
              </Empty>
            );
          return (
            <Stack gap="sm">
              <ul className="card rows plain">
                {items.map((key) => (
                  <li key={key.id}>
                    <KeyRow apiKey={key} />
                  </li>
                ))}
              </ul>
              <More query={keys} />
            </Stack>
          );
        }}
      </Loaded>
      <MakeKey isOpen={isMaking} onClose={close} onMade={setSecret} />
      <ShownOnce title={t('keys.made')} about={t('keys.madeAbout')} value={secret} onClose={() => setSecret(null)} />
    </SettingsFrame>
  );
}

function KeyRow({ apiKey: { id, name, role, hint, lastUsedAt, expiresAt } }: { readonly apiKey: ApiKeyRow }) {
  const { t } = useTranslation(['settings', 'shared']);
  const revoke = useAct(async () => api['api-keys'][':id'].$delete({ param: { id } }), { done: () => t('keys.revoked', { name }) });
  return (
    <Group px="md" py="sm" gap="sm" justify="space-between">
      <div style={{ flex: '1 1 14rem', minWidth: 0 }}>
        <Group gap={6}>
          <Text size="sm" fw={550} className="value">
            {name}
          </Text>
          <span className="chip">{t(`shared:role.${role}`)}</span>
          <Text size="xs" c="dimmed" ff="monospace">
            {hint}
          </Text>
        </Group>
        <Text size="xs" c="dimmed" component="div">
          {lastUsedAt === null ? t('keys.unused') : <Worded words="keys.used" what={<Ago at={lastUsedAt} />} />}
          {' · '}
          <Expiry at={expiresAt} />
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        aria-label={t('keys.revokeOf', { name })}
        loading={revoke.isPending}
        onClick={() => revoke.mutate(undefined)}
      >
        {t('keys.revoke')}
      </Button>
    </Group>
  );
}

function Expiry({ at }: { readonly at: string | null }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  if (at === null) return t('keys.endless');
  const isOver = Date.parse(at) <= Date.now();
  return <Worded words={isOver ? 'keys.over' : 'keys.until'} what={<time dateTime={at}>{format.day(at)}</time>} />;
}
