import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { newId } from '../ids.ts';

/** A job that has not ended. `name`: what it goes by over there, or null as long as nobody there can know of it. */
export type BulkJobRow = { readonly id: string; readonly runId: string; readonly name: string | null };

/** How long after a look the next one follows: each time the job is half as old again, so that a long one costs few calls. */
const FIRST_MS = 1_000;
const LATER = 0.5;
const LONGEST_MS = 60_000;
/** A vendor works off about so many rows a second at the best of times. */
const ROWS_PER_MS = 5;
/** How long a stream goes without jobs after one that failed, and how long ended ones are kept. */
const WARY = '1 hour';
const KEPT = '7 days';

export async function addBulkJob(db: Db, { streamId, runId }: { readonly streamId: string; readonly runId: string }): Promise<string> {
  const id = newId();
  await sql`delete from bulk_job where stream_id = ${streamId} and ended_at < now() - ${KEPT}::interval`.execute(db);
  await sql`insert into bulk_job (id, stream_id, run_id) values (${id}, ${streamId}, ${runId})`.execute(db);
  return id;
}

export async function nameBulkJob(db: Db, id: string, name: string): Promise<void> {
  await sql`update bulk_job set name = ${name} where id = ${id}`.execute(db);
}

/** Notes that a job is under way, and how long the next look can wait. */
export async function noteStarted(db: Db, id: string, rows: number): Promise<void> {
  const firstMs = Math.max(FIRST_MS, rows / ROWS_PER_MS);
  await sql`update bulk_job set started_at = now(), look_at = now() + ${firstMs} * interval '1 ms' where id = ${id}`.execute(db);
}

export async function lookLater(db: Db, id: string): Promise<void> {
  await sql`
    update bulk_job set started_at = coalesce(started_at, now()),
      look_at = now() + least(${LONGEST_MS}, greatest(${FIRST_MS}, ${LATER} * extract(epoch from now() - coalesce(started_at, now())) * 1000)) * interval '1 ms'
    where id = ${id}`.execute(db);
}

/** The jobs of a stream that are to be looked at now: those whose time has come, and those that nobody has handed over to the end. */
export async function bulkJobsToLookAt(db: Db, streamId: string): Promise<readonly BulkJobRow[]> {
  const { rows } = await sql<BulkJobRow>`
    select id, run_id as "runId", name from bulk_job
    where stream_id = ${streamId} and ended_at is null and (started_at is null or look_at <= now()) order by id`.execute(db);
  return rows;
}

/** Ends a job. What of it is not known to have come to anything is looked up like any other write whose answer never came. */
export async function endBulkJob(db: Db, id: string, { well }: { readonly well: boolean }): Promise<void> {
  await sql`update link set bulk_job_id = null where bulk_job_id = ${id}`.execute(db);
  await sql`update bulk_job set ended_at = now(), well = ${well} where id = ${id}`.execute(db);
}

/** Ends a job of which nothing was done nor will be: its writes are due again. */
export async function undoBulkJob(db: Db, id: string, { well }: { readonly well: boolean }): Promise<void> {
  await sql`
    update link set sent = null, sent_at = null, due = given_up is null where bulk_job_id = ${id} and sent is not null`.execute(db);
  await endBulkJob(db, id, { well });
}

/** Whether a job of the stream has lately come to less than it should have. */
export async function hasFailedLately(db: Db, streamId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from bulk_job where stream_id = ${streamId} and not well and ended_at > now() - ${WARY}::interval limit 1`.execute(db);
  return rows.length > 0;
}
