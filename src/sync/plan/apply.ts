import { sql } from 'kysely';
import { HubError } from '../../contract/errors.ts';
import { findConnection } from '../../hub/connections.ts';
import type { Hub, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import { findPlan, keepRefusal, lockPlan, movePlan, type Plan } from '../../hub/plans.ts';
import { finishRun } from '../../hub/runs.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { engineFor, makeActive } from '../mappings/planned.ts';
import { tendHeld } from '../tend.ts';
import { tryOut } from '../transaction.ts';
import { nothingCarriedOut } from '../writing/carried-out.ts';
import { allowPlanned } from './allow.ts';
import { otherMappings } from './asked.ts';
import { keepDrift } from './keep.ts';
import { connectionsOf, type Leases, lookFirst, withLeases } from './look.ts';
import { type Names, yetToBe } from './names.ts';
import { inWords, playOut } from './plan.ts';
import { stage, uncoverConnections } from './stage.ts';

/**
 * What came of applying a plan. `applied`: all of it is done, but for `drifted` writes that are not what the plan has shown any more. `drifted`:
 * so much was different before anything was done, so nothing was. `waiting`: it is under way, and goes on when a system works again. `busy`:
 * another worker is at one of its connections.
 */
export type Applied =
  | { readonly kind: 'applied'; readonly done: number; readonly drifted: number }
  | { readonly kind: 'drifted'; readonly drifted: number }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'busy' };

/** How often what was just made may let others be made, or a system may want to be asked again. */
const MOST_ROUNDS = 8;

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
    return carryOn(await engineFor(given), current, leases);
  });
  return applied ?? { kind: 'busy' };
}

const STATES: Readonly<Record<Exclude<Plan['state'], 'ready' | 'applying'>, string>> = {
  computing: 'The plan is still being computed.',
  applied: 'The plan has been applied already.',
  drifted: 'The plan has drifted. Make a new one.',
  abandoned: 'The plan was thrown away. Make a new one.',
  failed: 'The plan could not be computed. Make a new one.',
};

function whyNot(engine: Engine, plan: Plan): string | null {
  if (plan.state !== 'ready' && plan.state !== 'applying') return STATES[plan.state];
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
      const locked = await lockPlan(tx, plan.id);
      if (locked?.state !== 'ready') return { keep: false, drifted: 0 };
      const news = await makeActive(engine, tx, plan.asked.changes);
      if (news !== null) throw new HubError('misconfigured', news);
      const marker = newId();
      const staged = await stage(engine, tx, { streamIds, signal });
      await sql`savepoint played_out`.execute(tx);
      await playOut(staged, { looked, signal });
      const drifted = await keepDrift(engine.hub, tx, plan.id);
      await sql`rollback to savepoint played_out`.execute(tx);
      if (drifted > 0) return { keep: false, drifted };
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

/** Carries out what is due of the plan, and only that, until nothing of it is left. */
async function carryOn(engine: Engine, plan: Plan, leases: Leases): Promise<Applied> {
  const { id: runId } = await engine.hub
    .selectFrom('run')
    .select('id')
    .where('plan_id', '=', plan.id)
    .where('kind', '=', 'apply')
    .executeTakeFirstOrThrow();
  const applying = { runId, allow: (attempts: Parameters<typeof allowPlanned>[2]) => allowPlanned(engine.hub, plan.id, attempts) };
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    let wrote = 0;
    for (const held of leases.values()) {
      // Also here a vendor that asked to be left alone is left alone.
      const connection = must(await findConnection(engine.hub, held.lease.connectionId), 'the connection of a lease');
      if (connection.waitMs > 0) return { kind: 'waiting', reason: connection.reason ?? `${connection.name} asked to be left alone.` };
      const tended = await tendHeld(engine, held, { look: () => false, applying });
      held.signal.throwIfAborted();
      const { error, waitMs, wrote: count } = tended ?? { error: null, waitMs: 0, wrote: nothingCarriedOut() };
      if (error !== null) return { kind: 'waiting', reason: inWords(error) };
      if (waitMs > 0) return { kind: 'waiting', reason: 'Whether an interrupted write was done has to be looked up first.' };
      wrote += count.created + count.updated + count.deleted + count.adopted;
    }
    if (wrote === 0) break;
  }
  const counts = await countDone(engine.hub, plan.id, runId);
  await finishRun(engine.hub, runId, counts, null);
  await movePlan(engine.hub, plan.id, ['applying'], {
    state: 'applied',
    ...(plan.summary === null ? {} : { summary: { ...plan.summary, applied: counts } }),
  });
  engine.log.info({ planId: plan.id, ...counts }, 'applied');
  return { kind: 'applied', ...counts };
}

/** Lines of writes that were done, and those that were not because something else had come in between. */
async function countDone(hub: Hub, planId: string, runId: string): Promise<{ done: number; drifted: number }> {
  const { rows } = await sql<{ key: string; done: boolean }>`
    with lines as (
      select p.key, p.drift, exists (
        select 1 from delivery d where d.run_id = ${runId} and d.connection_id = p.connection_id and d.object = p.object
          and case p.operation when 'create' then d.record_id = p.record_id else d.remote_id = p.remote_id end) as done
      from plan_line p where p.plan_id = ${planId} and p.operation in ('create', 'update', 'delete', 'merge') and p.drift is distinct from 'added')
    update plan_line p set drift = case when l.done then null else coalesce(p.drift, 'gone') end
    from lines l where p.plan_id = ${planId} and p.key = l.key returning p.key, l.done`.execute(hub);
  const done = rows.filter((row) => row.done).length;
  return { done, drifted: rows.length - done };
}
