import { type Kysely, sql } from 'kysely';
import { expect } from 'vitest';
import type { Db, Hub } from '../../src/hub/database.ts';
import * as lookup0014 from '../../src/hub/migrations/0014-lookup.ts';
import * as shelves0020 from '../../src/hub/migrations/0020-shelves.ts';
import { SHELF_HOLDS } from '../../src/hub/records/shelves.ts';
import { newestMatches, wordMatches } from '../../src/hub/views/search.ts';
import { must } from '../../src/kernel/must.ts';
import { termsOf } from '../../src/mapping/lookup.ts';
import { refreshLookups } from '../../src/sync/identity/look-up.ts';
import { test } from '../support/database.ts';
import { shippedMappings } from '../support/mappings.ts';

const { model } = await shippedMappings();
const SHELVES = 3;
const MANY = (SHELVES - 1) * SHELF_HOLDS + 800;

/** So many contacts, one after the other; the first hundred are called by a name of their own. */
async function addContacts(hub: Hub, count: number): Promise<readonly string[]> {
  await sql`
    insert into record (id, object, fields, stamps)
    select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'contact',
      jsonb_build_object('first_name', case when n <= 100 then 'สมชาย' else '東日本' end, 'last_name', 'Lindqvist'), '{}'
    from generate_series(1, ${count}::int) as n order by n`.execute(hub);
  while ((await refreshLookups(hub, model)) > 0);
  const { rows } = await sql<{ id: string }>`select id from record order by id desc`.execute(hub);
  return rows.map((row) => row.id);
}

const find = (db: Db, search: string, narrowed: Parameters<typeof newestMatches>[1] = {}, limit = 50, after: string | null = null) =>
  wordMatches(db, termsOf(search), narrowed, { after, limit });

type Step = {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Step[];
};
const stepsOf = (step: Step): readonly Step[] => [step, ...(step.Plans ?? []).flatMap(stepsOf)];

/** How many shelves the database asked by their index for a search, and whether it read the whole table. */
async function shelvesAsked(hub: Hub, search: string): Promise<{ readonly shelves: number; readonly readThrough: boolean }> {
  const { rows } = await sql<{ 'QUERY PLAN': readonly [{ readonly Plan: Step }] }>`
    explain (analyze, format json) ${newestMatches(termsOf(search), {}, { after: null, limit: 50 })}`.execute(hub);
  const steps = stepsOf(must(rows[0], 'a plan')['QUERY PLAN'][0].Plan);
  const asked = must(
    steps.find((step) => step['Index Name'] === 'record_lookup_words'),
    'a look into the index of words',
  );
  return {
    shelves: asked['Actual Loops'],
    readThrough: steps.some((step) => step['Node Type'] === 'Seq Scan' && step['Relation Name'] !== 'record_shelf'),
  };
}

test('a search asks the index of one shelf after the other, ends once it has found enough, and page by page finds each record once, the newest first', {
  timeout: 60_000,
}, async ({ hub }) => {
  const ids = await addContacts(hub, MANY);
  const { rows } = await sql<{ held: number; outside: number }>`
    select s.held, (select count(*)::int from record_lookup l where l.shelf = s.number and l.record_id <= s.after_id) as outside
    from record_shelf s order by s.after_id`.execute(hub);
  expect(rows.map((row) => row.outside)).toEqual(Array.from({ length: SHELVES }, () => 0));
  expect(rows.reduce((sum, row) => sum + row.held, 0)).toBe(MANY);

  // As the database does by itself when it has time.
  await sql`vacuum analyze record, record_lookup, record_shelf`.execute(hub);
  // Two letters from the middle of a word. Most have these; where a shelf ends is seen by the first one of the next.
  expect((await shelvesAsked(hub, '日本')).shelves).toBeLessThan(SHELVES);
  // The oldest hundred have them, or nobody has.
  for (const search of ['สม', 'ชา', '本日'])
    expect([search, await shelvesAsked(hub, search)]).toEqual([search, { shelves: SHELVES, readThrough: false }]);
  expect(await find(hub, 'สม')).toEqual(ids.slice(-100).slice(0, 51));
  expect(await find(hub, '本日')).toEqual([]);

  const limit = 5_000;
  const found: string[] = [];
  for (let after: string | null = null; ; after = must(found.at(-1), 'the last one')) {
    const some = await find(hub, 'lind', { object: 'contact' }, limit, after);
    found.push(...some.slice(0, limit));
    if (some.length <= limit) break;
  }
  expect(found).toEqual(ids);
});

test('what goes out of use is found among what is out of use, and again among the rest when it comes back', async ({ hub }) => {
  const [newest = ''] = await addContacts(hub, 3);
  const places = async () => [await find(hub, 'lindq'), await find(hub, 'lindq', { archived: true })].map((ids) => ids.includes(newest));
  expect(await places()).toEqual([true, false]);
  await sql`update record set archived_at = now(), archived = '{"by":"operator:1","reason":"left","removes":false}' where id = ${newest}`.execute(
    hub,
  );
  expect((await places())[0]).toBe(false);
  expect(await refreshLookups(hub, model)).toBe(1);
  expect(await places()).toEqual([false, true]);
  await sql`update record set archived_at = null, archived = null where id = ${newest}`.execute(hub);
  await refreshLookups(hub, model);
  expect(await places()).toEqual([true, false]);
});

test('an upgrade puts on shelves what was looked into before, and everything is found at once', async ({ hub }) => {
  await hub.transaction().execute(async (tx) => {
    await sql`create schema before`.execute(tx);
    await sql`set local search_path to before`.execute(tx);
    await sql`create table record (id uuid primary key, object text not null, fields jsonb not null, merged_into uuid, archived_at timestamptz)`.execute(
      tx,
    );
    await lookup0014.up(tx as unknown as Kysely<unknown>);
    await sql`
      insert into record (id, object, fields, archived_at)
      select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, case when n % 4 = 0 then 'company' else 'contact' end, '{}',
        case when n % 10 = 0 then now() end from generate_series(1, 2 * ${SHELF_HOLDS}::int) as n`.execute(tx);
    await sql`
      insert into record_lookup (record_id, object, words, points_at)
      select id, object, array_to_tsvector(case when object = 'contact' then array['東日本', '日本', '本'] else '{}' end), '{}' from record`.execute(
      tx,
    );
    await shelves0020.up(tx as unknown as Kysely<unknown>);
    const { rows } = await sql<{ object: string; archived: boolean; lookups: number; held: number }>`
      select s.object, s.archived, s.held, count(*)::int as lookups from record_shelf s join record_lookup l on l.shelf = s.number and l.record_id > s.after_id
      group by s.number order by s.object desc, s.archived, s.after_id`.execute(tx);
    expect(rows.map(({ object, archived }) => [object, archived])).toEqual([
      ['contact', false],
      ['contact', false],
      ['contact', true],
      ['company', false],
      ['company', true],
    ]);
    expect(rows.map((row) => row.lookups)).toEqual(rows.map((row) => row.held));
    expect((await find(tx, '日本', {}, 20_000)).length).toBe(must(rows[0], 'a shelf').held + must(rows[1], 'another').held);
    expect((await find(tx, '日本', { archived: true }, 20_000)).length).toBe(must(rows[2], 'a shelf').held);
  });
});
