import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type ConnectionOverview } from '../api.ts';
import { useAct, useMay } from '../session.tsx';

/** What is said of a sandbox that went with the process that had opened it, with the way to a new one. */
export function Ended({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('start');
  if (connection.sandbox !== 'ours' || connection.paused?.why !== 'sandbox_ended') return null;
  return (
    <Group className="note warn" justify="space-between" gap="xs">
      <Text size="sm">{t('try.ended')}</Text>
      <OpenSandbox connector={connection.connector} label={t('try.again')} about={t('try.againOf', { name: connection.name })} />
    </Group>
  );
}

/** Opens a sandbox of a system and connects it. */
export function OpenSandbox({ connector, label, about }: { readonly connector: string; readonly label: string; readonly about: string }) {
  const open = useAct(async () => api.sandboxes.$post({ json: { connector } }));
  if (!useMay('admin')) return null;
  return (
    <Button size="xs" variant="default" aria-label={about} loading={open.isPending} onClick={() => open.mutate(undefined)}>
      {label}
    </Button>
  );
}
