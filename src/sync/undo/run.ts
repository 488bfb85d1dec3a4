import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import { nothingUndone, type UndoCounts, type UndoTarget } from '../../hub/runs/undoing.ts';
import { canonical } from '../../kernel/json.ts';
import type { UndoRun } from './write.ts';

/** How long an undo stays with whoever works on it, from batch to batch. */
const LEASE_S = 30;

/** An undo under way, and the record up to which it has come. */
export type OpenUndo = UndoRun & { readonly target: UndoTarget; readonly after: string | null };

/** The undo of this very target that is under way, or a new one. */
export async function beginRun(db: Db, target: UndoTarget, actor: string): Promise<string> {
  const open = (await openRuns(db)).find((run) => canonical(run.target) === canonical(target));
  if (open !== undefined) return open.id;
  const id = newId();
  const undoes = JSON.stringify({ target, after: null });
  const counts = JSON.stringify(nothingUndone());
  await db.insertInto('run').values({ id, stream_id: null, kind: 'undo', actor, undoes, counts, error: null, ended_at: null }).execute();
  return id;
}

async function openRuns(db: Db): Promise<readonly OpenUndo[]> {
  const { rows } = await sql<OpenUndo>`
    select id, actor, undoes -> 'target' as target, undoes ->> 'after' as after from run where kind = 'undo' and ended_at is null order by id`.execute(
    db,
  );
  return rows;
}

/** Undos that nobody works on: those that were just asked for, and those that a crash has cut short. */
export async function waitingUndos(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from run where kind = 'undo' and ended_at is null and coalesce(lease_until, '-infinity') < now() order by id`.execute(db);
  return rows.map((row) => row.id);
}

/** Takes an undo to work on; null when somebody else is at it, or it has ended. */
export async function takeRun(db: Db, id: string): Promise<OpenUndo | null> {
  const { rows } = await sql<OpenUndo>`
    update run set lease_until = now() + ${LEASE_S} * interval '1 s'
    where id = ${id} and kind = 'undo' and ended_at is null and coalesce(lease_until, '-infinity') < now()
    returning id, actor, undoes -> 'target' as target, undoes ->> 'after' as after`.execute(db);
  return rows[0] ?? null;
}

/** Goes on for another batch, and keeps others away until the transaction ends; false when somebody else has come further. */
export async function keepRun(tx: Db, id: string, after: string | null): Promise<boolean> {
  const { rows } = await sql`
    update run set lease_until = now() + ${LEASE_S} * interval '1 s'
    where id = ${id} and ended_at is null and undoes ->> 'after' is not distinct from ${after}::text returning id`.execute(tx);
  return rows.length > 0;
}

export async function letGoOfRun(db: Db, id: string): Promise<void> {
  await sql`update run set lease_until = null where id = ${id}`.execute(db);
}

/** Why an undo does not get on: it stands with the run until it has ended all the same. */
export async function noteRunTrouble(db: Db, id: string, error: unknown): Promise<void> {
  const said = JSON.stringify({ kind: 'broken_answer', message: error instanceof Error ? error.message : String(error) });
  await sql`update run set error = ${said}::jsonb where id = ${id} and ended_at is null`.execute(db);
}

export async function endRun(db: Db, id: string): Promise<void> {
  await sql`update run set ended_at = now(), lease_until = null, error = null where id = ${id} and ended_at is null`.execute(db);
}

export type RunState = { readonly ended: boolean; readonly counts: UndoCounts };
export async function stateOfRun(db: Db, id: string): Promise<RunState> {
  const row = await db.selectFrom('run').select(['ended_at', 'counts']).where('id', '=', id).executeTakeFirstOrThrow();
  return { ended: row.ended_at !== null, counts: { ...nothingUndone(), ...row.counts } };
}
