import type { FieldValue } from '../../contract/records.ts';
import { type Connection, listConnections, listStreams, type Stream } from '../../hub/connections/connections.ts';
import { type LackingField, type MissingChoice, type WaitingValue, waitingValues } from '../../hub/views/waiting-values.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { Line } from '../../mapping/mapping.ts';
import { type Engine, entityMapping } from '../engine.ts';

/** Where values wait: a line of a mapping through which they would be written, and the stream that it belongs to. */
export type Place = { readonly connection: Connection; readonly stream: Stream; readonly line: Line; readonly needs: string | null };

/** The fields over there that lack choices which records wait for; what concerns most records first. */
export async function missingChoices(engine: Engine): Promise<readonly LackingField[]> {
  const byConnection = groupBy(await waitingValues(engine.hub, null), (one) => one.connectionId);
  const connections = (await listConnections(engine.hub)).filter(({ id }) => byConnection.has(id));
  const fields: LackingField[] = [];
  for (const connection of connections) {
    const waiting = byConnection.get(connection.id) ?? [];
    for (const place of await placesOf(engine, connection))
      fields.push(
        ...lackingAt(
          place,
          waiting.filter((one) => waitsAt(place, one)),
        ),
      );
  }
  return fields.sort((a, b) => b.records - a.records);
}

const waitsAt = ({ stream, line }: Place, { object, field }: WaitingValue): boolean => object === stream.object && field === line.hub;

/** The lines by which something is written to a connection. */
export async function placesOf(engine: Engine, connection: Connection): Promise<readonly Place[]> {
  const objects = engine.connectors.get(connection.connector)?.manifest.objects ?? {};
  return (await listStreams(engine.hub, { connectionId: connection.id })).flatMap((stream) => {
    if (stream.direction === 'in' || stream.direction === 'off') return [];
    const needs = objects[stream.object]?.choices?.needs ?? null;
    return (entityMapping(engine, connection, stream.object)?.lines ?? [])
      .filter(({ direction }) => direction === 'both' || direction === 'out')
      .map((line) => ({ connection, stream, line, needs }));
  });
}

function lackingAt(place: Place, waiting: readonly WaitingValue[]): readonly LackingField[] {
  const { connection, stream, line, needs } = place;
  const values = missingAt(place, waiting);
  if (values.length === 0) return [];
  const { id, name, connector } = connection;
  const records = waiting.reduce((sum, one) => sum + one.records, 0);
  return [
    {
      ...{ connection: { id, name, connector }, object: stream.object, hubObject: stream.hubObject, hubField: line.hub },
      ...{ field: line.remote, label: labelAt(place), needs, records, values },
    },
  ];
}

/** What people over there call the field. */
export const labelAt = ({ stream, line }: Pick<Place, 'stream' | 'line'>): string =>
  stream.schema?.find(({ name }) => name === line.remote)?.label ?? line.remote;

/** What waits at a place. */
export async function waitingAt({ hub }: Engine, place: Place): Promise<readonly WaitingValue[]> {
  return (await waitingValues(hub, place.connection.id)).filter((one) => waitsAt(place, one));
}

/** The choices that a value of the hub is written as. */
export function writtenAs({ line }: Pick<Place, 'line'>, value: FieldValue): readonly string[] {
  const encoded = line.codec.encode(value);
  if (!encoded.ok || encoded.value === null) return [];
  return (Array.isArray(encoded.value) ? encoded.value : [encoded.value]).map(String);
}

/** The values as they would be written, each by itself where several are, without those that the field is known to take. */
export function missingAt({ stream, line }: Place, waiting: readonly WaitingValue[]): readonly MissingChoice[] {
  const known = new Set(stream.schema?.find(({ name }) => name === line.remote)?.choices?.map(({ value }) => value));
  const counts = new Map<string, number>();
  for (const { value, refused, records } of waiting) {
    const each = writtenAs({ line }, value);
    const lacking = each.filter((one) => !known.has(one));
    // The vendor may know better than what it showed last.
    for (const one of lacking.length === 0 && refused ? each : lacking) counts.set(one, (counts.get(one) ?? 0) + records);
  }
  return [...counts].map(([value, records]) => ({ value, records })).sort((a, b) => b.records - a.records);
}
