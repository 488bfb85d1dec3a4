import { findPlan, type Plan } from '../../hub/plans/plans.ts';
import type { Engine } from '../engine.ts';
import { applyPlan } from './apply.ts';
import { computePlan } from './plan.ts';

const isWanted = ({ state, wantedBy }: Plan): boolean =>
  state === 'applying' || state === 'cancelling' || (state === 'ready' && wantedBy !== null);

/** Does what a plan waits for: computes it, applies or cancels it when somebody wants that, or goes on where another worker has died. */
export async function workOnPlan(engine: Engine, planId: string, signal: AbortSignal): Promise<void> {
  const plan = await findPlan(engine.hub, planId);
  if (plan?.state === 'computing') await computePlan(engine, planId, signal);
  if (plan === null || !isWanted(plan)) return;
  const applied = await applyPlan(engine, planId, { actor: plan.wantedBy ?? plan.actor, signal });
  engine.log.info({ planId, kind: applied.kind }, 'worked on a plan');
}
