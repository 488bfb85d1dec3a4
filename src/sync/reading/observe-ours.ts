import { noteAsked } from '../../hub/connections/connections.ts';
import type { Engine } from '../engine.ts';
import { noteLooked } from '../rhythm/note-looked.ts';
import { isSwept, type Seen, type Work } from '../work.ts';
import { sweep } from './sweep.ts';

/** The look at a stream of which nothing but what the hub has made is looked at: there is nothing to find, but a field that was not asked for before is read of all that is known. */
export async function observeOurs(engine: Engine, work: Work, total: Seen): Promise<Seen> {
  const { connection, stream, fields, mapping } = work;
  const isMore = stream.asked !== null && fields.some((name) => stream.asked?.includes(name) !== true);
  if (isMore) await sweep(engine, work, total);
  if (isMore || stream.asked?.length !== fields.length) await noteAsked(engine.hub, stream.id, fields);
  const traits = engine.connectors.get(connection.connector)?.manifest.objects[stream.object];
  await noteLooked(engine, work, { sweeps: isSwept(traits, mapping) });
  return total;
}
