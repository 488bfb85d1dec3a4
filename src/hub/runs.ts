import { sql } from 'kysely';
import { HubError } from '../contract/errors.ts';
import type { Db } from './database.ts';
import { newId } from './ids.ts';
import type { RunCounts, RunKind } from './tables.ts';

export async function startRun(db: Db, streamId: string, kind: RunKind): Promise<string> {
  const id = newId();
  await db.insertInto('run').values({ id, stream_id: streamId, kind, counts: '{}', error: null, ended_at: null }).execute();
  return id;
}

/** Ends a run with its counts. A look that found nothing, without an error, leaves no run behind. */
export async function finishRun(db: Db, runId: string, counts: RunCounts, error: unknown): Promise<void> {
  const idle = error === null && Object.entries(counts).every(([name, count]) => count === 0 || name === 'seen' || name === 'unchanged');
  if (idle) {
    await db.deleteFrom('run').where('id', '=', runId).where('kind', '<>', 'first_load').execute();
  }
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
