import { sql } from 'kysely';
import type { Stream } from '../../hub/connections/connections.ts';
import type { Db } from '../../hub/database.ts';
import type { EntityMapping } from '../../mapping/mapping.ts';
import { mappingHash } from './mapping-versions.ts';

/**
 * Lets a stream work under another version of its mapping: what a filter had kept out, what a rule had decided, and who has a place are looked at
 * anew, and the mapping is checked against the live schema again. False when it works under this one already.
 */
export async function adoptMapping(tx: Db, stream: Stream, mapping: EntityMapping): Promise<boolean> {
  const hash = mappingHash(mapping);
  if (stream.mappingHash === hash) return false;
  await tx.updateTable('stream').set({ mapping_hash: hash }).where('id', '=', stream.id).execute();
  if (stream.mappingHash === null) return true;
  await tx.updateTable('stream').set({ placed: false, schema_at: null }).where('id', '=', stream.id).execute();
  // Whoever has changed the mapping has seen what the fields are now.
  await sql`update drift set ended_at = now() where stream_id = ${stream.id} and kind = 'retyped' and ended_at is null`.execute(tx);
  await sql`
    update observation o set dirty = true where o.connection_id = ${stream.connectionId} and o.object = ${stream.object} and not o.dirty and not o.gone
      and not exists (select 1 from link l where l.connection_id = o.connection_id and l.object = o.object and l.remote_id = o.remote_id)`.execute(
    tx,
  );
  await sql`
    update record r set dirty = true from link l
    where l.connection_id = ${stream.connectionId} and l.object = ${stream.object} and r.id = l.record_id and not r.dirty`.execute(tx);
  return true;
}
