import { sql } from 'kysely';
import type { Hub, Tx } from '../../hub/database.ts';
import { closeHolds } from '../../hub/records/holds.ts';
import { brakeKey } from '../../merge/brakes.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import { pendingMerges } from './braked-merges.ts';
import { type BrakeTold, brakeReason } from './words.ts';

type Brake = { readonly id: string; readonly connection_id: string; readonly object: string; readonly detail: BrakeTold };

/** Tells open brakes how much they hold by now, and closes those that hold nothing any more. */
export async function liftBrakes(hub: Hub, streams: ReadonlyMap<string, EntityStream>): Promise<void> {
  const all = [...streams.values()];
  const { rows } = await sql<Brake>`
    select h.id, h.connection_id, h.object, h.detail from hold h
    join unnest(${all.map((one) => one.connection.id)}::uuid[], ${all.map((one) => one.stream.object)}::text[]) as s (connection_id, object)
      on s.connection_id = h.connection_id and s.object = h.object
    where h.kind = 'brake' and h.closed_at is null`.execute(hub);
  for (const { id } of rows) await inTransaction(hub, (tx) => liftOne(tx, id, streams));
}

async function liftOne(tx: Tx, id: string, streams: ReadonlyMap<string, EntityStream>): Promise<void> {
  // Whoever holds something back by it right now has locked it until that can be counted.
  const { rows } = await sql<Brake>`
    select id, connection_id, object, detail from hold where id = ${id} and closed_at is null for update`.execute(tx);
  const [brake] = rows;
  if (brake === undefined || !streams.has(streamKey(brake.connection_id, brake.object))) return;
  const count = await countHeld(tx, brake);
  if (count + brake.detail.suspects === 0) await closeHolds(tx, [id], 'syncline', { superseded: true });
  else if (count !== brake.detail.count) {
    const reason = brakeReason({ ...brake.detail, count });
    await sql`update hold set reason = ${reason}, detail = detail || ${JSON.stringify({ count })}::jsonb where id = ${id}`.execute(tx);
  }
}

type Held = Pick<Brake, 'connection_id' | 'object'> & { readonly detail: Pick<BrakeTold, 'what' | 'field'> };

/** How much a brake holds. */
export async function countHeld(tx: Tx, { connection_id, object, detail: { what, field } }: Held): Promise<number> {
  if (what === 'merges_in') return (await pendingMerges(tx, { connectionId: connection_id, object })).n;
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from link
    where connection_id = ${connection_id} and object = ${object} and braked <> '{}' and state = 'held' and ${brakeKey(what, field)} = any(braked)`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}
