import { AGAIN_CELLS } from './again-cells.ts';
import { killBackend, killPostgres, killProcess } from './blows.ts';
import { type Cell, strike } from './cell.ts';
import { EMBEDDED_CELLS } from './embedded-cells.ts';
import { ERASING_CELLS } from './erasing-cells.ts';
import { REDIS_CELLS } from './redis-cells.ts';
import { SERVER_CELLS } from './server-cells.ts';
import { SLEEPER_CELLS } from './sleeper-cells.ts';
import { ONE_A_STEP, SPOTS } from './spots.ts';
import { TERM_CELLS } from './term-cells.ts';

const worker: readonly Cell[] = SPOTS.map((spot) => ({
  step: spot.step,
  blow: 'kill -9 of the worker',
  where: spot.where,
  play: (home) => strike(home, spot, killProcess()),
}));

// The request is still under way when its sender dies, and takes effect later.
const late: readonly Cell[] = SPOTS.filter(({ step, when, gate }) => step === 'carry out' && when === 'before' && gate !== 'postgres').map(
  (spot) => ({
    step: spot.step,
    blow: 'kill -9 of the worker, its request arrives late',
    where: spot.where,
    play: (home) => strike(home, spot, killProcess('arrives late')),
  }),
);

const allInOne: readonly Cell[] = ONE_A_STEP.map((spot) => ({
  step: spot.step,
  blow: 'kill -9 of the all-in-one',
  where: spot.where,
  play: (home) => strike(home, spot, killProcess(), { half: 'start' }),
}));

const postgres: readonly Cell[] = [
  { blow: 'kill -9 of a Postgres backend', fall: killBackend },
  { blow: 'kill -9 of Postgres', fall: killPostgres },
].flatMap(({ blow, fall }) =>
  ONE_A_STEP.map(
    (spot) => ({ step: spot.step, blow, where: spot.where, ownPostgres: true, play: (home) => strike(home, spot, fall) }) satisfies Cell,
  ),
);

/** The whole matrix, blow by blow. */
export const CELLS: readonly Cell[] = [
  ...worker,
  ...late,
  ...AGAIN_CELLS,
  ...SERVER_CELLS,
  ...ERASING_CELLS,
  ...allInOne,
  ...EMBEDDED_CELLS,
  ...postgres,
  ...REDIS_CELLS,
  ...SLEEPER_CELLS,
  ...TERM_CELLS,
];
