import { sql } from 'kysely';
import type { Db } from '../database.ts';

/** What a vendor is asked to tell by itself. `isNew`: it was never asked, or the secret has changed since. */
export type Subscription = { readonly address: string; readonly wanted: boolean; readonly isNew: boolean };

/** Notes that a vendor is to be asked; it is done with the next look at the connection, and looked after from then on. */
export async function wantSubscription(db: Db, connectionId: string, address: string): Promise<void> {
  await sql`
    insert into subscription (connection_id, address) values (${connectionId}, ${address})
    on conflict (connection_id) do update set address = excluded.address, wanted = true, next_at = now(), reason = null`.execute(db);
}

/** Notes that what a vendor was asked for is to be taken back. */
export async function endSubscription(db: Db, connectionId: string): Promise<void> {
  await db.updateTable('subscription').set({ wanted: false, next_at: sql`now()` }).where('connection_id', '=', connectionId).execute();
}

/** Where the vendor of a connection was asked to send to; null when it was asked for nothing. */
export async function registeredAddress(db: Db, connectionId: string): Promise<string | null> {
  const row = await db.selectFrom('subscription').select('address').where('connection_id', '=', connectionId).executeTakeFirst();
  return row?.address ?? null;
}

/** The subscription of a connection, when it is time to look after it. */
export async function dueSubscription(db: Db, connectionId: string): Promise<Subscription | null> {
  const { rows } = await sql<Subscription>`
    select s.address, s.wanted, s.checked_at is null or s.checked_at < w.set_at as "isNew"
    from subscription s left join webhook_secret w on w.connection_id = s.connection_id where s.connection_id = ${connectionId} and s.next_at <= now()`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** What came of looking after it. A failure keeps its reason, and is tried again. */
export async function noteSubscription(
  db: Db,
  connectionId: string,
  found: { readonly kept: number; readonly mended: number } | { readonly reason: string },
  nextInMs: number,
): Promise<void> {
  const next = sql`now() + ${nextInMs} * interval '1 ms'`;
  if ('reason' in found) {
    await sql`update subscription set reason = ${found.reason}, next_at = ${next} where connection_id = ${connectionId}`.execute(db);
    return;
  }
  await sql`
    update subscription set kept = ${found.kept}, mended = mended + ${found.mended}, checked_at = now(), next_at = ${next}, reason = null
    where connection_id = ${connectionId}`.execute(db);
}

export async function forgetSubscription(db: Db, connectionId: string): Promise<void> {
  await db.deleteFrom('subscription').where('connection_id', '=', connectionId).where('wanted', '=', false).execute();
}
