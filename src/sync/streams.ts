import type { FieldSchema } from '../contract/connector.ts';
import type { ObjectTraits } from '../contract/manifest.ts';
import { type Connection, listConnections, listStreams, type Stream } from '../hub/connections/connections.ts';
import type { Db } from '../hub/database.ts';
import { must } from '../kernel/must.ts';
import type { Direction, EntityMapping, Line } from '../mapping/mapping.ts';
import { type Engine, entityMapping } from './engine.ts';

/** An entity stream that takes part in the merge, with all that planning needs to know of it. */
export type EntityStream = {
  readonly key: string;
  readonly connection: Connection;
  readonly stream: Stream;
  readonly traits: ObjectTraits;
  readonly mapping: EntityMapping;
  readonly lines: readonly Line[];
  readonly schema: ReadonlyMap<string, FieldSchema>;
  readonly canCreate: boolean;
  readonly canUpdate: boolean;
  readonly canDelete: boolean;
};

export const streamKey = (connectionId: string, object: string): string => `${connectionId}|${object}`;

/** The enabled, live streams of one hub object whose live schema has been read, by `streamKey`. */
export async function entityStreams(engine: Engine, db: Db, hubObject: string): Promise<ReadonlyMap<string, EntityStream>> {
  const connections = new Map((await listConnections(db)).map((connection) => [connection.id, connection]));
  const streams = new Map<string, EntityStream>();
  for (const stream of await listStreams(db, { hubObject })) {
    const connection = must(connections.get(stream.connectionId), 'the connection of a stream');
    if (!connection.enabled || !stream.enabled || stream.mode === 'shadow' || stream.direction === 'off') continue;
    const opened = entityStream(engine, connection, stream);
    if (opened !== null) streams.set(opened.key, opened);
  }
  return streams;
}

export function entityStream(engine: Engine, connection: Connection, stream: Stream): EntityStream | null {
  const mapping = entityMapping(engine, connection, stream.object);
  const traits = engine.connectors.get(connection.connector)?.manifest.objects[stream.object];
  if (mapping === undefined || traits === undefined || stream.schema === null) return null;
  const schema = new Map(stream.schema.map((field) => [field.name, field]));
  const writes = stream.direction !== 'in' && traits.write !== undefined;
  return {
    key: streamKey(connection.id, stream.object),
    connection,
    stream,
    traits,
    mapping,
    // A line whose remote field the live schema lacks, or shows as something else, is out of use, and the stream's others go on.
    lines: mapping.lines
      .filter((line) => schema.has(line.remote) && !stream.quarantined.includes(line.remote))
      .map((line) => ({ ...line, direction: narrow(line.direction, stream.direction) })),
    schema,
    canCreate: writes && mapping.gates.out.creates && traits.write?.verbs.includes('create') === true,
    canUpdate: writes && traits.write?.verbs.includes('update') === true,
    canDelete: writes && traits.write?.verbs.includes('delete') === true,
  };
}

/** A field flows only where both its own direction and its stream's allow it. */
function narrow(line: Direction, stream: Direction): Direction {
  if (stream === 'both' || line === 'off') return line;
  if (line === 'both') return stream;
  return line === stream ? line : 'off';
}
