import { sql } from 'kysely';
import type { Fields, Write } from '../../contract/records.ts';
import type { Db } from '../database.ts';
import { newId } from '../ids.ts';

/** A write that was carried out: what the record held over there before, and what it was given, in the hub's words. */
export type Delivery = {
  readonly linkId: string;
  readonly recordId: string;
  readonly remoteId: string;
  readonly verb: Write['verb'];
  /** Empty for a record that was made; a field whose value could not be read is left out. */
  readonly before: Fields;
  readonly after: Fields;
};

/** Keeps what was written, so that it can be taken back. */
export async function storeDeliveries(
  tx: Db,
  place: { readonly runId: string; readonly connectionId: string; readonly object: string },
  deliveries: readonly Delivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await sql`
    insert into delivery (id, run_id, link_id, record_id, connection_id, object, remote_id, verb, before, after)
    select d.id, ${place.runId}::uuid, d.link_id, d.record_id, ${place.connectionId}::uuid, ${place.object}, d.remote_id, d.verb, d.before::jsonb, d.after::jsonb
    from unnest(${deliveries.map(() => newId())}::uuid[], ${deliveries.map((d) => d.linkId)}::uuid[], ${deliveries.map((d) => d.recordId)}::uuid[],
      ${deliveries.map((d) => d.remoteId)}::text[], ${deliveries.map((d) => d.verb)}::text[], ${deliveries.map((d) => JSON.stringify(d.before))}::text[],
      ${deliveries.map((d) => JSON.stringify(d.after))}::text[]) as d (id, link_id, record_id, remote_id, verb, before, after)`.execute(tx);
}
