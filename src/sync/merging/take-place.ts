import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { MERGED_AWAY, moveLinks, putAside } from './move-links.ts';

/** A link of a record that was merged away, of which there is something over there; `livingId` is the record that it lives on in. */
export type Stray = { readonly id: string; readonly recordId: string; readonly livingId: string };
type Place = {
  readonly id: string;
  readonly connection_id: string;
  readonly object: string;
  readonly record_id: string;
  readonly remote_id: string | null;
  readonly isTaken: boolean;
};

/**
 * Lets what stands for a record that was merged away stand for the joined one, whose own place has nothing over there any more. Where it has, the
 * stray is put aside.
 */
export async function takePlaces(tx: Tx, strays: readonly Stray[]): Promise<void> {
  for (const stray of strays) await takePlace(tx, stray);
}

async function takePlace(tx: Tx, { id, recordId, livingId }: Stray): Promise<void> {
  await sql`select id from record where id = any(${[recordId, livingId]}::uuid[]) order by id for update`.execute(tx);
  const { rows } = await sql<Place>`
    select l.id, l.connection_id, l.object, l.record_id, l.remote_id,
      l.sent is not null or (l.remote_id is not null and (l.state <> 'gone' or o.gone = false)) as "isTaken"
    from link l join link s on s.id = ${id} and s.connection_id = l.connection_id and s.object = l.object
      left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.record_id = any(${[recordId, livingId]}::uuid[]) for update of l`.execute(tx);
  const own = rows.find((row) => row.id === id && row.record_id === recordId);
  if (own === undefined) return;
  const place = rows.find((row) => row.record_id === livingId);
  if (place?.isTaken === true) {
    const reason = `${place.remote_id ?? 'what is being made there'} stands for the same record`;
    await sql`update link set state = 'excluded', cause = ${MERGED_AWAY}, reason = ${reason}, due = false where id = ${id}`.execute(tx);
    return;
  }
  await moveLinks(tx, [{ id, recordId: livingId }, ...(place === undefined ? [] : [{ id: place.id, recordId }])]);
  // What was to be made there is made for nobody any more.
  if (place !== undefined) await putAside(tx, [{ id: place.id, reason: `${own.remote_id} stands for the same record` }]);
  await sql`
    update link l set state = case when r.archived_at is null then 'in_sync' else 'gone' end, cause = null, reason = null, base = '{}', sent = null, sent_at = null,
      expected = null, gone_by = null, removal = null, due = false
    from record r where l.id = ${id} and r.id = l.record_id`.execute(tx);
  await sql`
    update observation set dirty = true
    where connection_id = ${own.connection_id} and object = ${own.object} and remote_id = ${own.remote_id}`.execute(tx);
  await sql`update record set dirty = true where id = ${livingId}`.execute(tx);
}
