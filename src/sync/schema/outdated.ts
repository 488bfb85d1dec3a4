import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import { HubError } from '../../contract/errors.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import type { Engine } from '../engine.ts';

/** A write met a field that is not there any more: nothing more is sent until the schema has been read again. */
export class SchemaOutdated extends Error {
  constructor(cause: HubError) {
    super('the fields over there have changed; they are read again', { cause });
    this.name = 'SchemaOutdated';
  }
}

/** Whether an error tells that the fields over there are others than the hub believes. */
export function tellsOfSchema(error: unknown): error is HubError {
  if (!(error instanceof HubError)) return false;
  const cause = causeOf(error);
  return cause === 'schema_changed' || cause === 'field_hidden';
}

/** Lets the schema be read again, by a connector that has forgotten it as well. */
export async function forgetSchemas(engine: Engine, connection: Connection): Promise<void> {
  engine.opened.delete(connection.id);
  await sql`update stream set schema_at = null where connection_id = ${connection.id}`.execute(engine.hub);
}
