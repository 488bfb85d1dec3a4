import { sql } from 'kysely';
import type { Db, Hub } from '../database.ts';

export const LEASE_MS = 20_000;

/** The right to work on one connection, alone. `fence` grows with every holder, so that a late one is told apart. */
export type Lease = { readonly connectionId: string; readonly fence: string };

/** Takes the lease of a connection when nobody holds it, else null. Nobody works on one that is paused. */
export async function takeLease(hub: Hub, connectionId: string): Promise<Lease | null> {
  const row = await hub
    .updateTable('connection')
    .set({ fence: sql`fence + 1`, lease_until: sql`now() + ${LEASE_MS} * interval '1 ms'` })
    .where('id', '=', connectionId)
    .where('lease_until', '<', sql<Date>`now()`)
    .where('paused_at', 'is', null)
    .returning('fence')
    .executeTakeFirst();
  return row === undefined ? null : { connectionId, fence: row.fence };
}

/** Whether the lease still holds; holds it for longer when it does. */
export async function renewLease(hub: Hub, lease: Lease): Promise<boolean> {
  const { numUpdatedRows } = await hub
    .updateTable('connection')
    .set({ lease_until: sql`now() + ${LEASE_MS} * interval '1 ms'` })
    .where('id', '=', lease.connectionId)
    .where('fence', '=', lease.fence)
    .where('lease_until', '>', sql<Date>`now()`)
    .where('paused_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function releaseLease(hub: Hub, lease: Lease): Promise<void> {
  await hub
    .updateTable('connection')
    .set({ lease_until: sql`'-infinity'` })
    .where('id', '=', lease.connectionId)
    .where('fence', '=', lease.fence)
    .execute();
}

export class LeaseLost extends Error {
  constructor(lease: Lease, reason = 'another worker took it over, or somebody has paused it') {
    super(`Work on connection ${lease.connectionId} ended: ${reason}.`);
    this.name = 'LeaseLost';
  }
}

/** Throws unless the lease holds, and keeps it from changing hands until the transaction ends. */
export async function assertLease(tx: Db, lease: Lease): Promise<void> {
  const { rows } =
    await sql`select 1 from connection where id = ${lease.connectionId} and fence = ${lease.fence} and lease_until > now() and paused_at is null for share`.execute(
      tx,
    );
  if (rows.length === 0) throw new LeaseLost(lease);
}
