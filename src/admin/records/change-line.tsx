import { Group, Text, VisuallyHidden } from '@mantine/core';
import type { TFunction } from 'i18next';
import { Trans, useTranslation } from 'react-i18next';
import type { Change } from '../api.ts';
import { useNames } from '../names.ts';
import { Ago, Shown } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';

/** One change of a record: each field with what it was and became, by whom, and what gave way. */
export function ChangeLine({ change }: { readonly change: Change }) {
  const { t } = useTranslation(['records', 'shared']);
  const names = useNames();
  const who = useWho();
  const source = [sourceOf(change, t), ...(change.actorName === null ? [] : [who(change.actorName)])].join(' · ');
  return (
    <div style={{ padding: '0.625rem 1rem' }}>
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
    </div>
  );
}

function sourceOf({ cause, connection }: Change, t: TFunction<['records', 'shared']>): string {
  return connection === null ? t(`cause.${cause}`) : t('causeIn', { cause: t(`cause.${cause}`), name: connection.name });
}
