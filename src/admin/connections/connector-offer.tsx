import { Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { ConnectorCard } from '../api.ts';
import { PlusIcon } from '../parts/icons.tsx';
import { Mark } from '../parts/small.tsx';
import { useMay } from '../session.tsx';

/** A system that can be connected, as its manifest describes it. */
export function ConnectorOffer({ connector, isFirst }: { readonly connector: ConnectorCard; readonly isFirst: boolean }) {
  const mayConnect = useMay('admin');
  const label = isFirst ? `Connect ${connector.label}` : `Connect another ${connector.label}`;
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
              {connector.kind === 'crm' ? 'Customer system' : 'Survey tool'}
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
          {isFirst ? 'Connect' : 'Connect another'}
        </Button>
      )}
    </Stack>
  );
}
