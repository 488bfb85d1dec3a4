import { sql } from 'kysely';
import { must } from '../../kernel/must.ts';
import type { Db } from '../database.ts';
import type { Schedule } from './schedule.ts';

/** Stops a connection: from the commit on nobody gets its lease, and who holds it can neither store nor note a write. Who has stopped it first stays known. */
export async function pauseConnection(
  db: Db,
  connectionId: string,
  { actor, why }: { readonly actor: string; readonly why: string | null },
): Promise<void> {
  await db
    .updateTable('connection')
    .set({ paused_at: sql`now()`, paused_by: actor, paused_why: why, updated_at: sql`now()` })
    .where('id', '=', connectionId)
    .where('paused_at', 'is', null)
    .execute();
}

/** Lets a connection go on where it was: what has become due meanwhile is due now. */
export async function resumeConnection(db: Db, connectionId: string): Promise<void> {
  await db
    .updateTable('connection')
    .set({ paused_at: null, paused_by: null, paused_why: null, updated_at: sql`now()` })
    .where('id', '=', connectionId)
    .execute();
}

/** Whether nobody is at a connection any more. */
export async function isAtRest(db: Db, connectionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('connection')
    .select(sql<boolean>`lease_until < now()`.as('rests'))
    .where('id', '=', connectionId)
    .executeTakeFirst();
  return row?.rests ?? true;
}

type NewSchedule = { readonly schedule: Schedule | null; readonly everyMs?: number | undefined; readonly nextAt: Date | null };

/** Gives a connection another schedule. What has been read once is next looked at when that says so; a first load goes on as it was. */
export async function setSchedule(db: Db, connectionId: string, { schedule, everyMs, nextAt }: NewSchedule): Promise<void> {
  const isEmpty = schedule === null || (schedule.cron === null && schedule.quiet.length === 0);
  await db
    .updateTable('connection')
    .set({ schedule: isEmpty ? null : JSON.stringify(schedule), quiet_until: null, updated_at: sql`now()` })
    .where('id', '=', connectionId)
    .execute();
  await sql`
    update stream set every_ms = coalesce(${everyMs ?? null}::int, every_ms),
      next_at = coalesce(${nextAt}::timestamptz, least(next_at, now() + coalesce(${everyMs ?? null}::int, every_ms) * interval '1 ms'))
    where connection_id = ${connectionId} and backfilled_at is not null`.execute(db);
}

/** Notes until when a connection is left alone, so that nobody is sent to it before. */
export async function noteQuiet(db: Db, connectionId: string, until: Date): Promise<void> {
  await db.updateTable('connection').set({ quiet_until: until }).where('id', '=', connectionId).execute();
}

/** What the database's clock shows. */
export async function databaseNow(db: Db): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select now() as at`.execute(db);
  return must(rows[0], 'the time').at;
}
