import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import type { ErrorKind, HubError } from '../../contract/errors.ts';
import type { Db } from '../database.ts';
import type { ConnectionState } from '../stored.ts';

/** The connection answers again. */
export async function noteWell(db: Db, connectionId: string): Promise<void> {
  await db
    .updateTable('connection')
    .set({ state: 'ready', reason: null, cause: null, resume_at: null, attempts: 0 })
    .where('id', '=', connectionId)
    .where('state', '<>', 'ready')
    .execute();
}

const STATE_BY_KIND: Readonly<Partial<Record<ErrorKind, ConnectionState>>> = {
  signed_out: 'signed_out',
  not_allowed: 'not_allowed',
  misconfigured: 'misconfigured',
  broken_answer: 'broken_answer',
  unreachable: 'unreachable',
  rate_limited: 'waiting',
  locked: 'waiting',
  quota_spent: 'waiting',
};

/**
 * The connection does not work now. It is tried again by itself: after what the vendor asked for, or after 1, 2, 4 ... 300 s; where a person
 * has to act first, every 300 s.
 */
export async function noteTrouble(db: Db, connectionId: string, error: HubError, { gotOn }: { readonly gotOn: boolean }): Promise<void> {
  const state = STATE_BY_KIND[error.kind] ?? 'broken_answer';
  const needsPerson = error.recovery === 'ask_operator';
  const before = gotOn ? sql<number>`0` : sql<number>`attempts`;
  const waitMs = sql<number>`coalesce(${error.retryAfterMs ?? null}::float8, ${needsPerson ? 300_000 : null}::float8, least(300000, 1000 * 2 ^ least(${before}, 12)))`;
  await db
    .updateTable('connection')
    .set({
      state,
      reason: error.message,
      cause: causeOf(error),
      attempts: sql`${before} + 1`,
      resume_at: sql`now() + ${waitMs} * interval '1 ms'`,
    })
    .where('id', '=', connectionId)
    .execute();
}
