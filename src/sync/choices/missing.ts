import { type Connection, listConnections, listStreams, type Stream } from '../../hub/connections/connections.ts';
import { type LackingField, type MissingChoice, type WaitingValue, waitingValues } from '../../hub/views/waiting-values.ts';
import { groupBy } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import type { Line } from '../../mapping/mapping.ts';
import { type Engine, entityMapping } from '../engine.ts';

/** Where values wait: a line of a mapping through which they would be written, and the stream that it belongs to. */
export type Place = { readonly connection: Connection; readonly stream: Stream; readonly line: Line; readonly needs: string | null };

/** The fields over there that lack choices which records wait for, of one connection or of all; what concerns most records first. */
export async function missingChoices(engine: Engine, connectionId: string | null = null): Promise<readonly LackingField[]> {
  const connections = await listConnections(engine.hub);
  const byConnection = groupBy(await waitingValues(engine.hub, connectionId), (one) => one.connectionId);
  const fields: LackingField[] = [];
  for (const connection of connections) {
    const byField = groupBy(byConnection.get(connection.id) ?? [], ({ object, field }) => `${object} ${field}`);
    for (const waiting of byField.values()) {
      const { object, field: hubField } = must(waiting[0], 'a value that waits');
      for (const place of await placesOf(engine, connection, { object, hubField })) fields.push(...lackingAt(place, waiting));
    }
  }
  return fields.sort((a, b) => b.records - a.records);
}

type Wanted = { readonly object: string; readonly hubField?: string; readonly field?: string };

/** The lines by which a field of the hub is written to a connection, or a field over there is. */
export async function placesOf(engine: Engine, connection: Connection, { object, hubField, field }: Wanted): Promise<readonly Place[]> {
  const stream = (await listStreams(engine.hub, { connectionId: connection.id })).find((one) => one.object === object);
  const mapping = entityMapping(engine, connection, object);
  if (stream === undefined || mapping === undefined || stream.direction === 'in' || stream.direction === 'off') return [];
  const traits = engine.connectors.get(connection.connector)?.manifest.objects[object];
  return mapping.lines
    .filter((line) => line.direction === 'both' || line.direction === 'out')
    .filter((line) => (hubField ?? line.hub) === line.hub && (field ?? line.remote) === line.remote)
    .map((line) => ({ connection, stream, line, needs: traits?.choices?.needs ?? null }));
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

/** The values as they would be written, each by itself where several are, without those that the field is known to take. */
export function missingAt({ stream, line }: Place, waiting: readonly WaitingValue[]): readonly MissingChoice[] {
  const known = new Set(stream.schema?.find(({ name }) => name === line.remote)?.choices?.map(({ value }) => value));
  const counts = new Map<string, number>();
  for (const { value, refused, records } of waiting) {
    const encoded = line.codec.encode(value);
    if (!encoded.ok || encoded.value === null) continue;
    const each = (Array.isArray(encoded.value) ? encoded.value : [encoded.value]).map(String);
    const lacking = each.filter((one) => !known.has(one));
    // The vendor may know better than what it showed last.
    for (const one of lacking.length === 0 && refused ? each : lacking) counts.set(one, (counts.get(one) ?? 0) + records);
  }
  return [...counts].map(([value, records]) => ({ value, records })).sort((a, b) => b.records - a.records);
}
