import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';
import { isoOrNull } from '../../hub/views/slice.ts';

/** How long a proof of who somebody is stays fresh. */
export const FRESH_MIN = 15;

type Standing = { readonly isFresh: boolean; readonly lacksFactor: boolean };

/**
 * How the holder of a session stands, read anew for each request: whether they proved lately who they are, and whether they lack the second
 * factor that the hub asks of whoever has a password. Null: the session is revoked, or its operator switched off.
 */
export async function standingOf(db: Db, sessionId: string): Promise<Standing | null> {
  const { rows } = await sql<Standing>`
    with seen as (update operator_session set updated_at = now() where id = ${sessionId} and updated_at < now() - interval '1 minute')
    select s.confirmed_at > now() - ${FRESH_MIN} * interval '1 min' as "isFresh",
      not o.two_factor_enabled
        and coalesce((select (value ->> 'requireTwoFactor')::boolean from setting where name = 'security'), false)
        and exists (select from operator_account a where a.operator_id = o.id and a.provider_id = 'credential') as "lacksFactor"
    from operator_session s join operator o on o.id = s.operator_id
    where s.id = ${sessionId} and o.disabled_at is null and s.expires_at > now()`.execute(db);
  return rows[0] ?? null;
}

/** Who holds the session has just proved who they are. */
export async function confirmSession(db: Db, sessionId: string): Promise<void> {
  await db.updateTable('operator_session').set({ confirmed_at: sql`now()` }).where('id', '=', sessionId).execute();
}

/** The sessions of an operator that are still good, the latest first. */
export async function sessionsOf(db: Db, operatorId: string) {
  const rows = await db
    .selectFrom('operator_session')
    .select(['id', 'ip_address', 'user_agent', 'created_at', 'updated_at', 'expires_at'])
    .where('operator_id', '=', operatorId)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    address: row.ip_address === '' ? null : row.ip_address,
    browser: row.user_agent === '' ? null : row.user_agent,
    createdAt: row.created_at.toISOString(),
    seenAt: row.updated_at.toISOString(),
    expiresAt: isoOrNull(row.expires_at),
  }));
}
const MOST = 200;

type Which = { readonly only?: string; readonly but?: string };

/** Ends sessions of an operator: one, all but one, or all; how many. They are read from here for each request, so that the next one fails. */
export async function endSessions(db: Db, operatorId: string, { only, but }: Which = {}): Promise<number> {
  let query = db.deleteFrom('operator_session').where('operator_id', '=', operatorId);
  if (only !== undefined) query = query.where('id', '=', only);
  if (but !== undefined) query = query.where('id', '<>', but);
  return Number((await query.executeTakeFirstOrThrow()).numDeletedRows);
}
