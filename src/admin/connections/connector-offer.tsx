import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ConnectorCard } from '../api.ts';
import { PlusIcon } from '../parts/icons.tsx';
import { Mark } from '../parts/small.tsx';
import { useMay } from '../session.tsx';

/** A system that can be connected, as its manifest describes it. */
export function ConnectorOffer({ connector, isFirst }: { readonly connector: ConnectorCard; readonly isFirst: boolean }) {
  const { t } = useTranslation('connections');
  const mayConnect = useMay('admin');
  const label = t(isFirst ? 'connectOf' : 'connectAnotherOf', { system: connector.label });
  return (
    <Stack className="card" p="md" gap="xs" justify="space-between">
      <Stack gap={6}>
        <Group gap="sm" wrap="nowrap">
          <Mark name={connector.label} />
          <div>
            <Text fw={600} size="sm">
              {connector.label}
            </Text>
            <Text size="xs" c="dimmed">
              {t(`kind.${connector.kind}`)}
            </Text>
          </div>
        </Group>
        <Text size="sm" c="dimmed">
          {connector.about}
        </Text>
      </Stack>
      {mayConnect && (
        <Button
          component={Link}
          to={`/connections/connect/${connector.id}`}
          variant="default"
          size="xs"
          leftSection={<PlusIcon size={14} />}
          aria-label={label}
        >
          {t(isFirst ? 'connect' : 'connectAnother')}
        </Button>
      )}
    </Stack>
  );
}
