import { sql } from 'kysely';
import { groupBy } from '../../kernel/lists.ts';
import type { Drift } from '../../mapping/drift.ts';
import type { Db, Tx } from '../database.ts';
import { newId } from '../ids.ts';

export type StoredDrift = Drift & { readonly id: string; readonly streamId: string; readonly at: Date; readonly endedAt: Date | null };

const rows = (db: Db) =>
  db.selectFrom('drift').select(['id', 'stream_id as streamId', 'at', 'ended_at as endedAt', 'kind', 'field', 'detail']);

/** What has changed on a stream and goes on. */
export const standingDrifts = (db: Db, streamId: string): Promise<readonly StoredDrift[]> =>
  rows(db).where('stream_id', '=', streamId).where('ended_at', 'is', null).orderBy('id').execute();

/** The latest that has changed on each of some streams, the newest first. */
export async function latestDrifts(
  db: Db,
  streamIds: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, readonly StoredDrift[]>> {
  if (streamIds.length === 0) return new Map();
  const found = await db
    .selectFrom(
      rows(db)
        .select(sql<number>`row_number() over (partition by stream_id order by id desc)`.as('nth'))
        .where('stream_id', 'in', streamIds)
        .as('d'),
    )
    .select(['id', 'streamId', 'at', 'endedAt', 'kind', 'field', 'detail'])
    .where('nth', '<=', most)
    .orderBy('id', 'desc')
    .execute();
  return groupBy(found, ({ streamId }) => streamId);
}

/** The latest that has changed in the fields of a connection's records: another one whenever they do. */
export async function latestDrift(db: Db, connectionId: string): Promise<string | null> {
  const streams = db.selectFrom('stream').select('id').where('connection_id', '=', connectionId);
  const row = await db.selectFrom('drift').select('id').where('stream_id', 'in', streams).orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? null;
}

/** Keeps what has changed; `stands` says what goes on until it is ended. */
export async function storeDrifts(tx: Tx, streamId: string, drifts: readonly Drift[], stands: (drift: Drift) => boolean): Promise<void> {
  if (drifts.length === 0) return;
  await tx
    .insertInto('drift')
    .values(
      drifts.map((drift) => ({
        id: newId(),
        stream_id: streamId,
        kind: drift.kind,
        field: drift.field,
        detail: JSON.stringify(drift.detail),
        ended_at: stands(drift) ? null : sql<Date>`now()`,
      })),
    )
    .execute();
}

export async function endDrifts(tx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.updateTable('drift').set({ ended_at: sql`now()` }).where('id', 'in', ids).execute();
}
