import { openHub } from '../../src/hub/database.ts';
import { migrateHub } from '../../src/hub/migrate.ts';
import { freePort } from '../support/free-port.ts';
import { type Blow, type Cell, strike } from './cell.ts';
import { type Home, openHome } from './home.ts';
import { SPOTS } from './spots.ts';
import { until } from './until.ts';

type Fallen = 'all-in-one' | 'its Postgres' | 'both';
const WHERE = ['page asked for (Salesforce)', 'creates done, no answer (HubSpot)', 'scores written, no answer (Salesforce)'];

/** What the process says of itself, to whoever watches over it. */
async function isReady(port: string): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer?.ok === true;
}

const fell =
  (own: Home, fallen: Fallen, port: string): Blow =>
  async ({ stage, running, stop }) => {
    if (fallen !== 'all-in-one') await own.killPostmaster();
    if (fallen === 'its Postgres') await until('it says that it is not ready', async () => running.hasEnded() || !(await isReady(port)));
    if (!running.hasEnded()) await running.signal('SIGKILL');
    stop.release('is lost');
    // Started again, it brings its Postgres back itself.
    const again = await stage.start('start', { environment: { PORT: port } });
    await until('it says that it is ready', async () => again.hasEnded() || (await isReady(port)), { tell: async () => again.said() });
    await own.startAgain();
    await stage.letTimePass();
    return null;
  };

async function strikeEmbedded(home: Home, spot: (typeof SPOTS)[number], fallen: Fallen): Promise<string | null> {
  await using own = await openHome();
  const hub = openHub(own.builtIn());
  await migrateHub(hub);
  await hub.destroy();
  const port = String(await freePort());
  const options = {
    half: 'start',
    database: own.builtIn(),
    postgres: () => own.url(),
    dataFolder: own.folder,
    environment: { PORT: port },
  } as const;
  return await strike(home, spot, fell(own, fallen, port), options);
}

/** One process with a Postgres of its own, as most will run it. */
export const EMBEDDED_CELLS: readonly Cell[] = (['all-in-one', 'its Postgres', 'both'] as const).flatMap((fallen) =>
  SPOTS.filter(({ where }) => WHERE.includes(where)).map(
    (spot): Cell => ({
      step: spot.step,
      blow: `kill -9 of ${fallen} (embedded)`,
      where: spot.where,
      play: (home) => strikeEmbedded(home, spot, fallen),
    }),
  ),
);
