import { HubError } from '../../contract/errors.ts';
import type { Fields } from '../../contract/records.ts';
import { openBeside } from '../connecting/session.ts';
import type { Engine } from '../engine.ts';
import type { MappedPlace } from './places.ts';

/** A draft that is tried on real records; `signal` bounds how long they may be asked for. */
export type Tried = { readonly name: string; readonly text: string; readonly signal: AbortSignal };

/** Records as they are over there now, by id, with fields that the hub has never asked for; or a sentence that says why they could not be read. */
export async function readThere(
  engine: Engine,
  { connection, stream }: MappedPlace,
  { ids, fields, signal }: { readonly ids: readonly string[]; readonly fields: readonly string[]; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Fields> | string> {
  if (ids.length === 0 || fields.length === 0) return new Map();
  try {
    const opened = await openBeside(engine, connection, signal);
    const port = opened.ports.objects[stream.object];
    if (port === undefined) return 'This object cannot be read there.';
    try {
      const seen = await port.read.byIds(ids, { scope: 'all', fields, known: async () => new Set() });
      return new Map(seen.flatMap((one) => ('fields' in one ? [[one.id, one.fields] as const] : [])));
    } finally {
      await opened.settle();
    }
  } catch (error) {
    if (error instanceof HubError) return error.message;
    throw error;
  }
}
