import { sql } from 'kysely';
import type { Cursor, Scope } from '../../contract/records.ts';
import type { Db } from '../database.ts';

export async function readCursor(db: Db, streamId: string, scope: Scope): Promise<Cursor | null> {
  const row = await db.selectFrom('cursor').select('at').where('stream_id', '=', streamId).where('scope', '=', scope).executeTakeFirst();
  return row?.at ?? null;
}

/** Moves a cursor; to be called in the transaction that stores what it covers. */
export async function moveCursor(tx: Db, streamId: string, scope: Scope, at: Cursor): Promise<void> {
  await tx
    .insertInto('cursor')
    .values({ stream_id: streamId, scope, at: JSON.stringify(at) })
    .onConflict((c) => c.columns(['stream_id', 'scope']).doUpdateSet({ at: JSON.stringify(at), moved_at: sql`now()` }))
    .execute();
}

/** Forgets where a reader was, so that the next look reads everything. Without a scope: all of the stream's. */
export async function dropCursors(db: Db, streamId: string, scope?: Scope): Promise<void> {
  let query = db.deleteFrom('cursor').where('stream_id', '=', streamId);
  if (scope !== undefined) query = query.where('scope', '=', scope);
  await query.execute();
}
