import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';

/** Strangers of whom it is open which of these records they are: that is looked at anew. */
export async function askWhoTheyAre(tx: Tx, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  await sql`
    update observation o set dirty = true from hold h
    where h.kind = 'ambiguous' and h.closed_at is null
      and exists (select 1 from jsonb_array_elements_text(h.detail -> 'candidates') as c (id) where c.id = any(${recordIds}::text[]))
      and o.connection_id = h.connection_id and o.object = h.object and o.remote_id = h.remote_id`.execute(tx);
}
