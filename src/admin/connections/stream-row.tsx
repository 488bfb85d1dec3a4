import { Group, NativeSelect, Stack, Switch, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { api, type Connection, type Stream } from '../api.ts';
import { useSpan } from '../format.ts';
import { useNames } from '../names.ts';
import { Ago } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { RhythmInput } from './rhythm-input.tsx';

type Change = { readonly enabled?: boolean; readonly direction?: Stream['direction']; readonly everyMs?: number };
// The latest are enough to see what somebody has just done over there.
const DRIFTS_SHOWN = 3;
const STANDS = new Set(['removed', 'retyped', 'read_only', 'option_removed']);

type RowProps = { readonly connection: Connection; readonly stream: Stream; readonly isReadOnly: boolean };

/** One object of a connection: on or off, its direction, and how often Syncline looks. */
export function StreamRow({ connection, stream, isReadOnly }: RowProps) {
  const { t } = useTranslation(['connections', 'shared']);
  const span = useSpan();
  const mayChange = useMay('admin');
  const change = useAct(async (json: Change) =>
    api.connections[':id'].streams[':object'].$patch({ param: { id: connection.id, object: stream.object }, json }),
  );
  const shown = change.isPending ? { ...stream, ...change.variables } : stream;
  const name = useNames().objects(stream.object);
  return (
    <Group
      px="md"
      py="sm"
      justify="space-between"
      gap="md"
      component="fieldset"
      m={0}
      style={{ borderInline: 0, borderTop: 0, minWidth: 0 }}
      aria-label={name}
    >
      <Stack gap={0} flex="1 1 10rem">
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          <Freshness stream={stream} />
        </Text>
        {stream.cause !== null && (
          <Text size="xs" className="value" c="var(--mantine-color-error)">
            {stream.cause.text} {stream.reason !== null && `${stream.reason}. `}
            {stream.cause.advice}
          </Text>
        )}
        {stream.misfits.map((misfit) => (
          <Text key={`${misfit.hub} ${misfit.remote}`} size="xs" c="dimmed">
            {t('stream.leftOut', { field: misfit.remote, reason: misfit.reason, advice: misfit.advice })}
          </Text>
        ))}
        {stream.drift.slice(0, DRIFTS_SHOWN).map((drift) => (
          <Text key={`${drift.at} ${drift.kind} ${drift.text}`} size="xs" c="dimmed">
            <Trans
              t={t}
              i18nKey={drift.endedAt !== null && STANDS.has(drift.kind) ? 'stream.driftOver' : 'stream.drift'}
              values={{ text: drift.text }}
              components={{ at: <Ago at={drift.at} /> }}
            />
          </Text>
        ))}
      </Stack>
      {mayChange ? (
        <Group gap="sm">
          <NativeSelect
            size="xs"
            aria-label={t('stream.direction', { name })}
            value={shown.direction}
            data={directionsOf(isReadOnly).map((value) => ({ value, label: t(`shared:direction.${value}`) }))}
            onChange={(event) => change.mutate({ direction: directionIn(event.currentTarget.value) })}
          />
          <RhythmInput key={stream.everyMs} label={name} everyMs={shown.everyMs} onChange={(everyMs) => change.mutate({ everyMs })} />
          <Switch
            aria-label={t('stream.areOn', { name })}
            checked={shown.enabled}
            onChange={(event) => change.mutate({ enabled: event.currentTarget.checked })}
          />
        </Group>
      ) : (
        <Text size="sm">
          {stream.enabled
            ? t('stream.rhythm', { direction: t(`shared:direction.${stream.direction}`), span: span(stream.everyMs) })
            : t('stream.offNow')}
        </Text>
      )}
    </Group>
  );
}

const ALL = ['both', 'in', 'out', 'off'] as const;
const directionIn = (value: string): Stream['direction'] => ALL.find((each) => each === value) ?? 'off';
function directionsOf(isReadOnly: boolean) {
  return ALL.filter((each) => !isReadOnly || each === 'in' || each === 'off');
}

function Freshness({ stream }: { readonly stream: Stream }) {
  const { t } = useTranslation('connections');
  if (stream.observedAt === null) return t('stream.notLooked');
  return (
    <>
      <Trans
        t={t}
        i18nKey={stream.backfilledAt === null ? 'stream.lookedUnfinished' : 'stream.looked'}
        components={{ at: <Ago at={stream.observedAt} /> }}
      />
      {stream.wroteAt !== null && <Trans t={t} i18nKey="stream.wrote" components={{ at: <Ago at={stream.wroteAt} /> }} />}
    </>
  );
}
