import { sql } from 'kysely';
import type { Db, Hub } from '../database.ts';
import { isOfPlanUnderWay } from '../plans/progress.ts';

/** Connections that may work now, and have something to do: switched on, neither paused nor in their quiet hours nor waiting. */
export async function dueConnections(hub: Hub): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from connection c
    where c.enabled and c.paused_at is null and coalesce(c.quiet_until, '-infinity') <= now() and coalesce(c.resume_at, '-infinity') <= now() and c.lease_until < now() and exists (
      select 1 from stream s where s.connection_id = c.id and s.enabled and s.direction <> 'off' and coalesce(s.resume_at, '-infinity') <= now() and (
        s.next_at <= now() and (s.backfilled_at is not null or c.spared_until is null or c.spared_until <= now())
        or s.sweep_at <= now() and (c.schedule ->> 'cron' is null or s.next_at <= now())
        or exists (select 1 from arrival a where a.stream_id = s.id)
        or exists (select 1 from look k where k.stream_id = s.id and k.noted_at <= now())
        or s.mode = 'live' and exists (select 1 from link l where l.connection_id = c.id and l.object = s.object and l.due and l.not_before <= now() and not ${isOfPlanUnderWay}
          and (l.lane < 2 or c.spared_until is null or c.spared_until <= now()))
        or exists (select 1 from bulk_job j where j.stream_id = s.id and j.ended_at is null and (j.started_at is null or j.look_at <= now()))
        or exists (select 1 from link l where l.connection_id = c.id and l.object = s.object and l.sent is not null and l.bulk_job_id is null)))`.execute(
    hub,
  );
  return rows.map((row) => row.id);
}

/** Lets the schedule look at a stream now; its connection, or null when there is no such stream. */
export async function makeDue(db: Db, streamId: string): Promise<string | null> {
  const row = await db
    .updateTable('stream')
    .set({ next_at: sql`now()` })
    .where('id', '=', streamId)
    .returning('connection_id')
    .executeTakeFirst();
  return row?.connection_id ?? null;
}
