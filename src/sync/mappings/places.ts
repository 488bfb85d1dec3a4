import { type Connection, listConnections, listStreams, type Stream } from '../../hub/connections/connections.ts';
import type { Db } from '../../hub/database.ts';
import type { Mapping } from '../../mapping/mappings.ts';

/** Where a mapping is worked by: its object, on each connection of its connector, or on the one that it is for. */
export type MappedPlace = { readonly connection: Connection; readonly stream: Stream };

export async function placesOf(
  db: Db,
  { connector, object, connection: only }: Pick<Mapping, 'connector' | 'object' | 'connection'>,
): Promise<readonly MappedPlace[]> {
  const connections = (await listConnections(db)).filter((one) => one.connector === connector && (only === undefined || one.name === only));
  const streams = (await listStreams(db)).filter((stream) => stream.object === object);
  return connections.flatMap((connection) =>
    streams.flatMap((stream) => (stream.connectionId === connection.id ? [{ connection, stream }] : [])),
  );
}
