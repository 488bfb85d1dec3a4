import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { surveymonkeyHands } from '../../connectors/surveymonkey/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import type { Timeline } from '../../src/mapping/response-mapping.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { decideOwner } from '../../src/sync/responses/decisions.ts';
import { cycleOnce } from '../../src/sync/until-quiet.ts';
import { test } from '../support/database.ts';
import type { StageOptions } from '../support/stage.ts';
import { openWorld, type World } from './world.ts';

/** Both CRMs and a survey tool whose own people have not answered yet, with Ada and her company in both. */
async function open(hub: Hub, options: Partial<StageOptions> = {}) {
  const world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', 'surveymonkey'], ...options });
  const sm = surveymonkeyHands(world.sandbox('surveymonkey').sandbox);
  const account = world.sf.create('Account', { Name: 'Analytical Engines' });
  const ada = world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com', AccountId: account });
  const bea = world.sf.create('Contact', { FirstName: 'Bea', LastName: 'Byron', Email: 'bea@example.com' });
  await world.settle();
  const survey = must(sm.surveys.all()[0], 'a survey');
  const answer = (nps: number, crmId: string, comment = 'Slow.') =>
    sm.answer({ surveyId: survey.id, nps, comment, customVariables: { crm_id: crmId } });
  return { world, sm, account, ada, bea, survey, answer };
}

// Each lives through many looks at two systems or three.
vi.setConfig({ testTimeout: 90_000 });

const notesIn = ({ hs }: World) =>
  hs
    .records('notes')
    .all()
    .map(({ id, properties }) => {
      const about = hs.tiedTo({ object: 'notes', id }, 'contacts').map((contact) => hs.contacts.get(contact)?.properties.email);
      return { id, body: String(properties.hs_note_body), about };
    });
const tasksIn = ({ sf }: World) =>
  sf
    .all('Task')
    .filter(({ IsDeleted }) => !IsDeleted)
    .map(({ Id, Subject, Description, Status, WhoId, WhatId }) => ({ id: Id, Subject, Description, Status, WhoId, WhatId }));
const responseId = async (hub: Hub, remoteId: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`select id from response where remote_id like ${`%:${remoteId}`}`.execute(hub);
  return must(rows[0], `response ${remoteId}`).id;
};
/** The id in HubSpot of whoever is this in Salesforce, or became one with them. */
const placeOf = async (hub: Hub, remoteId: string, state: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    select l.remote_id as id from link l join connection c on c.id = l.connection_id and c.name = 'hubspot' join record r on r.id = l.record_id
    where l.object = 'contact' and l.state = ${state} and exists (select 1 from link x where x.record_id = coalesce(r.merged_into, r.id) and x.remote_id = ${remoteId})`.execute(
    hub,
  );
  return must(rows[0], `${remoteId} in HubSpot`).id;
};
const sweepDue = (hub: Hub) => sql`update stream set sweep_at = now() where object = 'response'`.execute(hub);
const withTimeline =
  (change: Partial<Timeline> | null) =>
  (mappings: Mappings): Mappings => ({
    ...mappings,
    byStream: new Map(
      [...mappings.byStream].map(([key, mapping]) =>
        mapping.kind === 'response' && mapping.timeline !== null
          ? [key, { ...mapping, timeline: change === null ? null : { ...mapping.timeline, ...change } }]
          : [key, mapping],
      ),
    ),
  });

test('each attached response is one note and one done task, with what was said, on its contact and company', async ({ hub }) => {
  const { world, ada, bea, account, survey, answer } = await open(hub);
  await using _world = world;
  const first = answer(9, ada, 'Fast & <b>good</b>.');
  answer(2, bea);
  answer(7, 'nobody');
  await world.settle();
  const [note, ...notes] = notesIn(world).toSorted((a, b) => String(a.about).localeCompare(String(b.about)));
  expect(notes).toHaveLength(1);
  expect(note?.about).toEqual(['ada@example.com']);
  expect(note?.body).toContain(`${survey.title}<br>`);
  expect(note?.body).toContain('<br>NPS 9 of 10 (promoter)<br>');
  expect(note?.body).toContain('Fast &amp; &lt;b&gt;good&lt;/b&gt;.');
  expect(world.hs.tiedTo({ object: 'notes', id: must(note, 'a note').id }, 'companies')).toHaveLength(1);
  const tasks = tasksIn(world);
  expect(tasks).toHaveLength(2);
  const task = must(
    tasks.find(({ WhoId }) => WhoId === ada),
    'the task of Ada',
  );
  expect(task).toMatchObject({ Subject: `NPS 9 of 10 (promoter): ${survey.title}`, Status: 'Completed', WhatId: account });
  expect(task.Description).toContain('Fast & <b>good</b>.');
  expect(task.Description).toContain(`Response surveymonkey/`);
  expect(task.Description).toContain(first);
  expect((await world.summary()).timeline).toEqual({ entries: 2, written: { hubspot: 2, salesforce: 2 } });
  const calls = [world.sandbox('hubspot').calls(), world.sandbox('salesforce').calls()];
  expect(await world.cycle()).toBe(0);
  // A quiet look is what it was without entries: one for each object, or one for all of them. Nobody looks at entries.
  expect([world.sandbox('hubspot').calls() - must(calls[0], '0'), world.sandbox('salesforce').calls() - must(calls[1], '1')]).toEqual([
    2, 1,
  ]);
});

test('an entry is changed when its response is finished or edited, and goes with it', async ({ hub }) => {
  const { world, sm, ada, survey } = await open(hub);
  await using _world = world;
  const id = sm.answer({ surveyId: survey.id, nps: 3, customVariables: { crm_id: ada }, status: 'partial' });
  await world.settle();
  const [note, task] = [must(notesIn(world)[0], 'a note'), must(tasksIn(world)[0], 'a task')];
  expect(task.Subject).toContain('(not finished)');
  world.later(60);
  sm.complete(id, { comment: 'Done now.' });
  await world.settle();
  expect(notesIn(world)).toMatchObject([{ id: note.id, body: expect.stringContaining('Done now.') }]);
  expect(tasksIn(world)).toMatchObject([{ id: task.id, Subject: `NPS 3 of 10 (detractor): ${survey.title}` }]);
  world.later(8 * 3600);
  sm.edit(id, { nps: 10 });
  world.later(8 * 3600);
  await world.settle();
  expect(tasksIn(world)).toMatchObject([{ id: task.id, Subject: `NPS 10 of 10 (promoter): ${survey.title}` }]);
  sm.erase(id);
  await sweepDue(hub);
  await world.settle();
  expect([notesIn(world), tasksIn(world)]).toEqual([[], []]);
  expect(await world.settle()).toBe(0);
});

test('an entry follows its response from hand to hand, and is there again when that is attached again', async ({ hub }) => {
  const { world, ada, bea, answer } = await open(hub);
  await using _world = world;
  const remoteId = answer(5, ada);
  await world.settle();
  const [note, task] = [must(notesIn(world)[0], 'a note'), must(tasksIn(world)[0], 'a task')];
  expect([note.about, task.WhoId]).toEqual([['ada@example.com'], ada]);
  const id = await responseId(hub, remoteId);
  const other = must(await world.record('bea@example.com'), 'Bea').id;
  await decideOwner(world.engine, id, { recordId: other }, 'steward');
  await world.settle();
  expect(notesIn(world)).toMatchObject([{ id: note.id, about: ['bea@example.com'] }]);
  expect(world.hs.tiedTo({ object: 'notes', id: note.id }, 'companies')).toEqual([]);
  expect(tasksIn(world)).toMatchObject([{ id: task.id, WhoId: bea, WhatId: null }]);
  await decideOwner(world.engine, id, 'nobody', 'steward');
  await world.settle();
  expect([notesIn(world), tasksIn(world)]).toEqual([[], []]);
  await decideOwner(world.engine, id, { recordId: other }, 'steward');
  await world.settle();
  expect(notesIn(world)).toMatchObject([{ about: ['bea@example.com'] }]);
  expect(tasksIn(world)).toMatchObject([{ WhoId: bea }]);
  expect(await world.settle()).toBe(0);
});

test('an entry follows its contact through a merge', async ({ hub }) => {
  const { world, ada, bea, answer } = await open(hub);
  await using _world = world;
  answer(5, ada);
  await world.settle();
  const [note] = notesIn(world);
  world.sf.merge(bea, [ada]);
  await world.settle();
  expect(tasksIn(world)).toMatchObject([{ WhoId: bea }]);
  // There they are two until somebody makes them one, and the note is where that puts it.
  const [bea2, ada2] = [await placeOf(hub, bea, 'in_sync'), await placeOf(hub, bea, 'excluded')];
  world.hs.contacts.merge(bea2, ada2);
  await world.settle();
  expect(notesIn(world)).toMatchObject([{ id: note?.id, about: ['bea@example.com'] }]);
  expect(await world.settle()).toBe(0);
});

test('what somebody deletes stays deleted, and what somebody edits stands until the response changes', async ({ hub }) => {
  const { world, sm, ada, answer } = await open(hub);
  await using _world = world;
  const id = answer(5, ada);
  await world.settle();
  const [note, task] = [must(notesIn(world)[0], 'a note'), must(tasksIn(world)[0], 'a task')];
  world.later(60);
  world.hs.records('notes').edit(note.id, { hs_note_body: 'Called her.' });
  world.sf.remove(task.id);
  expect(await world.settle()).toBe(0);
  expect(notesIn(world)[0]?.body).toBe('Called her.');
  world.later(8 * 3600);
  sm.edit(id, { nps: 9 });
  world.later(8 * 3600);
  await world.settle();
  expect(notesIn(world)).toMatchObject([{ id: note.id, body: expect.stringContaining('NPS 9 of 10') }]);
  expect(tasksIn(world)).toEqual([]);
  expect(await world.settle()).toBe(0);
});

const CREATES = { hubspot: ['POST /crm/*/notes/batch/create', 'POST /crm/*/notes/batch/upsert'], salesforce: ['POST *composite/sobjects'] };

test.for([
  { lose: 'after', uniqueId: false },
  { lose: 'before', uniqueId: true },
] as const)('an answer that is lost ($lose, unique id $uniqueId) makes no second entry, nor a note of people', async (how, { hub }) => {
  const { world, ada, bea, answer } = await open(hub, { switches: { hubspot: { uniqueId: how.uniqueId } } });
  await using _world = world;
  for (const [name, object] of [
    ['hubspot', 'note'],
    ['hubspot', 'task'],
    ['salesforce', 'task'],
  ] as const)
    await setEnabled(world.engine, name, true, object);
  await world.settle();
  for (const side of ['hubspot', 'salesforce'] as const)
    world.sandbox(side).fail(...CREATES[side].map((on) => ({ on, times: 1, lose: how.lose })));
  answer(9, ada);
  answer(9, ada);
  answer(3, bea);
  await world.cycle();
  await world.cycle();
  await world.age(60);
  await world.settle();
  expect([notesIn(world).length, tasksIn(world).length, world.hs.records('tasks').all().length]).toEqual([3, 3, 0]);
  const { rows } = await sql`select 1 from record where object in ('note', 'task')`.execute(hub);
  expect(rows).toEqual([]);
  expect(await world.settle()).toBe(0);
});

test('no entry is made before its contact is there, and none for whom a system keeps out', async ({ hub }) => {
  const { world, answer } = await open(hub);
  await using _world = world;
  const cleo = world.hs.contacts.add({ email: 'cleo@example.com', lastname: 'Cleo' });
  world.sf.forbid('Contact', (row) => (row.LastName === 'Cleo' ? 'no Cleos' : null));
  answer(9, cleo);
  await world.settle();
  expect([notesIn(world).length, tasksIn(world).length]).toEqual([1, 0]);
  expect((await world.summary()).timeline).toEqual({ entries: 1, written: { hubspot: 1 } });
});

test('the settings say which responses get an entry, and what they leave out later goes', async ({ hub }) => {
  const { world, ada, survey, answer } = await open(hub, { remap: withTimeline({ sinceDays: 0 }) });
  await using _world = world;
  answer(1, ada);
  await world.settle();
  expect(notesIn(world)).toHaveLength(0);
  world.later(3600);
  answer(9, ada);
  await world.settle();
  expect(notesIn(world)).toMatchObject([{ body: expect.stringContaining('NPS 9') }]);
  const { engine } = world;
  const all = { ...engine, mappings: withTimeline({ sinceDays: null })(engine.mappings) };
  const plan = await makePlan(all, {}, { actor: 'admin', signal: AbortSignal.timeout(20_000) });
  const counts = must(plan.summary, 'the summary').counts.filter(({ object, connection }) => object === 'feedback' && connection !== null);
  expect(counts).toEqual([
    { connection: 'hubspot', object: 'feedback', operation: 'create', records: 1 },
    { connection: 'salesforce', object: 'feedback', operation: 'create', records: 1 },
  ]);
  expect(notesIn(world)).toHaveLength(1);
  const none = { ...engine, mappings: withTimeline({ surveys: { except: [survey.id] } })(engine.mappings) };
  await cycleOnce(none, AbortSignal.timeout(20_000));
  await cycleOnce(none, AbortSignal.timeout(20_000));
  expect([notesIn(world), tasksIn(world)]).toEqual([[], []]);
});

test('an entry stands with the company that its contact belongs to now, and stays when the survey tool is disconnected', async ({
  hub,
}) => {
  const { world, ada, bea, account, answer } = await open(hub);
  await using _world = world;
  answer(9, bea);
  await world.settle();
  expect(tasksIn(world)).toMatchObject([{ WhoId: bea, WhatId: null }]);
  world.sf.edit(bea, { AccountId: account });
  await world.settle();
  expect(tasksIn(world)).toMatchObject([{ WhoId: bea, WhatId: account }]);
  expect(world.hs.tiedTo({ object: 'notes', id: must(notesIn(world)[0], 'a note').id }, 'companies')).toHaveLength(1);
  await hub.deleteFrom('connection').where('name', '=', 'surveymonkey').execute();
  world.sf.edit(ada, { Title: 'Countess' });
  await world.settle();
  expect([notesIn(world).length, tasksIn(world).length]).toEqual([1, 1]);
});
