import { Group, NativeSelect, Stack, Switch, Text } from '@mantine/core';
import { api, type Connection, type Stream } from '../api.ts';
import { Ago } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { spanOf } from '../time.ts';
import { DIRECTIONS, pluralOf } from '../words.ts';
import { RhythmInput } from './rhythm-input.tsx';

type Change = { readonly enabled?: boolean; readonly direction?: Stream['direction']; readonly everyMs?: number };
// The latest are enough to see what somebody has just done over there.
const DRIFTS_SHOWN = 3;
const STANDS = new Set(['removed', 'retyped', 'read_only', 'option_removed']);

type RowProps = { readonly connection: Connection; readonly stream: Stream; readonly isReadOnly: boolean };

/** One object of a connection: on or off, its direction, and how often Syncline looks. */
export function StreamRow({ connection, stream, isReadOnly }: RowProps) {
  const mayChange = useMay('admin');
  const change = useAct(async (json: Change) =>
    api.connections[':id'].streams[':object'].$patch({ param: { id: connection.id, object: stream.object }, json }),
  );
  const shown = change.isPending ? { ...stream, ...change.variables } : stream;
  const name = pluralOf(stream.object);
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
            {stream.cause.text} {stream.reason}. {stream.cause.advice}
          </Text>
        )}
        {stream.misfits.map((misfit) => (
          <Text key={`${misfit.hub} ${misfit.remote}`} size="xs" c="dimmed">
            Left out: {misfit.remote}: {misfit.reason}. {misfit.advice}.
          </Text>
        ))}
        {stream.drift.slice(0, DRIFTS_SHOWN).map((drift) => (
          <Text key={`${drift.at} ${drift.kind} ${drift.text}`} size="xs" c="dimmed">
            Changed there <Ago at={drift.at} />: {drift.text}
            {drift.endedAt !== null && STANDS.has(drift.kind) && ', which is over'}.
          </Text>
        ))}
      </Stack>
      {mayChange ? (
        <Group gap="sm">
          <NativeSelect
            size="xs"
            aria-label={`Direction of ${name}`}
            value={shown.direction}
            data={directionsOf(isReadOnly)}
            onChange={(event) => change.mutate({ direction: directionIn(event.currentTarget.value) })}
          />
          <RhythmInput key={stream.everyMs} label={name} everyMs={shown.everyMs} onChange={(everyMs) => change.mutate({ everyMs })} />
          <Switch
            aria-label={`${name} are on`}
            checked={shown.enabled}
            onChange={(event) => change.mutate({ enabled: event.currentTarget.checked })}
          />
        </Group>
      ) : (
        <Text size="sm">{stream.enabled ? `${DIRECTIONS[stream.direction]}, every ${spanOf(stream.everyMs)}` : 'Switched off'}</Text>
      )}
    </Group>
  );
}

const ALL = ['both', 'in', 'out', 'off'] as const;
const directionIn = (value: string): Stream['direction'] => ALL.find((each) => each === value) ?? 'off';
function directionsOf(isReadOnly: boolean) {
  return ALL.filter((each) => !isReadOnly || each === 'in' || each === 'off').map((value) => ({ value, label: DIRECTIONS[value] }));
}

function Freshness({ stream }: { readonly stream: Stream }) {
  if (stream.observedAt === null) return 'Has not looked yet';
  return (
    <>
      {stream.backfilledAt === null ? 'First load not finished, looked ' : 'Looked '}
      <Ago at={stream.observedAt} />
      {stream.wroteAt !== null && (
        <>
          , wrote <Ago at={stream.wroteAt} />
        </>
      )}
    </>
  );
}
