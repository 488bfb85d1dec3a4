import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../src/kernel/must.ts';
import { cloneTemplate } from '../../support/database.ts';
import { openSimDatabase, type SimDatabase } from './database.ts';
import { FOUND } from './found.ts';
import { drawHistory, type History } from './history.ts';
import { play } from './play.ts';
import { shrink } from './shrink.ts';
import { neverReached } from './sometimes.ts';
import { tell } from './tell.ts';

const HISTORIES = 300;
const FIRST_SEED = 1;

/** While one of them waits for its database, the other one can go on. */
const LANES = 2;
type Lane = { readonly database: SimDatabase; drop(): Promise<void> };
const lanes: Lane[] = [];
const database = (): SimDatabase => must(lanes[0], 'a lane').database;

beforeAll(async () => {
  for (let i = 0; i < LANES; i += 1) {
    const cloned = await cloneTemplate(`lane ${i}`);
    lanes.push({ database: await openSimDatabase(cloned.url), drop: cloned.drop });
  }
});
afterAll(async () => {
  for (const lane of lanes) {
    await lane.database[Symbol.asyncDispose]();
    await lane.drop();
  }
});

test('in the simulated database no statement and no default reads the time of the machine', async () => {
  await database().empty(Date.parse('2001-02-03T04:05:06Z'));
  const [read] = await database().query<{ now: Date; clock: Date }>('select now() as now, clock_timestamp() as clock');
  expect([read?.now.toISOString(), read?.clock.toISOString()]).toEqual(['2001-02-03T04:05:06.000Z', '2001-02-03T04:05:06.000Z']);
  // Only what stands on the simulation's functions depends on them: those of Postgres itself are pinned.
  const real = await database().query(
    `select d.adrelid::regclass::text as place from pg_attrdef d join pg_class c on c.oid = d.adrelid and c.relnamespace = 'public'::regnamespace
      where pg_get_expr(d.adbin, d.adrelid) ~ '(now|clock_timestamp)\\(\\)|CURRENT_TIMESTAMP' and c.relname !~ '^kysely' and not exists (
        select 1 from pg_depend x join pg_proc p on p.oid = x.refobjid and p.pronamespace = 'sim'::regnamespace where x.classid = 'pg_attrdef'::regclass and x.objid = d.oid)`,
  );
  expect(real).toEqual([]);
});

test('a history goes the same way each time', async () => {
  const history = drawHistory(7);
  const [first, second] = [await play(history, database()), await play(history, database())];
  expect([second.turns, [...second.reached].sort()]).toEqual([first.turns, [...first.reached].sort()]);
});

describe('what was found once', () => {
  test.each(FOUND)('$name', async ({ history }) => {
    expect((await play(history, database())).broken).toEqual([]);
  });
});

test(`${HISTORIES} histories keep every promise, and meet every trouble that there is`, { timeout: 900_000 }, async () => {
  const reached = new Set<string>();
  let seed = FIRST_SEED;
  const playOn = async (own: SimDatabase) => {
    while (seed < FIRST_SEED + HISTORIES) {
      const history = drawHistory(seed);
      seed += 1;
      const played = await play(history, own);
      for (const state of played.reached) reached.add(state);
      if (played.broken.length > 0) await tellRed(own, history, played.broken);
    }
  };
  await Promise.all(lanes.map(({ database }) => playOn(database)));
  expect(neverReached(reached)).toEqual([]);
});

async function tellRed(own: SimDatabase, history: History, broken: readonly string[]): Promise<never> {
  const small = await shrink(history, own, broken);
  const again = `npm run simulate:engine -- --histories 1 --seed ${history.seed} --keep ${small.numbers.join(',')}`;
  expect.fail(`${small.broken[0]}\n${tell(small.history)}\n${again}`);
}
