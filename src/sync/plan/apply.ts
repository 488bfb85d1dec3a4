import { sql } from 'kysely';
import { HubError } from '../../contract/errors.ts';
import type { Hub, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import { findPlan, keepRefusal, lockPlan, movePlan, type Plan } from '../../hub/plans/plans.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { engineFor, makeActive } from '../mappings/planned.ts';
import { tryOut } from '../transaction.ts';
import type { Applied } from './applied.ts';
import { otherMappings } from './asked.ts';
import { cancelPlan } from './cancel.ts';
import { carryOn } from './carry-on.ts';
import { keepDrift } from './keep.ts';
import { connectionsOf, type Leases, lookFirst, withLeases } from './look.ts';
import { type Names, yetToBe } from './names.ts';
import { inWords, playOut } from './plan.ts';
import { stage, uncoverConnections } from './stage.ts';

/**
 * Does what a plan has shown, and nothing else. It is computed once more first; where that comes to anything else, nothing is done and what has
 * drifted is kept with the plan. Interrupted at any point, it goes on when it is called again.
 */
export async function applyPlan(
  given: Engine,
  planId: string,
  options: { readonly actor: string; readonly signal: AbortSignal },
): Promise<Applied> {
  const plan = await findPlan(given.hub, planId);
  // Once it was begun, what it makes active is active, unless others have come since.
  const engine = await engineFor(given, plan?.state === 'ready' ? plan.asked.changes : undefined);
  const reason = plan === null ? 'There is no such plan.' : whyNot(engine, plan);
  if (plan === null || reason !== null) return refusal(engine.hub, planId, reason ?? '');
  const ids = await connectionsOf(engine, plan.asked);
  const applied = await withLeases(engine, { ids, signal: options.signal }, async (leases, signal) => {
    // Another worker may have been at it while the leases were waited for.
    const current = must(await findPlan(engine.hub, planId), 'a plan that was there');
    const changed = whyNot(engine, current);
    if (changed !== null) return refusal(engine.hub, planId, changed);
    if (current.state === 'ready') {
      const begun = await begin(engine, current, { leases, actor: options.actor, signal });
      if (begun !== null) return begun;
    }
    const active = await engineFor(given);
    const carried = current.state === 'cancelling' ? null : await carryOn(active, current, leases);
    return carried ?? cancelPlan(active, current, leases);
  });
  return applied ?? { kind: 'busy' };
}

const STATES: Readonly<Record<Exclude<Plan['state'], 'ready' | 'applying' | 'cancelling'>, string>> = {
  paused: 'The plan is paused. Resume it, or cancel it.',
  cancelled: 'The plan was cancelled. Make a new one.',
  computing: 'The plan is still being computed.',
  applied: 'The plan has been applied already.',
  drifted: 'The plan has drifted. Make a new one.',
  abandoned: 'The plan was thrown away. Make a new one.',
  failed: 'The plan could not be computed. Make a new one.',
};

function whyNot(engine: Engine, plan: Plan): string | null {
  if (plan.state !== 'ready' && plan.state !== 'applying' && plan.state !== 'cancelling') return STATES[plan.state];
  const others = plan.state === 'ready' ? otherMappings(plan.asked, engine.mappings) : [];
  if (others.length === 0) return null;
  return `The mappings have changed since the plan was made: ${others.join(', ')} ${others.length === 1 ? 'differs' : 'differ'}. Make a new plan.`;
}

async function refusal(hub: Hub, planId: string, reason: string): Promise<Applied> {
  await keepRefusal(hub, planId, reason);
  return { kind: 'refused', reason };
}

type Beginning = { readonly leases: Leases; readonly actor: string; readonly signal: AbortSignal };

/** Computes the plan once more and keeps all that it did in the hub when it is the same; else says why not. */
async function begin(engine: Engine, plan: Plan, { leases, actor, signal }: Beginning): Promise<Applied | null> {
  try {
    const looked = await lookFirst(engine, plan.asked, leases);
    const streamIds = plan.asked.streams.map(({ id }) => id);
    const found = await tryOut(engine.hub, async (tx) => {
      const news = await makeActive(engine, tx, plan.asked.changes);
      if (news !== null) throw new HubError('misconfigured', news);
      const marker = newId();
      const staged = await stage(engine, tx, { streamIds, signal });
      await sql`savepoint played_out`.execute(tx);
      await playOut(staged, { looked, signal });
      const drifted = await keepDrift(engine.hub, tx, plan.id);
      await sql`rollback to savepoint played_out`.execute(tx);
      if (drifted > 0) return { keep: false, drifted };
      // Only now: until here it can be thrown away.
      const locked = await lockPlan(tx, plan.id);
      if (locked?.state !== 'ready') return { keep: false, drifted: 0 };
      await noteMade(tx, plan.id, staged.names);
      await noteRun(tx, plan.id, { actor, marker, xid: staged.xid });
      await uncoverConnections(tx, streamIds);
      await movePlan(tx, plan.id, ['ready'], { state: 'applying' });
      return { keep: true, drifted: 0 };
    });
    if (found.keep) return null;
    if (found.drifted > 0) await movePlan(engine.hub, plan.id, ['ready'], { state: 'drifted' });
    return found.drifted > 0 ? { kind: 'drifted', drifted: found.drifted } : { kind: 'busy' };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return refusal(engine.hub, plan.id, inWords(error));
  }
}

/** Tells the lines of records that were yet to be which records they have become. */
async function noteMade(tx: Tx, planId: string, names: Names): Promise<void> {
  const made = [...names];
  await sql`
    update plan_line p set record_id = n.id
    from unnest(${made.map(([id]) => id)}::uuid[], ${made.map(([, name]) => yetToBe(name))}::text[]) as n (id, name)
    where p.plan_id = ${planId} and p.record_id is null and substring(p.key from '^[^|]*[|][^|]*[|][^|]*[|](new:.*)$') = n.name`.execute(
    tx,
  );
}

/**
 * Everything that the plan does is one run: what it has changed here, and what will be written over there. Who applied it stands with the run:
 * the values themselves are of whoever edited them.
 */
async function noteRun(tx: Tx, planId: string, { actor, marker, xid }: { actor: string; marker: string; xid: string }): Promise<void> {
  const run = newId();
  await tx
    .insertInto('run')
    .values({ id: run, stream_id: null, kind: 'apply', actor, plan_id: planId, counts: '{}', error: null, ended_at: null })
    .execute();
  await sql`update change set run_id = ${run} where xmin = ${xid}::xid and id > ${marker}`.execute(tx);
}
