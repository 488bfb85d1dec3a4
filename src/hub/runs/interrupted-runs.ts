import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';

const INTERRUPTED = JSON.stringify({
  kind: 'interrupted',
  message: 'the process that was at it ended in the middle; what it had done is kept, and the next run goes on from there',
});

/** What a run that writes has written, by its deliveries: true at every instant, whatever became of the process. */
const written = sql`(
  select coalesce(jsonb_object_agg(n.name, n.n), '{}') from (
    select case d.verb when 'create' then 'created' when 'update' then 'updated' when 'delete' then 'deleted' else 'merged' end as name, count(*) as n
    from delivery d where d.run_id = r.id group by 1) as n)`;

/** Ends the runs that a dead process has left on a connection; for whoever has its lease, so that nobody else is at one of them. */
export const closeInterrupted = (db: Db, connectionId: string): Promise<number> => close(db, sql`c.id = ${connectionId}`);

/** The same for all connections that nobody works on. */
export const closeAllInterrupted = (db: Db): Promise<number> => close(db, sql`c.lease_until < now()`);

async function close(db: Db, which: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update run r set ended_at = now(), error = ${INTERRUPTED}::jsonb, counts = case when r.kind = 'writes' then ${written} else r.counts end
    from stream s join connection c on c.id = s.connection_id
    where s.id = r.stream_id and r.ended_at is null and ${which} returning r.id`.execute(db);
  if (rows.length > 0)
    await dropIdle(
      db,
      rows.map(({ id }) => id),
    );
  return rows.length;
}

/** One that had come to nothing leaves no trace, as when it ends by itself. */
async function dropIdle(db: Db, ids: readonly string[]): Promise<void> {
  await sql`
    delete from run r where r.id = any(${ids}::uuid[]) and r.kind in ('changes', 'writes')
      and not exists (select 1 from jsonb_each(r.counts) as n where n.key not in ('seen', 'unchanged') and n.value <> '0')
      and not exists (select 1 from link l where l.sent is not null and l.connection_id = (select s.connection_id from stream s where s.id = r.stream_id))
      and not exists (select 1 from run_outcome o where o.run_id = r.id and o.outcome not in ('accepted', 'duplicate'))
      and not exists (select 1 from observation o where o.run_id = r.id and o.dirty)`.execute(db);
}

/** Writes whose answer came to be known only later count for the run that sent them. */
export async function recountWrites(db: Db, runId: string): Promise<void> {
  await sql`update run r set counts = r.counts || ${written} where r.id = ${runId} and r.kind = 'writes' and r.ended_at is not null`.execute(
    db,
  );
}

/** What a run has seen so far, told with what it stores. */
export async function noteSeenSoFar(db: Db, runId: string | undefined, counts: Readonly<Record<string, number>>): Promise<void> {
  if (runId === undefined) return;
  await sql`update run set counts = counts || ${JSON.stringify(counts)}::jsonb where id = ${runId}`.execute(db);
}
