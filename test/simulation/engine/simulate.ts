import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    keep: { type: 'string' },
    found: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    'until-red': { type: 'boolean', default: false },
  },
});

await using open = new AsyncDisposableStack();
const postgres = await openEmbeddedPostgres(join(tmpdir(), `syncline-simulation-${process.pid}`), {
  temporary: true,
  settings: ['fsync=off', 'full_page_writes=off'],
});
open.defer(() => postgres.close());
const hub = openHub(postgres.url);
await migrateHub(hub);
await hub.destroy();
const database = open.use(await openSimDatabase(postgres.url));

if (values.found) for (const { name, history } of FOUND) console.log(`${name}: ${(await play(history, database)).broken[0] ?? 'holds'}`);

const first = Number(values.seed);
const started = performance.now();
const reached = new Map<string, number>();
let turns = 0;
let red = 0;
for (let seed = first; seed < first + Number(values.histories); seed += 1) {
  const whole = drawHistory(seed);
  const history =
    values.keep === undefined
      ? whole
      : keep(
          whole,
          values.keep
            .split(',')
            .filter((n) => n !== '')
            .map(Number),
        );
  const played = await play(history, database);
  turns += played.turns;
  for (const state of played.reached) reached.set(state, (reached.get(state) ?? 0) + 1);
  if (played.broken.length === 0) continue;
  red += 1;
  console.log(`seed ${seed} (${history.steps.length} steps): ${played.broken.slice(0, 3).join('\n  ')}`);
  if (values['until-red']) break;
  if (values.whole) continue;
  if (values.keep !== undefined) console.log(tell(history));
  else {
    const small = await shrink(whole, database, played.broken);
    console.log(
      `  ${small.broken[0]}\n  ${small.numbers.length} steps: npm run simulate:engine -- --histories 1 --seed ${seed} --keep ${small.numbers.join(',')}`,
    );
  }
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${values.histories} histories, ${red} red, ${turns} turns, ${seconds.toFixed(1)} s, ${((seconds * 1000) / Number(values.histories)).toFixed(0)} ms each`,
);
for (const [state, n] of [...reached].sort()) console.log(`${n}\t${state}`);
if (values.histories !== '1' && !values['until-red'] && Number(values.histories) >= 200)
  for (const name of neverReached(reached.keys())) console.log(`never reached: ${name}`);
process.exitCode = red > 0 ? 1 : 0;
