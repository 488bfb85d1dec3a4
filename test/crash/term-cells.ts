import { type Blow, type Cell, strike } from './cell.ts';
import { endInTime } from './processes.ts';
import { ONE_A_STEP, SPOTS } from './spots.ts';

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
