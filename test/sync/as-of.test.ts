import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Fields } from '../../src/contract/records.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { foldForward } from '../../src/merge/history.ts';
import { reevaluate } from '../../src/merge/reevaluate.ts';
import { difference, readPast, recordAt } from '../../src/sync/explain/as-of.ts';
import { explain } from '../../src/sync/explain/explain.ts';
import { archiveRecord, restoreRecord } from '../../src/sync/steward/presence-by-hand.ts';
import { setFields } from '../../src/sync/steward/steward.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const now = async (hub: Hub): Promise<string> => {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(hub);
  return must(rows[0], 'the time').now.toISOString();
};
type Snapshot = { readonly at: string; readonly fields: Fields; readonly archived: boolean };

/** The next millisecond: times are told in no finer ones. */
async function tick(hub: Hub, at: string): Promise<void> {
  while ((await now(hub)) <= at);
}

async function snapshot(world: World, id: string): Promise<Snapshot> {
  const at = await now(world.hub);
  const { rows } = await sql<{ fields: Fields; archived: boolean }>`
    select fields, archived_at is not null as archived from record where id = ${id}`.execute(world.hub);
  await tick(world.hub, at);
  return { at, ...must(rows[0], 'the record') };
}

/** A record with edits everywhere, an archive and a restore, and pictures taken on the way. */
async function liveThrough(world: World) {
  const before = await now(world.hub);
  await tick(world.hub, before);
  const sfId = world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com', Title: 'Analyst' });
  await world.settle();
  const { id } = must(await world.record('ada@example.com'), 'the record');
  const [hs] = world.inHubspot('email', 'ada@example.com');
  const hsId = must(hs, 'the contact').id;
  const pictures: Snapshot[] = [await snapshot(world, id)];
  const acts: (() => unknown)[] = [
    () => world.hs.contacts.edit(hsId, { jobtitle: 'Countess', city: 'London' }),
    () => world.sf.edit(sfId, { Title: 'Programmer' }),
    () => setFields(world.engine, id, { job_title: 'Steward', city: null }, 'steward'),
    () => {
      world.hs.contacts.edit(hsId, { jobtitle: 'From HubSpot' });
      world.later(2);
      world.sf.edit(sfId, { Title: 'From Salesforce' });
    },
    () => archiveRecord(world.engine, id, { from: 'hub', actor: 'steward' }),
    () => restoreRecord(world.engine, id, 'steward'),
    () => world.hs.contacts.edit(hsId, { jobtitle: '' }),
  ];
  for (const act of acts) {
    world.later(2);
    await act();
    await world.settle();
    pictures.push(await snapshot(world, id));
  }
  return { id, before, pictures };
}

test('a record is what it was at every time, folded back from now or forward from its beginning', async ({ hub }) => {
  await using world = await openWorld(hub);
  const { id, before, pictures } = await liveThrough(world);
  expect(await recordAt(world.engine, id, before)).toBeNull();
  expect(pictures.some(({ archived }) => archived)).toBe(true);
  const past = must(await readPast(world.engine, id), 'the past');
  for (const { at, fields, archived } of pictures) {
    const then = must(await recordAt(world.engine, id, at), 'the record then');
    expect([then.fields, then.archived !== null]).toEqual([fields, archived]);
    const forward = foldForward(past.journal, at);
    expect([forward.fields, forward.archived !== null]).toEqual([fields, archived]);
  }
});

test('two times differ in the fields that differ, each with the changes that led from one to the other', async ({ hub }) => {
  await using world = await openWorld(hub);
  const { id, before, pictures } = await liveThrough(world);
  const [first, second] = [must(pictures[0], 'a picture'), must(pictures[3], 'a picture')];
  const differing = must(await difference(world.engine, id, { from: first.at, to: second.at }), 'the difference');
  expect(differing.fields.map(({ field, from, to, changes }) => [field, from, to, changes.length])).toEqual([
    ['job_title', first.fields.job_title, second.fields.job_title, 3],
  ]);
  expect((await difference(world.engine, id, { from: before, to: first.at }))?.from).toBeNull();
  expect(await difference(world.engine, id, { from: before, to: before })).toBeNull();
});

test('every value tells its source, record, time, run, mapping, and rule; and comes out the same when it is decided once more', async ({
  hub,
}) => {
  await using world = await openWorld(hub);
  const { id, pictures } = await liveThrough(world);
  const runs = new Set((await sql<{ id: string }>`select id from run`.execute(hub)).rows.map((row) => row.id));
  const versions = new Set((await sql<{ hash: string }>`select hash from mapping_version`.execute(hub)).rows.map((row) => row.hash));
  let contests = 0;
  for (const { at, fields } of [...pictures, { at: undefined, fields: (await world.record('ada@example.com'))?.fields ?? {} }]) {
    const explanation = must(await explain(world.engine, id, at === undefined ? {} : { at }), 'the explanation');
    const again = reevaluate(JSON.parse(JSON.stringify(explanation)));
    expect(Object.fromEntries(Object.entries(again).filter(([, value]) => value !== null))).toEqual(fields);
    for (const { field, value, origin, steps, sentence } of explanation.fields) {
      contests += steps.filter(({ kind }) => kind === 'contest').length;
      if (value === null) continue;
      const { cause, connection, remoteId, changedAt, runId, mapping, remoteField, actor } = must(origin, `the origin of ${field}`);
      expect(sentence).toContain(JSON.stringify(value));
      if (cause === 'admin') expect([connection, actor]).toEqual([null, 'steward']);
      else {
        expect([connection, remoteId, changedAt, remoteField].every((known) => known !== null)).toBe(true);
        expect([runs.has(String(runId)), versions.has(String(mapping))]).toEqual([true, true]);
      }
    }
  }
  expect(contests).toBeGreaterThan(0);
});

test('a value that is older than the journal is told by its stamp', async ({ hub }) => {
  await using world = await openWorld(hub);
  world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com', Title: 'Analyst' });
  await world.settle();
  const { id } = must(await world.record('ada@example.com'), 'the record');
  await sql`delete from change`.execute(hub);
  const explanation = must(await explain(world.engine, id), 'the explanation');
  const title = must(
    explanation.fields.find(({ field }) => field === 'job_title'),
    'the title',
  );
  expect(title).toMatchObject({ value: 'Analyst', from: { by: 'salesforce' }, origin: { changeId: null, connection: 'salesforce' } });
  expect(title.sentence).toContain('the journal does not reach back');
  expect(reevaluate(explanation).job_title).toBe('Analyst');
});
