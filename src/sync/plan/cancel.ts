import { sql } from 'kysely';
import { nameForSentence } from '../../hub/access/actors.ts';
import type { Hub, Tx } from '../../hub/database.ts';
import { lockPlan, movePlan, type Plan } from '../../hub/plans/plans.ts';
import { cancelRun } from '../../hub/runs/runs.ts';
import type { Engine } from '../engine.ts';
import { setAside } from '../failures/dead-letters.ts';
import { tendHeld } from '../tend.ts';
import { inTransaction } from '../transaction.ts';
import type { Applied } from './applied.ts';
import { countDone, runOf } from './carry-on.ts';
import type { Leases } from './look.ts';
import { inWords } from './plan.ts';

const AT_ONCE = 500;

/**
 * Ends a plan that somebody has cancelled: finds out first what became of writes whose answer never came; then whatever was not written is set
 * aside, until its record changes or somebody retries it. What was written stays, and is the run's, to be undone. Interrupted, it goes on when it is called again.
 */
export async function cancelPlan(engine: Engine, plan: Plan, leases: Leases): Promise<Applied> {
  const runId = await runOf(engine.hub, plan.id);
  const reason = await settleSent(engine, plan.id, leases);
  if (reason !== null) return { kind: 'waiting', reason };
  const who = await nameForSentence(engine.hub, plan.steeredBy);
  await setAsideLeft(engine, {
    planId: plan.id,
    runId,
    reason: `${who} cancelled the plan that would have written it`,
  });
  const counts = await inTransaction(engine.hub, async (tx) => {
    const locked = await lockPlan(tx, plan.id);
    if (locked?.state !== 'cancelling') return null;
    const { done, left } = await countDone(tx, plan.id, runId);
    const message = `${await nameForSentence(tx, locked.steeredBy)} cancelled it: ${done} of ${done + left} writes were done by then`;
    await cancelRun(tx, runId, { done, left }, message);
    await movePlan(tx, plan.id, ['cancelling'], {
      state: 'cancelled',
      ...(locked.summary === null ? {} : { summary: { ...locked.summary, applied: { done, drifted: left } } }),
    });
    return { done, left };
  });
  if (counts === null) return { kind: 'busy' };
  engine.log.info({ planId: plan.id, ...counts }, 'cancelled');
  return { kind: 'cancelled', ...counts };
}

/** Looks up what was sent and never answered; why it has to wait, where it has to. */
async function settleSent(engine: Engine, planId: string, leases: Leases): Promise<string | null> {
  for (const held of leases.values()) {
    if (!(await isSentOn(engine.hub, planId, held.lease.connectionId))) continue;
    const tended = await tendHeld(engine, held, { look: () => false, write: false });
    held.signal.throwIfAborted();
    if (tended !== null && tended.error !== null) return inWords(tended.error);
    if (tended === null || tended.waitMs > 0) return 'Whether an interrupted write was done has to be looked up first.';
  }
  return null;
}

const isLineOf = (planId: string) => sql`
  n.plan_id = ${planId} and n.operation in ('create', 'update', 'delete', 'merge') and n.record_id = l.record_id and n.connection_id = l.connection_id and n.object = l.object`;

async function isSentOn(hub: Hub, planId: string, connectionId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from link l where l.connection_id = ${connectionId} and l.sent is not null and exists (select 1 from plan_line n where ${isLineOf(planId)}) limit 1`.execute(
    hub,
  );
  return rows.length > 0;
}

type Left = { readonly planId: string; readonly runId: string; readonly reason: string };

async function setAsideLeft(engine: Engine, left: Left): Promise<void> {
  for (let after: string | null = ''; after !== null; ) {
    const from: string = after;
    after = await inTransaction(engine.hub, (tx) => setAsideSome(engine, tx, left, from));
  }
}

/** The next links; the one to go on after, or null when there are no more. */
async function setAsideSome(engine: Engine, tx: Tx, { planId, runId, reason }: Left, after: string): Promise<string | null> {
  const read = (ids: readonly string[] | null) => sql<{ id: string; recordId: string }>`
    select l.id, l.record_id as "recordId" from link l
    where l.due and l.sent is null and exists (select 1 from plan_line n where ${isLineOf(planId)})
      and not exists (select 1 from delivery d where d.run_id = ${runId} and d.link_id = l.id)
      and (${after} = '' or l.id > nullif(${after}, '')::uuid) and (${ids === null} or l.id = any(${ids ?? []}::uuid[]))
    order by l.id limit ${AT_ONCE}`;
  const { rows } = await read(null).execute(tx);
  const last = rows.at(-1);
  if (last === undefined) return null;
  await sql`select id from record where id = any(${rows.map(({ recordId }) => recordId)}::uuid[]) order by id for update`.execute(tx);
  const { rows: still } = await read(rows.map(({ id }) => id)).execute(tx);
  await setAside(engine, tx, still, { because: 'cancelled', reason });
  return last.id;
}
