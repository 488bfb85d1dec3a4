import type { AnyPort } from '../contract/connector.ts';
import { type Stream, storeSchema } from '../hub/connections.ts';
import { misfits } from '../mapping/fit.ts';
import type { EntityMapping } from '../mapping/mapping.ts';
import type { Engine } from './engine.ts';

const SCHEMA_MAX_AGE_MS = 3_600_000;

/** The live schema, read again when it is older than an hour. What in the mapping does not fit it is kept, and told to whoever watches. */
export async function freshSchema(engine: Engine, stream: Stream, port: AnyPort, mapping: EntityMapping): Promise<Stream> {
  if (stream.schema !== null && stream.sinceSchemaMs !== null && stream.sinceSchemaMs < SCHEMA_MAX_AGE_MS) return stream;
  const schema = await port.fields('all');
  const creates = stream.direction !== 'in' && port.write !== undefined;
  const unfit = misfits(mapping, { model: engine.mappings.model, schema, creates });
  await storeSchema(engine.hub, stream.id, { schema, misfits: unfit });
  const text = unfit.map(({ remote, reason, advice }) => `${remote}: ${reason}. ${advice}.`);
  if (text.length > 0) engine.live({ event: 'misfits', connectionId: stream.connectionId, object: stream.object, text });
  return { ...stream, schema, sinceSchemaMs: 0 };
}
