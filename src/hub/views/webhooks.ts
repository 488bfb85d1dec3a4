import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { isoOrNull } from './slice.ts';

/** What a connection's vendor has told by webhooks: since when it may, when it last did, and what became of the last 24 hours. */
export async function webhookOf(db: Db, connectionId: string) {
  const { rows } = await sql<{ secret_set_at: Date | null; last_at: Date | null; counts: Readonly<Record<string, number>> }>`
    select (select set_at from webhook_secret where connection_id = ${connectionId}) as secret_set_at,
      max(created_at) as last_at,
      jsonb_build_object('accepted', coalesce(sum(1 + repeats) filter (where d), 0), 'duplicate', coalesce(sum(repeats) filter (where d), 0),
        'applied', count(*) filter (where d and state = 'applied'), 'noOp', count(*) filter (where d and state = 'no_op'),
        'held', count(*) filter (where d and state = 'held'), 'refused', count(*) filter (where d and state = 'refused'),
        'pending', count(*) filter (where d and state = 'accepted')) as counts
    from (select *, created_at > now() - interval '1 day' as d from input where kind = 'webhook' and actor = ${connectionId}) i`.execute(
    db,
  );
  const [row] = rows;
  const subscription = await db
    .selectFrom('subscription')
    .select(['kept', 'mended', 'checked_at', 'reason'])
    .where('connection_id', '=', connectionId)
    .where('wanted', '=', true)
    .executeTakeFirst();
  const of = (state: string): number => row?.counts[state] ?? 0;
  return {
    secretSetAt: isoOrNull(row?.secret_set_at ?? null),
    subscription:
      subscription === undefined
        ? null
        : {
            kept: subscription.kept,
            mended: subscription.mended,
            checkedAt: isoOrNull(subscription.checked_at),
            reason: subscription.reason,
          },
    lastAt: isoOrNull(row?.last_at ?? null),
    day: {
      accepted: of('accepted'),
      applied: of('applied'),
      noOp: of('noOp'),
      held: of('held'),
      refused: of('refused'),
      duplicate: of('duplicate'),
      pending: of('pending'),
    },
  };
}
