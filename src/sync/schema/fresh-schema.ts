import type { AnyPort } from '../../contract/connector.ts';
import { listConnections, type Stream } from '../../hub/connections/connections.ts';
import { arrivingSchema } from '../../mapping/arriving/schema.ts';
import { misfits } from '../../mapping/fit.ts';
import type { EntityMapping } from '../../mapping/mapping.ts';
import type { Engine } from '../engine.ts';
import { inTransaction } from '../transaction.ts';
import { arrives } from '../work.ts';
import { noteSchema } from './note-schema.ts';

const SCHEMA_MAX_AGE_MS = 3_600_000;

/** The live schema, read again when it is older than an hour. */
export async function freshSchema(engine: Engine, stream: Stream, port: AnyPort, mapping: EntityMapping): Promise<Stream> {
  if (stream.schema !== null && stream.sinceSchemaMs !== null && stream.sinceSchemaMs < SCHEMA_MAX_AGE_MS) return stream;
  return readSchema(engine, stream, port, mapping);
}

/** The schema as it is now. What has changed in it, and what in the mapping does not fit it, is kept, and told to whoever watches. */
export async function readSchema(engine: Engine, stream: Stream, port: AnyPort, mapping: EntityMapping): Promise<Stream> {
  const schema = arrives(mapping) ? arrivingSchema(mapping, engine.mappings.model) : await port.fields('all');
  const traits = engine.connectors.get(mapping.connector)?.manifest.objects[stream.object];
  const write = stream.direction === 'in' ? null : (traits?.write ?? null);
  const systems = new Set([...engine.connectors.keys(), ...(await listConnections(engine.hub)).map(({ name }) => name)]);
  const unfit = misfits(mapping, { model: engine.mappings.model, schema, write, systems });
  const now = await inTransaction(engine.hub, (tx) => noteSchema(tx, stream, { schema, misfits: unfit, mapping }));
  const text = unfit.map(({ remote, reason, advice }) => `${remote}: ${reason}. ${advice}.`);
  if (text.length > 0) engine.live({ event: 'misfits', connectionId: stream.connectionId, object: stream.object, text });
  return now;
}
