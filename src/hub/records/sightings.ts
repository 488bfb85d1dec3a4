import { sql } from 'kysely';
import type { Db } from '../database.ts';

/** Notes which records a complete look has met so far. It survives the process, like the cursor of the look. */
export async function noteSightings(tx: Db, streamId: string, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length === 0) return;
  await sql`
    insert into sighting (stream_id, remote_id) select distinct ${streamId}::uuid, s.id from unnest(${remoteIds}::text[]) as s (id)
    on conflict do nothing`.execute(tx);
}

type Swept = { readonly id: string; readonly connectionId: string; readonly object: string };

const unmet = (stream: Swept, runId: string) => sql`
  from observation o, run r
  where r.id = ${runId} and o.connection_id = ${stream.connectionId} and o.object = ${stream.object} and not o.gone
    and o.seen_at < r.started_at and not exists (select 1 from sighting s where s.stream_id = ${stream.id} and s.remote_id = o.remote_id)`;

/** How many records a complete look has not met that were known before it began, with some of those that are linked. */
export async function countUnmet(
  db: Db,
  stream: Swept,
  runId: string,
): Promise<{ n: number; examples: readonly { recordId: string; remoteId: string }[] }> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n ${unmet(stream, runId)}`.execute(db);
  const [{ n } = { n: 0 }] = rows;
  if (n === 0) return { n, examples: [] };
  const { rows: examples } = await sql<{ recordId: string; remoteId: string }>`
    select l.record_id as "recordId", l.remote_id as "remoteId" from link l
    where l.connection_id = ${stream.connectionId} and l.object = ${stream.object} and l.remote_id in (select o.remote_id ${unmet(stream, runId)})
    order by l.id limit 5`.execute(db);
  return { n, examples };
}

/**
 * Records that were known before a complete look began, and that it has not met. They are only suspects: a page may have missed them. In order of
 * their ids, after `after`.
 */
export async function unmetRecords(
  db: Db,
  stream: Swept,
  { after, limit, runId }: { readonly after: string; readonly limit: number; readonly runId: string },
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select o.remote_id as id ${unmet(stream, runId)} and o.remote_id > ${after}
    order by o.remote_id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

export async function forgetSightings(db: Db, streamId: string): Promise<void> {
  await sql`delete from sighting where stream_id = ${streamId}`.execute(db);
}
