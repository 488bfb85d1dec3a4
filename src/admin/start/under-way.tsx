import { Stack, Text } from '@mantine/core';
import { ProgressLine } from '../connections/progress-line.tsx';
import type { StepProps } from './start.tsx';

type UnderWayProps = Pick<StepProps, 'start' | 'overview'> & { readonly title: string; readonly about: string };

/** Something that takes a while, with how far each of the chosen systems is. */
export function UnderWay({ start, overview, title, about }: UnderWayProps) {
  return (
    <Stack className="card" p="md" gap="xs" role="status" aria-busy="true">
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {about}
      </Text>
      {overview.connections
        .filter(({ connector }) => start.systems.includes(connector))
        .map((connection) => (
          <div key={connection.id}>
            <Text size="sm">{connection.name}</Text>
            <ProgressLine connectionId={connection.id} />
          </div>
        ))}
    </Stack>
  );
}
