import { tidyDeliveries } from '../hub/arrivals/looks.ts';
import { findConnection } from '../hub/connections/connections.ts';
import { openPlans } from '../hub/plans/plans.ts';
import { forgetOld } from '../hub/retention.ts';
import { dueConnections } from '../hub/rhythm/due-connections.ts';
import { closeAllInterrupted } from '../hub/runs/interrupted-runs.ts';
import { unreachable } from '../kernel/must.ts';
import type { Engine } from '../sync/engine.ts';
import { refreshLookups } from '../sync/identity/look-up.ts';
import { currentEngine } from '../sync/mappings/active.ts';
import { workOnPlan } from '../sync/plan/work-on-plan.ts';
import { reconcile, reconcileAll } from '../sync/reconciling/reconcile.ts';
import { tend } from '../sync/tend.ts';
import { waitingUndos } from '../sync/undo/run.ts';
import { workOnUndo } from '../sync/undo/undo.ts';
import { type Job, SWEEP_ANYWAY_MS } from './catalogue.ts';
import type { JobQueue } from './queue.ts';

/** Does what a job points at. Any job may run twice, late, or not at all. */
export async function handle(given: Engine, queue: Pick<JobQueue, 'nudge'>, job: Job, signal: AbortSignal): Promise<void> {
  const engine = await currentEngine(given);
  switch (job.name) {
    case 'tend': {
      // A late or repeated job must not come before what the vendor asked for.
      if (((await findConnection(engine.hub, job.connectionId))?.waitMs ?? 0) > 0) return;
      const tended = await tend(engine, job.connectionId, { signal });
      if (
        tended !== null &&
        tended.error === null &&
        tended.seen.changed + tended.wrote.created + tended.wrote.updated + tended.wrote.deleted > 0
      )
        await nudgeDue(engine, queue);
      return;
    }
    case 'reconcile':
      await reconcile(engine, job.hubObject, signal);
      return nudgeDue(engine, queue);
    case 'plan':
      return workOnPlan(engine, job.planId, signal);
    case 'undo':
      await workOnUndo(engine, job.runId, { signal });
      return sweep(engine, queue, signal);
    case 'sweep':
      return sweep(engine, queue, signal);
    default:
      return unreachable(job);
  }
}

/** Finds everything that is due, wherever it was forgotten. */
async function sweep(given: Engine, queue: Pick<JobQueue, 'nudge'>, signal: AbortSignal): Promise<void> {
  const engine = await currentEngine(given);
  await closeAllInterrupted(engine.hub);
  await tidyDeliveries(engine.hub);
  await forgetOld(engine.hub, signal);
  await reconcileAll(engine, signal);
  await nudgeDue(engine, queue);
  await refreshLookups(engine.hub, engine.mappings.model, signal);
  for (const planId of await openPlans(engine.hub)) await queue.nudge({ name: 'plan', planId });
  for (const runId of await waitingUndos(engine.hub)) await queue.nudge({ name: 'undo', runId });
}

async function nudgeDue(engine: Engine, queue: Pick<JobQueue, 'nudge'>): Promise<void> {
  for (const connectionId of await dueConnections(engine.hub)) await queue.nudge({ name: 'tend', connectionId });
}

/** Works until the function that it gives back is called. Should the queue lose its schedule, the process restores it. */
export async function startWorking(engine: Engine, queue: JobQueue): Promise<() => Promise<void>> {
  const onError = (error: unknown, job: string) =>
    engine.log.error({ job, error: error instanceof Error ? error.message : String(error) }, 'a job failed');
  const stopped = new AbortController();
  const stop = await queue.work((job, signal) => handle(engine, queue, job, signal), onError);
  await queue.schedule();
  const guarding = (async () => {
    while (!stopped.signal.aborted) {
      await engine.clock.sleep(SWEEP_ANYWAY_MS, stopped.signal);
      await queue
        .schedule()
        .then(() => sweep(engine, queue, stopped.signal))
        .catch((error: unknown) => onError(error, 'sweep'));
    }
  })().catch(() => undefined);
  return async () => {
    stopped.abort(new Error('the worker stops'));
    await guarding;
    await stop();
  };
}
