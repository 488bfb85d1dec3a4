import { Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { Change } from '../api.ts';
import { Loaded, More, Waiting } from '../parts/page.tsx';
import { Ago, Shown } from '../parts/small.tsx';
import { useJournal } from '../queries.ts';

const CAUSES: Readonly<Record<Change['cause'], string>> = {
  observed: 'Seen',
  merged: 'Merged',
  admin: 'By hand',
  rollup: 'Computed from responses',
  removed: 'Removed',
  restored: 'Brought back',
  unmerged: 'Taken apart',
  undone: 'Undone',
};

/** Every change of one record: what changed, by whom, and what gave way. */
export function Journal({ recordId }: { readonly recordId: string }) {
  const journal = useJournal(recordId);
  return (
    <Loaded query={journal} waiting={<Waiting rows={3} height={64} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return (
            <div className="note">
              <Text size="sm">Nothing has changed since the record was made.</Text>
            </div>
          );
        return (
          <Stack gap="sm">
            <ol className="card rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
              {items.map((change) => (
                <Line key={change.id} change={change} />
              ))}
            </ol>
            <More query={journal} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Line({ change }: { readonly change: Change }) {
  return (
    <li style={{ padding: '0.625rem 1rem' }}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550} className="value">
          {sourceOf(change)}
          {change.conflict && ' · one value gave way'}
        </Text>
        <Text size="xs" c="dimmed">
          <Ago at={change.at} />
        </Text>
      </Group>
      {change.fields.map((field) => (
        <Text key={field.field} size="sm" component="div">
          <Text span size="sm" c="dimmed">
            {field.label}:{' '}
          </Text>
          <Shown value={field.old} /> <span aria-hidden="true">→</span>
          <VisuallyHidden component="span"> became </VisuallyHidden> <Shown value={field.new} />
          {field.lost !== null && (
            <Text span size="xs" c="dimmed">
              {' '}
              (instead of <Shown value={field.lost.value} /> from {field.lost.byName})
            </Text>
          )}
        </Text>
      ))}
    </li>
  );
}

function sourceOf({ cause, connection }: Change): string {
  return connection === null ? CAUSES[cause] : `${CAUSES[cause]} in ${connection.name}`;
}
