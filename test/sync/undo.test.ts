import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import type { UndoTarget } from '../../src/hub/runs/undoing.ts';
import { must } from '../../src/kernel/must.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { recordAt } from '../../src/sync/explain/as-of.ts';
import { mergeRecords } from '../../src/sync/merging/merge-records.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { setFields } from '../../src/sync/steward/steward.ts';
import { inTransaction } from '../../src/sync/transaction.ts';
import { waitingUndos } from '../../src/sync/undo/run.ts';
import { previewUndo, undo, workOnUndo } from '../../src/sync/undo/undo.ts';
import { test } from '../support/database.ts';
import { openWorld, remapLine, type World } from './world.ts';

const PEOPLE = ['ada', 'bob', 'cleo', 'dan'] as const;
type Person = { readonly hsId: string; readonly sfId: string };
type People = World & { readonly people: Readonly<Record<string, Person>> };

/** Four people with titles, in both systems. */
async function withPeople(hub: Hub, options: Parameters<typeof openWorld>[1] = {}): Promise<People> {
  const world = await openWorld(hub, options);
  const people: Record<string, Person> = {};
  for (const name of PEOPLE) {
    const email = `${name}@example.com`;
    people[name] = {
      sfId: world.sf.create('Contact', { FirstName: name, LastName: 'Doe', Email: email, Title: 'Analyst' }),
      hsId: world.hs.contacts.add({ email, firstname: name, lastname: 'Doe', jobtitle: 'Analyst' }),
    };
  }
  await world.settle();
  world.later(2);
  return { ...world, people };
}

const personOf = (world: People, name: string): Person => must(world.people[name], name);
const titlesOf = (world: People, name: string): readonly unknown[] => [
  world.hs.contacts.get(personOf(world, name).hsId)?.properties.jobtitle ?? null,
  world.sf.get(personOf(world, name).sfId).Title,
];
const everyTitle = (world: People) => Object.fromEntries(PEOPLE.map((name) => [name, titlesOf(world, name)]));
const all = (title: string) => Object.fromEntries(PEOPLE.map((name) => [name, [title, title]]));

/** A bulk import that gives everybody the same title in one system. */
function importTitles(world: People, title: string, names: readonly string[] = PEOPLE): void {
  for (const name of names) world.hs.contacts.edit(personOf(world, name).hsId, { jobtitle: title });
}

async function lastRun(world: World, kind: string, connector: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select r.id from run r join stream s on s.id = r.stream_id join connection c on c.id = s.connection_id
    where r.kind = ${kind} and c.connector = ${connector} and s.object = 'contact' order by r.id desc limit 1`.execute(world.hub);
  return must(rows[0], `a run ${kind} of ${connector}`).id;
}

/** Previews, undoes, and lets the systems follow: what was told beforehand is what happened. */
async function takeBack(world: World, target: UndoTarget) {
  const preview = await previewUndo(world.engine, target);
  if (typeof preview === 'string' || 'refused' in preview) throw new Error(JSON.stringify(preview));
  const undone = await undo(world.engine, target, { actor: 'admin' });
  if (typeof undone === 'string' || 'refused' in undone) throw new Error(JSON.stringify(undone));
  expect(undone.counts).toEqual(preview.counts);
  await world.settle();
  expect(await world.settle()).toBe(0);
  return { ...undone, lines: preview.lines };
}

describe('a bad bulk import', () => {
  test('is undone in both systems, and all is quiet afterwards', async ({ hub }) => {
    await using world = await withPeople(hub);
    importTitles(world, 'Intern');
    await world.settle();
    expect(everyTitle(world)).toEqual(all('Intern'));
    const { counts, run } = await takeBack(world, { run: await lastRun(world, 'changes', 'hubspot') });
    expect(counts).toMatchObject({ records: 4, field: 4, spared: 0, impossible: 0 });
    expect(everyTitle(world)).toEqual(all('Analyst'));
    const { rows } = await sql`select kind, actor, ended_at is not null as ended from run where id = ${run}`.execute(hub);
    expect(rows).toEqual([{ kind: 'undo', actor: 'admin', ended: true }]);
  });

  test('spares whoever a human has changed since, and names him', async ({ hub }) => {
    await using world = await withPeople(hub);
    importTitles(world, 'Intern');
    await world.settle();
    world.later(5);
    const run = await lastRun(world, 'changes', 'hubspot');
    world.sf.edit(personOf(world, 'bob').sfId, { Title: 'Boss' });
    await world.settle();
    const { counts, lines } = await takeBack(world, { run });
    expect(counts).toMatchObject({ field: 3, spared: 1 });
    expect(lines.filter((line) => line.fate === 'spared')).toEqual([
      expect.objectContaining({
        field: 'job_title',
        from: 'Boss',
        to: 'Boss',
        reason: expect.stringMatching(/salesforce.* changed it at /),
      }),
    ]);
    expect(everyTitle(world)).toEqual({ ...all('Analyst'), bob: ['Boss', 'Boss'] });
  });

  test('spares an edit that the hub has not seen yet when it is undone', async ({ hub }) => {
    await using world = await withPeople(hub);
    importTitles(world, 'Intern');
    await world.settle();
    world.later(5);
    world.sf.edit(personOf(world, 'bob').sfId, { Title: 'Boss' });
    await takeBack(world, { run: await lastRun(world, 'changes', 'hubspot') });
    expect(everyTitle(world)).toEqual({ ...all('Analyst'), bob: ['Boss', 'Boss'] });
  });

  test('can be undone once: the second time finds nothing', async ({ hub }) => {
    await using world = await withPeople(hub);
    importTitles(world, 'Intern');
    await world.settle();
    const run = await lastRun(world, 'changes', 'hubspot');
    await takeBack(world, { run });
    const again = await takeBack(world, { run });
    expect(again).toMatchObject({ run: null, lines: [], counts: { records: 0, spared: 0 } });
  });

  test('comes back when its undo is undone, and can be undone again', async ({ hub }) => {
    await using world = await withPeople(hub);
    importTitles(world, 'Intern');
    await world.settle();
    const run = await lastRun(world, 'changes', 'hubspot');
    const first = await takeBack(world, { run });
    await takeBack(world, { run: must(first.run, 'the run of an undo') });
    expect(everyTitle(world)).toEqual(all('Intern'));
    await takeBack(world, { run });
    expect(everyTitle(world)).toEqual(all('Analyst'));
  });

  test('is undone by the time range of its stream', async ({ hub }) => {
    await using world = await withPeople(hub);
    const { rows } = await sql<{
      id: string;
      now: Date;
    }>`select id, clock_timestamp() as now from connection where name = 'hubspot'`.execute(hub);
    const hubspot = must(rows[0], 'the connection');
    importTitles(world, 'Intern', ['ada', 'bob']);
    await world.settle();
    const to = new Date(Date.now() + 60_000).toISOString();
    await takeBack(world, { connectionId: hubspot.id, object: 'contact', from: hubspot.now.toISOString(), to });
    expect(everyTitle(world)).toEqual(all('Analyst'));
  });
});

test('the writes of a run go back to what the records held over there', async ({ hub }) => {
  await using world = await withPeople(hub);
  importTitles(world, 'Intern');
  await world.settle();
  await takeBack(world, { run: await lastRun(world, 'writes', 'salesforce') });
  expect(everyTitle(world)).toEqual(all('Analyst'));
});

test('one record goes back to what it was at a time, edits by hand included', async ({ hub }) => {
  await using world = await withPeople(hub);
  const { id } = must(await world.record('ada@example.com'), 'the record');
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(hub);
  await setFields(world.engine, id, { job_title: 'Countess', city: 'London' }, 'steward');
  await world.settle();
  importTitles(world, 'Intern', ['ada']);
  await world.settle();
  const { counts } = await takeBack(world, { record: id, to: must(rows[0], 'now').now.toISOString() });
  expect(counts).toMatchObject({ records: 1, field: 2 });
  expect(titlesOf(world, 'ada')).toEqual(['Analyst', 'Analyst']);
  expect(world.sf.get(personOf(world, 'ada').sfId).MailingCity ?? null).toBeNull();
});

test('a field that only flows in is left, with the reason', async ({ hub }) => {
  await using world = await withPeople(hub, { remap: remapLine('job_title', { direction: 'in' }, ['hubspot']) });
  importTitles(world, 'Intern');
  await world.settle();
  const { counts, lines } = await takeBack(world, { run: await lastRun(world, 'changes', 'hubspot') });
  expect(counts).toMatchObject({ records: 0, impossible: 4 });
  expect(lines[0]?.reason).toBe('it only flows in from hubspot, so it has to be changed there');
  expect(everyTitle(world)).toEqual(all('Intern'));
});

describe('people who were imported', () => {
  const addNew = (world: World) =>
    world.hs.contacts.add({ email: 'junk@example.com', firstname: 'Junk', lastname: 'Mail', jobtitle: 'None' });

  test('are taken out of use here and removed where the hub had made them, and do not come back', async ({ hub }) => {
    await using world = await withPeople(hub);
    const hsId = addNew(world);
    await world.settle();
    expect(world.inSalesforce('Email', 'junk@example.com')).toHaveLength(1);
    const { counts } = await takeBack(world, { run: await lastRun(world, 'changes', 'hubspot') });
    expect(counts).toMatchObject({ records: 1, archive: 1, remove: 1, field: 0 });
    expect(world.inSalesforce('Email', 'junk@example.com')).toHaveLength(0);
    world.later(5);
    world.hs.contacts.edit(hsId, { jobtitle: 'Still none' });
    expect(await world.settle()).toBe(0);
    expect(world.inSalesforce('Email', 'junk@example.com')).toHaveLength(0);
    expect(world.hs.contacts.get(hsId)).toBeDefined();
  });

  test('are there again when that is undone', async ({ hub }) => {
    await using world = await withPeople(hub);
    addNew(world);
    await world.settle();
    const { run } = await takeBack(world, { run: await lastRun(world, 'changes', 'hubspot') });
    const { counts } = await takeBack(world, { run: must(run, 'the run of an undo') });
    expect(counts).toMatchObject({ restore: 1, remake: 1 });
    expect(world.inSalesforce('Email', 'junk@example.com')).toHaveLength(1);
  });

  test('stay when somebody has worked on them since', async ({ hub }) => {
    await using world = await withPeople(hub);
    addNew(world);
    await world.settle();
    const run = await lastRun(world, 'changes', 'hubspot');
    world.later(5);
    const [made] = world.inSalesforce('Email', 'junk@example.com');
    world.sf.edit(String(must(made, 'the contact').Id), { Title: 'A person after all' });
    await world.settle();
    const { counts } = await takeBack(world, { run });
    expect(counts).toMatchObject({ records: 0, spared: 1 });
    expect(world.inSalesforce('Email', 'junk@example.com')).toHaveLength(1);
  });

  test('go only from where they were made when it is those writes that are undone', async ({ hub }) => {
    await using world = await withPeople(hub);
    const hsId = addNew(world);
    await world.settle();
    const { counts, run } = await takeBack(world, { run: await lastRun(world, 'writes', 'salesforce') });
    expect(counts).toMatchObject({ records: 1, remove: 1, archive: 0 });
    expect(world.inSalesforce('Email', 'junk@example.com')).toHaveLength(0);
    world.later(5);
    world.hs.contacts.edit(hsId, { jobtitle: 'Some' });
    await world.settle();
    expect(world.inSalesforce('Email', 'junk@example.com')).toHaveLength(0);
    expect((await world.record('junk@example.com'))?.fields.job_title).toBe('Some');
    await takeBack(world, { run: must(run, 'the run of an undo') });
    expect(world.inSalesforce('Email', 'junk@example.com')).toEqual([expect.objectContaining({ Title: 'Some' })]);
  });
});

describe('a first sync', () => {
  /** Ada is in both systems with two titles, a city only here and a phone only there; Junk is only in HubSpot. */
  async function firstSync(hub: Hub) {
    const world = await openWorld(hub, { people: 0 });
    for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, false);
    const email = 'ada@example.com';
    const sfId = world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Doe', Email: email, Title: 'Boss', Phone: '+442079460958' });
    world.later(2);
    const hsId = world.hs.contacts.add({ email, firstname: 'Ada', lastname: 'Doe', jobtitle: 'Analyst', city: 'London' });
    world.hs.contacts.add({ email: 'junk@example.com', firstname: 'Junk', lastname: 'Mail' });
    const plan = await makePlan(world.engine, { streams: [{ connection: 'hubspot' }, { connection: 'salesforce' }] }, AS);
    expect(await applyPlan(world.engine, plan.id, AS)).toMatchObject({ kind: 'applied', drifted: 0 });
    for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, true);
    await world.settle();
    world.later(5);
    const { id: run } = await hub.selectFrom('run').select('id').where('kind', '=', 'apply').executeTakeFirstOrThrow();
    const shown = () => {
      const [hs, sf] = [must(world.hs.contacts.get(hsId), 'Ada').properties, world.sf.get(sfId)];
      return [
        [hs.jobtitle, hs.city || null, hs.phone || null],
        [sf.Title, sf.MailingCity ?? null, sf.Phone ?? null],
      ];
    };
    return Object.assign(world, { run, shown, hsId, sfId });
  }
  const AS = {
    actor: 'test',
    get signal(): AbortSignal {
      return AbortSignal.timeout(60_000);
    },
  };
  const APART = [
    ['Analyst', 'London', null],
    ['Boss', null, '+442079460958'],
  ];

  test('gives both systems their own values back, apart from then on, and flows again when that is undone', async ({ hub }) => {
    await using world = await firstSync(hub);
    const together = world.shown();
    expect(together[0]).toEqual(together[1]);
    const { run } = await takeBack(world, { run: world.run });
    expect(world.shown()).toEqual(APART);
    expect(world.inSalesforce('Email', 'junk@example.com')).toEqual([]);
    const { id } = must(await world.record('ada@example.com'), 'Ada');
    expect((await world.links(id)).map(({ state }) => state)).toEqual(['excluded', 'excluded']);
    world.hs.contacts.edit(world.hsId, { city: 'Paris' });
    expect(await world.settle()).toBe(0);
    world.hs.contacts.edit(world.hsId, { city: 'London' });
    await takeBack(world, { run: must(run, 'the run of an undo') });
    expect(world.shown()).toEqual(together);
  });

  test('spares what a human has written over since, and puts the rest back', async ({ hub }) => {
    await using world = await firstSync(hub);
    world.sf.edit(world.sfId, { Title: 'Countess' });
    await world.settle();
    await takeBack(world, { run: world.run });
    expect(world.shown()[1]).toEqual(['Countess', null, '+442079460958']);
  });

  test('removes what the hub made, although the vendor gave it an owner by itself', async ({ hub }) => {
    await using world = await firstSync(hub);
    await sql`
      insert into change (id, record_id, cause, connection_id, remote_id, fields)
      select gen_random_uuid(), l.record_id, 'observed', l.connection_id, l.remote_id, '{"owner_email":{"old":null,"new":"integration@example.com"}}'
      from link l join connection c on c.id = l.connection_id and c.name = 'salesforce' join record r on r.id = l.record_id
      where r.fields ->> 'email' = 'junk@example.com'`.execute(hub);
    await takeBack(world, { run: world.run });
    expect(world.inSalesforce('Email', 'junk@example.com')).toEqual([]);
  });
});

describe('a record that was deleted', () => {
  const removing = (mappings: Mappings): Mappings => ({
    ...mappings,
    byStream: new Map(
      [...mappings.byStream].map(([key, mapping]) => [
        key,
        mapping.kind === 'entity' && mapping.object === 'contact' ? { ...mapping, removed: { in: 'delete', out: 'delete' } } : mapping,
      ]),
    ),
  });
  const titles = (world: World) => [
    world.inHubspot('email', 'ada@example.com').map(({ properties }) => properties.jobtitle),
    world.inSalesforce('Email', 'ada@example.com').map((row) => row.Title),
  ];

  test('is made again everywhere when the run that saw it go is undone, and goes again when that is undone', async ({ hub }) => {
    await using world = await withPeople(hub, { remap: removing });
    world.sf.remove(personOf(world, 'ada').sfId);
    await world.settle();
    expect(titles(world)).toEqual([[], []]);
    const { counts, run } = await takeBack(world, { run: await lastRun(world, 'changes', 'salesforce') });
    expect(counts).toMatchObject({ records: 1, restore: 1, remake: 2, impossible: 0 });
    expect(titles(world)).toEqual([['Analyst'], ['Analyst']]);
    await takeBack(world, { run: must(run, 'the run of an undo') });
    expect(titles(world)).toEqual([[], []]);
  });

  test('is made again where the hub had removed it, when those writes are undone', async ({ hub }) => {
    await using world = await withPeople(hub, { remap: removing });
    world.sf.remove(personOf(world, 'ada').sfId);
    await world.settle();
    const { counts } = await takeBack(world, { run: await lastRun(world, 'writes', 'hubspot') });
    expect(counts).toMatchObject({ records: 1, restore: 1, remake: 1, impossible: 0 });
    expect(titles(world)).toEqual([['Analyst'], []]);
  });
});

test('a merge that a record has been through since is parted, when it goes back to the time before', async ({ hub }) => {
  await using world = await withPeople(hub);
  const [ada, bob] = await Promise.all(['ada@example.com', 'bob@example.com'].map((email) => world.record(email)));
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(hub);
  const wish = { winnerId: must(ada, 'Ada').id, loserId: must(bob, 'Bob').id, cause: 'steward', actor: 'steward' } as const;
  await inTransaction(hub, (tx) => mergeRecords(world.engine, tx, wish));
  const target = { record: wish.winnerId, to: must(rows[0], 'now').now.toISOString() };
  expect(await previewUndo(world.engine, target)).toMatchObject({ counts: { records: 1, part: 1 } });
  expect(await undo(world.engine, target, { actor: 'admin' })).toMatchObject({ counts: { records: 1, part: 1 } });
  expect(await recordAt(world.engine, wish.loserId, new Date(Date.now() + 60_000).toISOString())).toMatchObject({ mergedInto: null });
  await world.settle();
  expect((await world.record('bob@example.com'))?.id).toBe(wish.loserId);
});

test('an undo that is cut short is found again and goes on, as the same run', async ({ hub }) => {
  await using world = await withPeople(hub);
  importTitles(world, 'Intern');
  await world.settle();
  const target = { run: await lastRun(world, 'changes', 'hubspot') };
  await sql`create function die() returns trigger language plpgsql as $$ begin if new.cause = 'undone' then raise exception 'cut short'; end if; return new; end $$`.execute(
    hub,
  );
  await sql`create trigger die before insert on change for each row execute function die()`.execute(hub);
  await expect(undo(world.engine, target, { actor: 'admin' })).rejects.toThrow('cut short');
  const open = async () =>
    (
      await sql<{
        id: string;
        error: object | null;
        waits: boolean;
      }>`select id, error, lease_until < now() as waits from run where kind = 'undo' and ended_at is null`.execute(hub)
    ).rows;
  const [cut] = await open();
  expect(cut).toMatchObject({ error: { message: expect.stringContaining('cut short') }, waits: false });
  expect((await world.changes()).filter(({ cause }) => cause === 'undone')).toEqual([]);
  await sql`drop trigger die on change`.execute(hub);
  const id = must(cut, 'the undo').id;
  await workOnUndo(world.engine, id, { signal: AbortSignal.timeout(10_000) });
  expect(await open()).toHaveLength(1);
  await sql`update run set lease_until = now() - interval '1 s' where id = ${id}`.execute(hub);
  expect(await waitingUndos(hub)).toEqual([id]);
  await workOnUndo(world.engine, id, { signal: AbortSignal.timeout(10_000) });
  await world.settle();
  expect(everyTitle(world)).toEqual(all('Analyst'));
  const { rows } = await sql`select id, counts ->> 'field' as fields, error from run where kind = 'undo' and ended_at is not null`.execute(
    hub,
  );
  expect(rows).toEqual([{ id, fields: '4', error: null }]);
});

describe('refused', () => {
  test('a run that is still going on, until its process is dead', async ({ hub }) => {
    await using world = await withPeople(hub);
    importTitles(world, 'Intern');
    await world.settle();
    const run = await lastRun(world, 'changes', 'hubspot');
    await sql`update run set ended_at = null where id = ${run}`.execute(hub);
    await sql`update connection set lease_until = now() + interval '1 minute'`.execute(hub);
    expect(await previewUndo(world.engine, { run })).toEqual({ refused: expect.stringContaining('still going on') });
    await sql`update connection set lease_until = '-infinity'`.execute(hub);
    expect(await previewUndo(world.engine, { run })).toMatchObject({ counts: { field: 4 } });
  });
  test('what is not there', async ({ hub }) => {
    await using world = await openWorld(hub);
    expect(await undo(world.engine, { run: '0197f0a0-0000-7000-8000-000000000000' }, { actor: 'admin' })).toBe('not_found');
    expect(await undo(world.engine, { run: 'nonsense' }, { actor: 'admin' })).toBe('not_found');
  });
});
