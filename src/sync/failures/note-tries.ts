import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import { MOST_TRIES, RETRY_WAITS_S } from '../../causes/retries.ts';
import type { ErrorKind, HubError } from '../../contract/errors.ts';
import type { Tx } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import type { Attempt } from '../writing/attempt.ts';

type Failed = { readonly attempt: Attempt; readonly error: HubError };

const END = `It has failed ${MOST_TRIES} times in a row and is not tried again by itself: retry, skip, or exclude it.`;

/** The vendor only asked for a pause, or others hang on the record still: nothing says that the write itself is wrong. */
const ENDLESS: ReadonlySet<ErrorKind> = new Set(['rate_limited', 'quota_spent', 'depended_on']);

/**
 * Notes writes that failed for now, with the time of the next try; after too many in a row they are given up. `isOpen`: it is not known what
 * became of them, so what was sent stays noted, and is looked up before it is tried again.
 */
export async function noteTries(tx: Tx, failed: readonly Failed[], { isOpen }: { readonly isOpen: boolean }): Promise<void> {
  if (failed.length === 0) return;
  const rows = failed.map(({ attempt, error }) => ({
    id: attempt.link.id,
    reason: error.message,
    cause: causeOf(error),
    waitMs: error.retryAfterMs ?? null,
    mayEnd: !ENDLESS.has(error.kind),
    digest: digestOf(attempt.push),
  }));
  await sql`
    update link l set attempts = l.attempts + 1, state = 'failing', cause = f.cause,
      sent = case when ${isOpen} then l.sent end, sent_at = case when ${isOpen} then l.sent_at end,
      due = not ${isOpen} and not f.ends, given_up = case when f.ends then f.digest end,
      reason = case when f.ends then rtrim(f.reason, '.') || '. ' || ${END} else f.reason end,
      not_before = case when f.ends then now() else now() + coalesce(f.wait_ms, 1000 * (${[...RETRY_WAITS_S]}::float8[])[least(l.attempts + 1, ${RETRY_WAITS_S.length})]) * interval '1 ms' end
    from (
      select f.*, f.may_end and l.attempts + 1 >= ${MOST_TRIES} as ends
      from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.reason)}::text[], ${rows.map((r) => r.cause)}::text[], ${rows.map((r) => r.waitMs)}::float8[],
        ${rows.map((r) => r.mayEnd)}::boolean[], ${rows.map((r) => r.digest)}::uuid[])
        as f (id, reason, cause, wait_ms, may_end, digest) join link l on l.id = f.id) f
    where l.id = f.id`.execute(tx);
}
