import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { openHub } from '../../../src/hub/database.ts';
import { openEmbeddedPostgres } from '../../../src/hub/embedded-postgres.ts';
import { migrateHub } from '../../../src/hub/migrate.ts';
import { openSimDatabase } from './database.ts';
import { FOUND } from './found.ts';
import { drawHistory, keep } from './history.ts';
import { play } from './play.ts';
import { shrink } from './shrink.ts';
import { neverReached } from './sometimes.ts';
import { tell } from './tell.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    // Only these steps of the history, by their numbers: what a red seed was shrunk to.
    keep: { type: 'string' },
    workers: { type: 'string', default: '1' },
    // A migrated database to play on, in place of one of its own.
    database: { type: 'string' },
    'until-red': { type: 'boolean', default: false },
    // Red histories as they are, without the time that it takes to make them small.
    whole: { type: 'boolean', default: false },
    // Also those that were found once.
    found: { type: 'boolean', default: false },
  },
});
const [first, histories, workers] = [Number(values.seed), Number(values.histories), Number(values.workers)];
/** As many as it takes to expect that everything is met. */
const ENOUGH = 300;
const reached = new Map<string, number>();
const meet = (state: string, n: number) => reached.set(state, (reached.get(state) ?? 0) + n);
const started = performance.now();
const red = workers > 1 ? await inProcesses() : await inThisProcess();

const seconds = (performance.now() - started) / 1000;
console.log(`${histories} histories from seed ${first}, ${red} red, ${seconds.toFixed(0)} s`);
for (const [state, n] of [...reached].sort()) console.log(`${n}\t${state}`);
const missing = histories >= ENOUGH && red === 0 ? neverReached(reached.keys()) : [];
for (const name of missing) console.log(`never reached: ${name}`);
process.exitCode = red + missing.length > 0 ? 1 : 0;

async function inThisProcess(): Promise<number> {
  await using open = new AsyncDisposableStack();
  const database = open.use(await openSimDatabase(values.database ?? (await ownDatabase(open))));
  if (values.found) for (const { name, history } of FOUND) console.log(`${name}: ${(await play(history, database)).broken[0] ?? 'holds'}`);
  let count = 0;
  for (let seed = first; seed < first + histories; seed += 1) {
    const whole = drawHistory(seed);
    const history = values.keep === undefined ? whole : keep(whole, numbersIn(values.keep));
    const played = await play(history, database);
    for (const state of played.reached) meet(state, 1);
    if (played.broken.length === 0) continue;
    count += 1;
    console.log(`seed ${seed} (${history.steps.length} steps): ${played.broken.slice(0, 3).join('\n  ')}`);
    if (values['until-red']) break;
    if (values.keep !== undefined) console.log(tell(history));
    else if (!values.whole) {
      const small = await shrink(whole, database, played.broken);
      console.log(
        `${tell(small.history)}\n  ${small.broken[0]}\n  npm run simulate:engine -- --histories 1 --seed ${seed} --keep ${small.numbers.join(',')}`,
      );
    }
  }
  return count;
}

async function ownDatabase(open: AsyncDisposableStack): Promise<string> {
  const postgres = await openEmbeddedPostgres(join(tmpdir(), `syncline-simulation-${process.pid}`), {
    temporary: true,
    settings: ['fsync=off', 'full_page_writes=off'],
  });
  open.defer(() => postgres.close());
  const hub = openHub(postgres.url);
  await migrateHub(hub);
  await hub.destroy();
  return postgres.url;
}

function numbersIn(list: string): readonly number[] {
  return list
    .split(',')
    .filter((number) => number !== '')
    .map(Number);
}

/** Each process has a database of its own and its share of the seeds. */
async function inProcesses(): Promise<number> {
  const share = Math.ceil(histories / workers);
  const shares = Array.from({ length: workers }, (_, i) => ({ from: first + i * share, n: Math.min(share, histories - i * share) }));
  const counts = await Promise.all(
    shares.map(async ({ from, n }) => {
      const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, '--seed', String(from), '--histories', String(n)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said = await text(child.stdout);
      for (const line of said.split('\n')) {
        const state = /^(\d+)\t(.*)$/.exec(line);
        if (state !== null) meet(state[2] ?? '', Number(state[1]));
        else if (!/^(never reached|\d+ histories)/.test(line) && line !== '') console.log(line);
      }
      return Number(/, (\d+) red,/.exec(said)?.[1] ?? 1);
    }),
  );
  return counts.reduce((sum, n) => sum + n, 0);
}
