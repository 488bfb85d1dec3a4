import { HubError } from '../../contract/errors.ts';
import type { FilePort } from '../../contract/files.ts';
import { type Connection, findConnection, listConnections, listStreams, type Stream } from '../../hub/connections/connections.ts';
import type { Reading } from '../../mapping/arriving/reading.ts';
import type { Mapping } from '../../mapping/mappings.ts';
import { type Engine, mappingOf } from '../engine.ts';

export type TableReading = Extract<Reading, { kind: 'table' }>;
/** Where a file goes: the connection that it is given to, whose mapping reads it, and the stream that its records belong to. */
export type Target = {
  readonly door: Connection;
  readonly connection: Connection;
  readonly stream: Stream;
  readonly mapping: Mapping;
  readonly reading: TableReading;
  readonly port: FilePort;
};

const refuse = (message: string): HubError => new HubError('misconfigured', message);

/** Finds where a file is to go; `misconfigured` says what is missing. */
export async function findTarget(engine: Engine, name: string, object: string | undefined): Promise<Target> {
  const { door, port } = await findDoor(engine, name);
  const streams = await listStreams(engine.hub, { connectionId: door.id });
  const tables = streams.flatMap((stream) => {
    const mapping = mappingOf(engine, door, stream.object);
    return mapping?.reading?.kind === 'table' ? [{ stream, mapping, reading: mapping.reading }] : [];
  });
  const wanted = tables.filter(({ stream, mapping }) =>
    object === undefined ? isOwn(mapping, tables) && stream.enabled : stream.object === object,
  );
  const [found, ...more] = wanted;
  if (found === undefined)
    throw refuse(
      object === undefined
        ? `Nothing of ${door.name} is switched on that files are read into. Write a mapping (syncline mapping propose <file>), and: syncline enable ${door.name}`
        : `No mapping says how tables are read into the object "${object}" of ${door.name}.`,
    );
  if (more.length > 0) throw refuse(`Say which object the file holds: ${wanted.map(({ stream }) => stream.object).join(', ')}.`);
  const place = await placeOf(engine, door, found);
  if (!place.stream.enabled || !place.connection.enabled)
    throw refuse(
      `${place.connection.name} ${place.stream.object} is switched off. Switch it on first: syncline enable ${place.connection.name}`,
    );
  return { door, port, ...found, ...place };
}

/** The connection that files can be given to. */
export async function findDoor(engine: Engine, name: string): Promise<{ readonly door: Connection; readonly port: FilePort }> {
  const door = await findConnection(engine.hub, name);
  if (door === undefined) throw refuse(`There is no connection "${name}".`);
  const port = engine.connectors.get(door.connector)?.files;
  if (port === undefined) throw refuse(`${door.name} takes no files: it is asked for its records.`);
  return { door, port };
}

/** Where a connection has mappings of its own, a file is meant for one of them. */
function isOwn(mapping: Mapping, tables: readonly { readonly mapping: Mapping }[]): boolean {
  return mapping.connection !== undefined || tables.every((one) => one.mapping.connection === undefined);
}

async function placeOf(engine: Engine, door: Connection, own: { readonly stream: Stream; readonly reading: TableReading }) {
  const other = own.reading.answers?.belongsTo ?? null;
  if (other === null) return { connection: door, stream: own.stream };
  const connection = (await listConnections(engine.hub)).find(({ name }) => name === other);
  const stream =
    connection === undefined
      ? undefined
      : (await listStreams(engine.hub, { connectionId: connection.id })).find(({ object }) => object === own.stream.object);
  if (connection === undefined || stream === undefined)
    throw refuse(`The mapping gives the responses to "${other}", and there is no such connection with responses.`);
  return { connection, stream };
}
