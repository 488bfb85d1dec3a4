import { HubError } from '../contract/errors.ts';
import { openPlans } from '../hub/plans/plans.ts';
import type { Services } from '../services.ts';
import { withAdvice } from '../sync/connecting/connect.ts';
import { workOnPlan } from '../sync/plan/work-on-plan.ts';
import { summarise } from '../sync/summary.ts';
import { waitingUndos } from '../sync/undo/run.ts';
import { workOnUndo } from '../sync/undo/undo.ts';
import { cycleOnce, syncUntilQuiet } from '../sync/until-quiet.ts';
import { showProgress } from './progress.ts';

/** Cycles that are looked at once more after quiet: they must cause no write. */
const CYCLES_AFTER_QUIET = 2;

/** Syncs in the foreground until nothing moves. The exit code is 1 when a connection could not take part; the reasons go to `out`. */
export async function syncUntilQuietCommand(
  services: Pick<Services, 'engine' | 'hub' | 'watch'>,
  options: { json: boolean; signal: AbortSignal; out: NodeJS.WritableStream },
): Promise<number> {
  const { engine } = services;
  const stopProgress = await showProgress(services, options.out);
  try {
    // What was asked for and waits for a worker is done here as well: there may be none.
    for (const runId of await waitingUndos(engine.hub)) await workOnUndo(engine, runId, { signal: options.signal });
    const quiet = await syncUntilQuiet(engine, options.signal);
    for (const planId of await openPlans(engine.hub)) await workOnPlan(engine, planId, options.signal);
    let writesAfterQuiet = 0;
    for (let cycle = 0; cycle < CYCLES_AFTER_QUIET; cycle += 1) writesAfterQuiet += await cycleOnce(engine, options.signal);
    stopProgress();
    for (const { connection, error } of quiet.troubles) options.out.write(`${connection}: ${withAdvice(error)}\n`);
    const summary = await summarise(engine, writesAfterQuiet);
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else
      options.out.write(
        `${quiet.writes} writes; ${summary.people.hub ?? 0} people in the hub; ${summary.differing} fields differ; ${summary.holds} decisions wait.\n`,
      );
    return quiet.troubles.length > 0 ? 1 : 0;
  } finally {
    stopProgress();
  }
}

/** What a person reads when a command fails: the reason and what to do, never a stack. */
export function failureInWords(error: unknown): string {
  if (error instanceof HubError) return withAdvice(error);
  return error instanceof Error ? error.message : String(error);
}
