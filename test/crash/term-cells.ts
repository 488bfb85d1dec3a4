import { type Blow, type Cell, strike } from './cell.ts';
import type { Running } from './processes.ts';
import { ONE_A_STEP, SPOTS } from './spots.ts';
import { until } from './until.ts';

const LIMIT_MS = 30_000;

/** Ended in time, and with the exit code that says so; whoever is not is killed. */
async function endInTime(running: Running): Promise<void> {
  let code: number | null | undefined;
  void running.signal('SIGTERM').then((ended) => (code = ended));
  await until('it ends after SIGTERM', () => code !== undefined, { timeoutMs: LIMIT_MS, tell: async () => running.said() });
  if (code !== 0) throw new Error(`SIGTERM: it ended with ${code}: ${running.said()}`);
}

/** SIGTERM while it works; what it waits for comes, or never does. */
const askToEnd =
  (comes: boolean): Blow =>
  async ({ stage, running, stop }) => {
    const ending = endInTime(running);
    if (comes) stop.release('goes on');
    await ending;
    stop.release('is lost');
    if (!comes) await stage.letTimePass();
    await stage.start(running.half);
    return null;
  };

const HANGING = SPOTS.filter(({ where }) => where === 'page asked for (HubSpot)' || where === 'updates done, no answer (Salesforce)');

/** An operator ends it in the middle of its work. */
export const TERM_CELLS: readonly Cell[] = [
  ...(['work', 'start'] as const).flatMap((half) =>
    ONE_A_STEP.map(
      (spot): Cell => ({
        step: spot.step,
        blow: `SIGTERM under load (${half})`,
        where: spot.where,
        play: (home) => strike(home, spot, askToEnd(true), { half }),
      }),
    ),
  ),
  ...HANGING.map(
    (spot): Cell => ({
      step: spot.step,
      blow: 'SIGTERM while the vendor hangs (work)',
      where: spot.where,
      play: (home) => strike(home, spot, askToEnd(false)),
    }),
  ),
];
