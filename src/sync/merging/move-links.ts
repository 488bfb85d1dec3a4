import { sql } from 'kysely';
import type { Db, Tx } from '../../hub/database.ts';
import type { LinkState } from '../../hub/stored.ts';
import type { Tie } from '../../merge/arrange-links.ts';
import { streamKey } from '../streams.ts';

/** A link of one of two records that are joined or parted. */
export type HeldLink = {
  readonly id: string;
  readonly recordId: string;
  readonly connectionId: string;
  readonly object: string;
  readonly remoteId: string | null;
  readonly state: LinkState;
  readonly reason: string | null;
  readonly isSent: boolean;
};

/** All links of some records, locked: a write that is about to be sent waits, and then sees where its link has gone. */
export async function lockLinks(tx: Tx, recordIds: readonly string[]): Promise<readonly HeldLink[]> {
  await sql`select id from link where record_id = any(${recordIds}::uuid[]) order by id for update`.execute(tx);
  return readHeldLinks(tx, recordIds);
}

export async function readHeldLinks(db: Db, recordIds: readonly string[]): Promise<readonly HeldLink[]> {
  const { rows } = await sql<HeldLink>`
    select id, record_id as "recordId", connection_id as "connectionId", object, remote_id as "remoteId", state, reason, sent is not null as "isSent"
    from link where record_id = any(${recordIds}::uuid[]) order by id`.execute(db);
  return rows;
}

export const tieOf = (link: HeldLink): Tie => ({
  id: link.id,
  place: streamKey(link.connectionId, link.object),
  remoteId: link.remoteId,
  isGone: link.state === 'gone',
  isSent: link.isSent,
});

/**
 * Gives links other records; what is under way on them goes with them. Their records' holds follow. Two links that trade places are both out of
 * the way for a moment, since a record has one place in a stream.
 */
export async function moveLinks(tx: Tx, moves: readonly { readonly id: string; readonly recordId: string }[]): Promise<void> {
  if (moves.length === 0) return;
  const [ids, recordIds] = [moves.map((move) => move.id), moves.map((move) => move.recordId)];
  await sql`update link set object = object || ' (moving)' where id = any(${ids}::uuid[])`.execute(tx);
  await sql`
    update link l set record_id = m.record_id, object = left(l.object, -length(' (moving)'))
    from unnest(${ids}::uuid[], ${recordIds}::uuid[]) as m (id, record_id) where l.id = m.id`.execute(tx);
  await sql`
    update hold h set record_id = m.record_id from unnest(${ids}::uuid[], ${recordIds}::uuid[]) as m (id, record_id)
    where h.link_id = m.id and h.closed_at is null`.execute(tx);
}

/** Why a link takes no part while its record is merged into another: only parting the two takes it back. */
export const MERGED_AWAY = 'merged';

/** Puts links aside that say nothing about the joined record. One that is gone, or kept apart for a reason of its own, stays as it is. */
export async function putAside(tx: Tx, links: readonly { readonly id: string; readonly reason: string }[]): Promise<void> {
  await sql`
    update link l set state = 'excluded', reason = a.reason, cause = ${MERGED_AWAY}, due = false, waits_for = '{}'
    from unnest(${links.map((link) => link.id)}::uuid[], ${links.map((link) => link.reason)}::text[]) as a (id, reason)
    where l.id = a.id and l.state not in ('gone', 'excluded')`.execute(tx);
}
