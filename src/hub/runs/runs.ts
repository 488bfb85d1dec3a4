import { sql } from 'kysely';
import { HubError } from '../../contract/errors.ts';
import type { Db } from '../database.ts';
import { newId } from '../ids.ts';
import type { RunCounts, RunKind } from '../stored.ts';

export async function startRun(db: Db, streamId: string, kind: RunKind): Promise<string> {
  const id = newId();
  await db.insertInto('run').values({ id, stream_id: streamId, kind, counts: '{}', error: null, ended_at: null }).execute();
  return id;
}

/** The run of a kind that was begun and has not ended well; null when there is none. */
export async function openRun(db: Db, streamId: string, kind: RunKind): Promise<string | null> {
  const last = await db
    .selectFrom('run')
    .select(['id', 'ended_at', 'error'])
    .where('stream_id', '=', streamId)
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last !== undefined && (last.ended_at === null || last.error !== null) ? last.id : null;
}

/** Those of some runs that read everything there is, rather than what somebody has just changed. */
export async function bulkRuns(db: Db, runIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (runIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('run')
    .select('id')
    .where('id', 'in', [...new Set(runIds)])
    .where('kind', 'in', ['first_load', 'sweep', 'check', 'import'])
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/**
 * The run that sent what was sent on a stream at a time, or last when it is null: a run of its own, or the run of a plan that was applied. One is
 * made where none is left, so that every write has its run.
 */
export async function writesRunAt(db: Db, streamId: string, sentAt: Date | null): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select r.id from run r join stream s on s.id = ${streamId}
    where r.started_at < coalesce(${sentAt}::timestamptz + interval '1 ms', 'infinity') and ((r.kind = 'writes' and r.stream_id = s.id) or (r.kind = 'apply' and exists (
      select 1 from plan_line p where p.plan_id = r.plan_id and p.connection_id = s.connection_id and p.object = s.object and p.operation in ('create', 'update', 'delete', 'merge'))))
    order by r.id desc limit 1`.execute(db);
  const [last] = rows;
  if (last !== undefined) return last.id;
  const made = await startRun(db, streamId, 'writes');
  await finishRun(db, made, { looks: 1 }, null);
  return made;
}

/** Adds to the last first load of a stream how its records were matched: what was known already, what is new, and what a person decides. */
export async function noteMatches(db: Db, streamId: string): Promise<void> {
  await sql`
    with s as (select id, connection_id, object from stream where id = ${streamId}),
    l as (
      select count(*) filter (where l.evidence ? 'matched') as matched, count(*) filter (where l.evidence ->> 'made' = 'record') as began
      from s join link l on l.connection_id = s.connection_id and l.object = s.object and l.remote_id is not null),
    h as (
      select count(*) as ambiguous
      from s join hold h on h.connection_id = s.connection_id and h.object = s.object and h.kind = 'ambiguous' and h.closed_at is null)
    update run set counts = counts || (select jsonb_build_object('matched', l.matched, 'began', l.began, 'ambiguous', h.ambiguous) from l, h)
    where id = (select r.id from run r where r.stream_id = ${streamId} and r.kind = 'first_load' order by r.id desc limit 1)`.execute(db);
}

/** Ends a run that somebody has cancelled: what it had done until then is done. */
export async function cancelRun(db: Db, runId: string, counts: RunCounts, message: string): Promise<void> {
  await db
    .updateTable('run')
    .set({ ended_at: sql`now()`, counts: JSON.stringify(counts), error: JSON.stringify({ kind: 'cancelled', message }) })
    .where('id', '=', runId)
    .execute();
}

/** Lets a run rest that is gone on with later, under the same id. */
export async function pauseRun(db: Db, runId: string, counts: RunCounts): Promise<void> {
  const error = JSON.stringify({ kind: 'paused', message: 'it has given way to what is more urgent, and goes on after that' });
  await db
    .updateTable('run')
    .set({ ended_at: sql`now()`, counts: JSON.stringify(counts), error })
    .where('id', '=', runId)
    .execute();
}

/** Ends a run with its counts. A look that found nothing, without an error, leaves no run behind. */
export async function finishRun(db: Db, runId: string, counts: RunCounts, error: unknown): Promise<void> {
  const idle = error === null && Object.entries(counts).every(([name, count]) => count === 0 || name === 'seen' || name === 'unchanged');
  if (idle && (await dropIdle(db, runId))) return;
  const said =
    error === null
      ? null
      : { kind: error instanceof HubError ? error.kind : 'broken_answer', message: error instanceof Error ? error.message : String(error) };
  await db
    .updateTable('run')
    .set({ ended_at: sql`now()`, counts: JSON.stringify(counts), error: said === null ? null : JSON.stringify(said) })
    .where('id', '=', runId)
    .execute();
}

/** Whether the run is no more: what a look saw may have to be accounted for, although it came to nothing else. */
async function dropIdle(db: Db, runId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from run r where r.id = ${runId} and r.kind not in ('first_load', 'import')
      and not exists (select 1 from run_outcome o where o.run_id = r.id and o.outcome not in ('accepted', 'duplicate'))
      and not exists (select 1 from observation o where o.run_id = r.id and o.dirty)`.execute(db);
  return numAffectedRows === 1n;
}
