import { sql } from 'kysely';
import { findConnection } from '../../hub/connections/connections.ts';
import type { Db, Hub, Tx } from '../../hub/database.ts';
import { findPlan, lockPlan, movePlan, type Plan } from '../../hub/plans/plans.ts';
import { finishRun } from '../../hub/runs/runs.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import type { Held } from '../lease.ts';
import { tendHeld } from '../tend.ts';
import { inTransaction } from '../transaction.ts';
import type { Applying } from '../work.ts';
import { type CarriedOut, nothingCarriedOut } from '../writing/carried-out.ts';
import { allowPlanned } from './allow.ts';
import type { Applied } from './applied.ts';
import type { Leases } from './look.ts';
import { inWords } from './plan.ts';

/** How often what was just made may let others be made, or a system may want to be asked again. */
const MOST_ROUNDS = 8;

/** Somebody has paused or cancelled the plan between two batches. */
class Stopped extends Error {}

/** Carries out what is due of the plan, and only that, until nothing of it is left; null when it is to be cancelled. */
export async function carryOn(engine: Engine, plan: Plan, leases: Leases): Promise<Applied | null> {
  const runId = await runOf(engine.hub, plan.id);
  const applying: Applying = {
    runId,
    allow: (attempts) => allowPlanned(engine.hub, plan.id, attempts),
    assertGoing: (tx) => assertGoing(tx, plan.id),
  };
  try {
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      let wrote = 0;
      for (const held of leases.values()) {
        const turn = await takeTurn(engine, held, applying);
        if ('kind' in turn) return turn;
        wrote += turn.created + turn.updated + turn.deleted + turn.adopted;
      }
      if (wrote === 0) break;
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return conclude(engine, plan.id, runId);
}

export async function runOf(db: Db, planId: string): Promise<string> {
  const { id } = await db
    .selectFrom('run')
    .select('id')
    .where('plan_id', '=', planId)
    .where('kind', '=', 'apply')
    .executeTakeFirstOrThrow();
  return id;
}

async function assertGoing(tx: Tx, planId: string): Promise<void> {
  const { rows } = await sql`select 1 from plan where id = ${planId} and state = 'applying' for share`.execute(tx);
  if (rows.length === 0) throw new Stopped('The plan was paused or cancelled.');
}

/** What of the plan is due on one connection; why it has to wait, where it has to. */
async function takeTurn(engine: Engine, held: Held, applying: Applying): Promise<CarriedOut | Extract<Applied, { kind: 'waiting' }>> {
  // Also here a vendor that asked to be left alone is left alone.
  const connection = must(await findConnection(engine.hub, held.lease.connectionId), 'the connection of a lease');
  if (connection.waitMs > 0) return { kind: 'waiting', reason: connection.reason ?? `${connection.name} asked to be left alone.` };
  await inTransaction(engine.hub, (tx) => applying.assertGoing(tx));
  const tended = await tendHeld(engine, held, { look: () => false, applying });
  held.signal.throwIfAborted();
  const { error, waitMs, wrote } = tended ?? { error: null, waitMs: 0, wrote: nothingCarriedOut() };
  if (error !== null) return { kind: 'waiting', reason: inWords(error) };
  if (waitMs > 0) return { kind: 'waiting', reason: 'Whether an interrupted write was done has to be looked up first.' };
  return wrote;
}

/** Ends the plan where nobody has stopped it meanwhile. */
async function conclude(engine: Engine, planId: string, runId: string): Promise<Applied | null> {
  const ended = await inTransaction(engine.hub, async (tx) => {
    const plan = await lockPlan(tx, planId);
    if (plan?.state !== 'applying') return null;
    await noteUndone(tx, planId, runId);
    const { done, left: drifted } = await countDone(tx, planId, runId);
    const counts = { done, drifted };
    await finishRun(tx, runId, counts, null);
    await movePlan(tx, planId, ['applying'], {
      state: 'applied',
      ...(plan.summary === null ? {} : { summary: { ...plan.summary, applied: counts } }),
    });
    return counts;
  });
  if (ended === null) return (await findPlan(engine.hub, planId))?.state === 'paused' ? { kind: 'paused' } : null;
  engine.log.info({ planId, ...ended }, 'applied');
  return { kind: 'applied', ...ended };
}

/** Which writes of a plan its run has done, line by line. */
const lines = (planId: string, runId: string) => sql`
  select p.seq, p.drift, exists (
    select 1 from delivery d where d.run_id = ${runId} and d.connection_id = p.connection_id and d.object = p.object
      and case p.operation when 'create' then d.record_id = p.record_id else d.remote_id = p.remote_id end) as done
  from plan_line p where p.plan_id = ${planId} and p.operation in ('create', 'update', 'delete', 'merge') and p.drift is distinct from 'added'`;

/** Lines of writes that were not done because something else had come in between say so. */
async function noteUndone(tx: Tx, planId: string, runId: string): Promise<void> {
  await sql`
    update plan_line p set drift = case when l.done then null else coalesce(p.drift, 'gone') end
    from (${lines(planId, runId)}) as l where p.plan_id = ${planId} and p.seq = l.seq
      and p.drift is distinct from case when l.done then null else coalesce(p.drift, 'gone') end`.execute(tx);
}

/** Lines of writes that were done, and of those that were not. */
export async function countDone(db: Hub | Tx, planId: string, runId: string): Promise<{ readonly done: number; readonly left: number }> {
  const { rows } = await sql<{ done: number; left: number }>`
    select count(*) filter (where done)::int as done, count(*) filter (where not done)::int as left from (${lines(planId, runId)}) as l`.execute(
    db,
  );
  return must(rows[0], 'a count');
}
