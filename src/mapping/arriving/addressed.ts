import { HubError } from '../../contract/errors.ts';
import type { Observation } from '../../contract/records.ts';
import type { Delivery, DeliveryPort } from '../../contract/webhook.ts';
import { type Mapping, type Mappings, mappingFor, objectsMapped } from '../mappings.ts';
import { readDelivery } from './read-delivery.ts';

type Place = { readonly streamId: string; readonly connectionId: string };

/** Whom a delivery came to, with the streams that are switched on: its own, by object, and those of responses of all connections, by name. */
export type Door = {
  readonly connectionId: string;
  readonly connector: string;
  readonly name: string;
  readonly streams: ReadonlyMap<string, string>;
  readonly responseStreams: ReadonlyMap<string, Place>;
};
export type Addressed = { readonly seen: readonly (Place & { readonly seen: Observation })[]; readonly unread: readonly string[] };

/** What a delivery has shown, and on which streams. What cannot be read is told; nothing is ever dropped without a word. */
export async function readAddressed(
  mappings: Mappings,
  door: Door,
  { port, delivery }: { readonly port: DeliveryPort; readonly delivery: Delivery },
): Promise<Addressed> {
  if (door.streams.size === 0) return refuse(`no object of ${door.name} is switched on`);
  try {
    const body = await port.bodyOf(delivery);
    const own = objectsMapped(mappings, door.connector).flatMap(({ object }) => {
      const streamId = door.streams.get(object);
      const mapping = mappingFor(mappings, door, object);
      return streamId === undefined || mapping === undefined ? [] : [{ streamId, mapping }];
    });
    if (own.length === 0) return refuse(`no mapping says what deliveries of ${door.name} hold`);
    const read = own.map(({ streamId, mapping }) => {
      const to = belongsTo(door, mapping, { streamId, connectionId: door.connectionId });
      if (to === undefined) return refuse(`${mapping.file} gives them to a connection that has no responses switched on`);
      const { seen, unread } = readDelivery(mapping, body, delivery.receivedAt.toISOString());
      return { seen: seen.map((one) => ({ ...to, seen: one })), unread };
    });
    return { seen: read.flatMap(({ seen }) => seen), unread: read.flatMap(({ unread }) => unread) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return refuse(error.message);
  }
}

const refuse = (reason: string): Addressed => ({ seen: [], unread: [reason] });

/** The stream whose records these are: that of another connection, where the mapping says so. */
function belongsTo({ responseStreams }: Door, mapping: Mapping, own: Place): Place | undefined {
  const other = mapping.reading?.answers?.belongsTo ?? null;
  return other === null ? own : responseStreams.get(other);
}
