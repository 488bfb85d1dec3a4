import { Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { TFunction } from 'i18next';
import { Trans, useTranslation } from 'react-i18next';
import type { Change } from '../api.ts';
import { useNames } from '../names.ts';
import { Loaded, More, Waiting } from '../parts/page.tsx';
import { Ago, Shown } from '../parts/small.tsx';
import { useJournal } from '../queries.ts';

/** Every change of one record: what changed, by whom, and what gave way. */
export function Journal({ recordId }: { readonly recordId: string }) {
  const { t } = useTranslation('records');
  const journal = useJournal(recordId);
  return (
    <Loaded query={journal} waiting={<Waiting rows={3} height={64} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return (
            <div className="note">
              <Text size="sm">{t('timeline.none')}</Text>
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
  const { t } = useTranslation(['records', 'shared']);
  const names = useNames();
  const source = sourceOf(change, t);
  return (
    <li style={{ padding: '0.625rem 1rem' }}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550} className="value">
          {change.conflict ? t('oneGaveWay', { what: source }) : source}
        </Text>
        <Text size="xs" c="dimmed">
          <Ago at={change.at} />
        </Text>
      </Group>
      {change.fields.map((field) => (
        <Text key={field.field} size="sm" component="div">
          <Text span size="sm" c="dimmed">
            {names.field(field.field, field.label)}:{' '}
          </Text>
          <Shown value={field.old} /> <span aria-hidden="true">→</span>
          <VisuallyHidden component="span"> {t('shared:value.became')} </VisuallyHidden> <Shown value={field.new} />
          {field.lost !== null && (
            <Text span size="xs" c="dimmed">
              {' '}
              <Trans t={t} i18nKey="lost" values={{ by: field.lost.byName }} components={{ value: <Shown value={field.lost.value} /> }} />
            </Text>
          )}
        </Text>
      ))}
    </li>
  );
}

function sourceOf({ cause, connection }: Change, t: TFunction<['records', 'shared']>): string {
  return connection === null ? t(`cause.${cause}`) : t('causeIn', { cause: t(`cause.${cause}`), name: connection.name });
}
