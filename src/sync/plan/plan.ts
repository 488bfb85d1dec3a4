import { HubError } from '../../contract/errors.ts';
import { askPlan, dropShadowPlans, findPlan, movePlan, type Plan, type PlanSummary } from '../../hub/plans/plans.ts';
import { must } from '../../kernel/must.ts';
import { withAdvice } from '../connecting/connect.ts';
import type { Engine } from '../engine.ts';
import { engineFor } from '../mappings/planned.ts';
import { tryOut } from '../transaction.ts';
import { type PlanWish, resolveWish } from './asked.ts';
import { gatherChanges, gatherHolds } from './changes.ts';
import { keepLines } from './keep.ts';
import { gatherLeavers } from './leavers.ts';
import { openLines, orderLines } from './lines.ts';
import { connectionsOf, type Leases, type Looked, lookFirst, withLeases } from './look.ts';
import { carryOutInThought, type Stage, stage } from './stage.ts';
import { summarisePlan } from './summary.ts';
import { gatherWrites } from './writes.ts';

/** How long to wait before asking again whether another worker is done with the connections. */
const ASK_AGAIN_MS = 1_000;

/** Notes that a plan is wanted, or says why there can be none. The plan is computed by `computePlan`, here or by a worker. */
export async function beginPlan(
  engine: Engine,
  wish: PlanWish,
  actor: string,
): Promise<{ readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: string }> {
  const wished = await resolveWish(await engineFor(engine, wish.changes), wish);
  return wished.ok ? { ok: true, id: await askPlan(engine.hub, wished.asked, actor) } : wished;
}

/** Makes a plan and waits for it. Throws what makes it impossible, as a sentence. */
export async function makePlan(
  engine: Engine,
  wish: PlanWish,
  options: { readonly actor: string; readonly signal: AbortSignal },
): Promise<Plan> {
  const begun = await beginPlan(engine, wish, options.actor);
  if (!begun.ok) throw new Error(begun.reason);
  while ((await computePlan(engine, begun.id, options.signal)) === 'busy') await engine.clock.sleep(ASK_AGAIN_MS, options.signal);
  return must(await findPlan(engine.hub, begun.id), 'a plan that was just made');
}

/**
 * Computes a plan that is wanted, with the engine itself in a transaction that is taken back, so that nothing but the plan is left of it.
 * `busy`: another worker is at one of its connections, so it has to be tried again.
 */
export async function computePlan(engine: Engine, planId: string, signal: AbortSignal): Promise<'done' | 'busy'> {
  const plan = await findPlan(engine.hub, planId);
  if (plan === null || plan.state !== 'computing') return 'done';
  try {
    const planning = await engineFor(engine, plan.asked.changes);
    const ids = await connectionsOf(planning, plan.asked);
    const done = await withLeases(planning, { ids, signal }, (leases, leased) => computeAlone(planning, plan, { leases, signal: leased }));
    return done === null ? 'busy' : 'done';
  } catch (error) {
    // Who stops in the middle leaves the plan to whoever finds it next.
    if (signal.aborted) throw error;
    engine.log.error({ planId, error: error instanceof Error ? error.message : String(error) }, 'a plan failed');
    await movePlan(engine.hub, planId, ['computing'], { state: 'failed', error: inWords(error) });
    return 'done';
  }
}

type Alone = { readonly leases: Leases; readonly signal: AbortSignal };

async function computeAlone(engine: Engine, plan: Plan, { leases, signal }: Alone): Promise<true> {
  const looked = plan.asked.kind === 'shadow' ? NOT_LOOKED : await lookFirst(engine, plan.asked, leases);
  const found = await tryOut(engine.hub, async (tx) => {
    const staged = await stage(engine, tx, { streamIds: plan.asked.streams.map(({ id }) => id), signal });
    const summary = await playOut(staged, { looked, signal });
    return { keep: false, summary, digest: await keepLines(engine.hub, tx, plan.id) };
  });
  const isReady = await movePlan(engine.hub, plan.id, ['computing'], { state: 'ready', summary: found.summary, digest: found.digest });
  const shadow = plan.asked.kind === 'shadow' ? plan.asked.streams[0] : undefined;
  if (isReady && shadow !== undefined) await dropShadowPlans(engine.hub, shadow.id, plan.id);
  engine.log.info({ planId: plan.id, digest: found.digest }, 'planned');
  return true;
}

const NOT_LOOKED: Looked = { latencies: new Map(), notLookedAt: [] };

/** Plays a staged plan to its end, line by line, and says what it comes to. The lines are in `planned_line`. */
export async function playOut(staged: Stage, { looked, signal }: { looked: Looked; signal: AbortSignal }): Promise<PlanSummary> {
  await openLines(staged.tx);
  await gatherChanges(staged);
  await carryOutInThought(staged, signal);
  await gatherWrites(staged);
  await gatherLeavers(staged);
  await gatherHolds(staged);
  await orderLines(staged.tx);
  return summarisePlan(staged, looked);
}

/** Why something failed, for people. */
export function inWords(error: unknown): string {
  if (error instanceof HubError) return withAdvice(error);
  return error instanceof Error ? error.message : String(error);
}
