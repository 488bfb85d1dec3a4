import { sql } from 'kysely';
import type { Scope } from '../../contract/records.ts';
import type { Db } from '../database.ts';

/** One record that deliveries gave a reason to look at, with the deliveries that did. */
export type Look = { readonly scope: Scope; readonly remoteId: string; readonly inputIds: readonly string[] };

/** What is to be looked at on a stream, the oldest reasons first, with those that still wait for others. */
export async function readLooks(db: Db, streamId: string, limit: number): Promise<readonly Look[]> {
  const { rows } = await sql<Look>`
    select scope, remote_id as "remoteId", array_agg(input_id order by input_id) as "inputIds" from look where stream_id = ${streamId}
    group by scope, remote_id order by min(noted_at), remote_id limit ${limit}`.execute(db);
  return rows;
}

/** The streams of a connection on which something is to be looked at now. `noted_at` lies ahead as long as a look waits for others. */
export async function streamsToLookAt(db: Db, connectionId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select s.id from stream s where s.connection_id = ${connectionId} and exists (select 1 from look k where k.stream_id = s.id and k.noted_at <= now())`.execute(
    db,
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * These looks are done: in the transaction that stores what they saw. A delivery whose last look it was has ended, as applied when any of its looks
 * found something new.
 */
export async function endLooks(tx: Db, streamId: string, looks: readonly Look[], isNews: (look: Look) => boolean): Promise<void> {
  const rows = looks.flatMap((look) => look.inputIds.map((inputId) => ({ ...look, inputId, news: isNews(look) })));
  if (rows.length === 0) return;
  await sql`
    delete from look k using unnest(${rows.map((r) => r.scope)}::text[], ${rows.map((r) => r.remoteId)}::text[], ${rows.map((r) => r.inputId)}::uuid[])
      as d (scope, remote_id, input_id)
    where k.stream_id = ${streamId} and k.scope = d.scope and k.remote_id = d.remote_id and k.input_id = d.input_id`.execute(tx);
  const news = rows.filter((row) => row.news).map((row) => row.inputId);
  await sql`update input set found = true where id = any(${news}::uuid[]) and not found`.execute(tx);
  await endInputs(tx, [...new Set(rows.map((row) => row.inputId))]);
}

/** Ends those deliveries among some on account of which nothing is left to look at or to store. */
export async function endInputs(tx: Db, inputIds: readonly string[]): Promise<void> {
  // Of two that end the last two looks of one delivery, the later one sees that it was the last.
  await sql`select id from input where id = any(${inputIds}::uuid[]) order by id for update`.execute(tx);
  await sql`
    update input i set ended_at = now(),
      state = case when exists (select 1 from unread_delivery u where u.input_id = i.id) then 'held' when i.found then 'applied' else 'no_op' end
    where i.id = any(${inputIds}::uuid[]) and i.state = 'accepted' and not exists (select 1 from look k where k.input_id = i.id)
      and not exists (select 1 from arrival a where a.input_id = i.id)`.execute(tx);
}

/** Ends deliveries whose streams are gone with their looks. */
export async function tidyDeliveries(db: Db): Promise<void> {
  await sql`
    update input i set state = 'no_op', ended_at = now()
    where i.kind = 'webhook' and i.state = 'accepted' and not exists (select 1 from look k where k.input_id = i.id)
      and not exists (select 1 from arrival a where a.input_id = i.id)`.execute(db);
}
