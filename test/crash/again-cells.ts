import { type Blow, type Cell, reached, type Spot, setStopOn, strike } from './cell.ts';
import { SPOTS } from './spots.ts';

const FIRST = 'noted, and not sent';
const RECOVERIES: readonly (Spot & { readonly where: string })[] = [
  {
    where: 'asking what became of its creates (HubSpot)',
    gate: 'hubspot',
    on: /^POST .*contacts\/batch\/read .*syncline_id/,
    when: 'after',
  },
  { where: 'before what it found out is stored', gate: 'postgres', on: /update link set sent = null/, when: 'before commit' },
  { where: 'after what it found out is stored', gate: 'postgres', on: /update link set sent = null/, when: 'after commit' },
];

/** kill -9 once, and again while the next process finds out what became of the first one's writes. */
const killTwice =
  (recovery: Spot): Blow =>
  async ({ stage, running, stop }) => {
    await running.signal('SIGKILL');
    stop.release('is lost');
    await stage.letTimePass();
    const second = setStopOn(stage, recovery);
    const heir = await stage.start(running.half);
    await reached(second, heir, recovery);
    await heir.signal('SIGKILL');
    second.release('is lost');
    await stage.letTimePass();
    await stage.start(running.half);
    return null;
  };

/** Death during recovery: the second process dies where it looks up what the first one left. */
export const AGAIN_CELLS: readonly Cell[] = RECOVERIES.flatMap((recovery) =>
  SPOTS.filter(({ where }) => where === 'creates done, no answer (HubSpot)' || (where === FIRST && recovery.gate === 'postgres')).map(
    (spot): Cell => ({
      step: spot.step,
      blow: 'kill -9 of the worker, and of the next one',
      where: `${spot.where}; ${recovery.where}`,
      play: (home) => strike(home, spot, killTwice(recovery)),
    }),
  ),
);
