import { Checkbox, Group, Stack, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import type { Hold } from '../api.ts';
import { useNames } from '../names.ts';
import { Ago, RecordLink, Shown } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import { useMay } from '../session.tsx';
import { Deciding } from './deciding.tsx';
import { isTaken, valueIn } from './hold-values.ts';

type CardProps = { readonly hold: Hold; readonly selected?: boolean; readonly onSelect?: () => void };

/** One decision: what it is about, both values, the reason, and the buttons. */
export function HoldCard({ hold, selected = false, onSelect }: CardProps) {
  const { t } = useTranslation('decisions');
  const names = useNames();
  const who = useWho();
  const mayDecide = useMay('steward');
  const title = hold.field === null ? hold.label : names.field(hold.field, hold.label ?? undefined);
  return (
    <Stack
      className="card"
      p="md"
      gap="xs"
      component="article"
      aria-label={t('label', { kind: t(`kind.${hold.kind}`), title: hold.recordTitle ?? hold.remoteId ?? '' })}
    >
      <Group justify="space-between" gap="xs">
        <Group gap={8}>
          {onSelect !== undefined && (
            <Checkbox
              size="xs"
              aria-label={t('select', { title: [hold.recordTitle, title].filter((part) => part !== null).join(' · ') })}
              checked={selected}
              onChange={onSelect}
            />
          )}
          <span className="chip">
            <span>{t(`kind.${hold.kind}`)}</span>
          </span>
          <Text size="sm" fw={600} component="div">
            {hold.recordId !== null && hold.recordTitle !== null ? (
              <RecordLink record={{ id: hold.recordId, object: hold.hubObject ?? 'contact', title: hold.recordTitle }} />
            ) : (
              <span className="value">
                {hold.object === null ? '' : names.thing(hold.object)} {hold.remoteId}
              </span>
            )}
            {title !== null && ` · ${title}`}
          </Text>
        </Group>
        <Text size="xs" c="dimmed">
          {hold.connection !== null && `${hold.connection.name}, `}
          <Ago at={hold.openedAt} />
        </Text>
      </Group>
      <Text size="sm" className="value">
        {hold.cause.text}
      </Text>
      {hold.closedAt === null && (
        <Text size="sm" c="dimmed">
          {hold.cause.advice}
        </Text>
      )}
      {/* Of a conflict both values stand below: there is nothing more to say. Nor is there where a role is told the cause alone. */}
      {hold.kind !== 'conflict' && hold.reason !== hold.cause.text && (
        <Text size="xs" c="dimmed" className="value">
          {hold.reason}
        </Text>
      )}
      <Sides hold={hold} />
      {isTaken(hold) && (
        <Text size="sm" c="dimmed">
          {t('taken')}
        </Text>
      )}
      {hold.closedAt === null && mayDecide && !isTaken(hold) && <Deciding hold={hold} />}
      {hold.closedAt !== null && (
        <Text size="xs" c="dimmed">
          <Trans
            t={t}
            i18nKey={hold.closedByName === null ? 'decidedAt' : 'decidedBy'}
            values={{ by: who(hold.closedByName ?? '') }}
            components={{ at: <Ago at={hold.closedAt} /> }}
          />
        </Text>
      )}
    </Stack>
  );
}

function Sides({ hold }: { readonly hold: Hold }) {
  const { t } = useTranslation(['decisions', 'shared']);
  const sides = [
    [t('shared:product'), valueIn(hold, 'hub')],
    [hold.connection?.name ?? t('shared:theSystem'), valueIn(hold, 'remote')],
    [t('wanted'), valueIn(hold, 'value')],
  ] as const;
  const shown = sides.filter(([, value]) => value !== undefined);
  if (shown.length === 0) return null;
  return (
    <Group gap="sm" align="stretch">
      {shown.map(([name, value]) => (
        <div key={name} className="note" style={{ flex: '1 1 12rem', minWidth: 0 }}>
          <Text size="xs" c="dimmed" className="value">
            {name}
          </Text>
          <Text size="sm" fw={500} component="div">
            <Shown value={value} />
          </Text>
        </div>
      ))}
    </Group>
  );
}
