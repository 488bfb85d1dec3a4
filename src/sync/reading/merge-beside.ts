import type { Engine } from '../engine.ts';
import { reconcile } from '../reconciling/reconcile.ts';
import type { MergesBeside } from '../work.ts';

export function mergesBeside(engine: Engine, signal: AbortSignal): MergesBeside {
  const wanted = new Set<string>();
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  const run = async (): Promise<void> => {
    // A set takes in what is added while it is walked through.
    for (const next of wanted) {
      wanted.delete(next);
      await reconcile(engine, next, signal);
    }
    isRunning = false;
  };
  return {
    begin: (hubObject) => {
      wanted.add(hubObject);
      if (isRunning) return;
      isRunning = true;
      running = run();
      // The error is thrown where it is settled; until then it must not count as unhandled.
      running.catch(() => undefined);
    },
    settle: () => running,
  };
}
