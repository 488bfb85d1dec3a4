import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { StreamDirection } from '../stored.ts';

type Change = { enabled?: boolean; direction?: StreamDirection; everyMs?: number; mode?: 'live' | 'shadow' };

/** Changes how a stream takes part. Its records are planned anew where that may let values through which had been kept back meanwhile. */
export async function setStream(db: Db, streamId: string, change: Change): Promise<void> {
  await sql`
    update record r set dirty = true from stream s join link l on l.connection_id = s.connection_id and l.object = s.object
    where s.id = ${streamId} and r.id = l.record_id and not r.dirty
      and ((${change.enabled ?? false} and not s.enabled) or ${change.direction ?? null}::text <> s.direction)`.execute(db);
  await db
    .updateTable('stream')
    .set({
      placed: false,
      ...(change.enabled === undefined ? {} : { enabled: change.enabled, next_at: sql`now()` }),
      ...(change.direction === undefined ? {} : { direction: change.direction }),
      ...(change.mode === undefined ? {} : { mode: change.mode }),
      ...(change.everyMs === undefined ? {} : { every_ms: change.everyMs, next_at: sql`now()` }),
    })
    .where('id', '=', streamId)
    .execute();
}
