import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import type { QuestionproSandbox } from '../../connectors/questionpro/sandbox/index.ts';
import type { Fields } from '../../src/contract/records.ts';
import type { Hub } from '../../src/hub/database.ts';
import { systemsById } from '../../src/hub/views/systems.ts';
import { timelineOf } from '../../src/hub/views/timeline.ts';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { refreshLookups } from '../../src/sync/identity/look-up.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

vi.setConfig({ testTimeout: 90_000 });

/** A CRM and QuestionPro, whose tickets are switched on, and Ada. */
async function open(hub: Hub) {
  const world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', 'questionpro'] });
  const qp = world.sandbox('questionpro').sandbox as QuestionproSandbox;
  const ada = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await setEnabled(world.engine, 'questionpro', true, 'ticket');
  await world.settle();
  const tickets = async () =>
    (
      await sql<{ fields: Fields; archived: boolean; waits: boolean }>`
      select r.fields, r.archived_at is not null as archived, l.waits_for <> '{}' as waits from record r join link l on l.record_id = r.id
      where r.object = 'survey_ticket' order by l.remote_id`.execute(hub)
    ).rows;
  return { world, qp, ada, tickets };
}

test('a ticket stands with who gave its response, else with whoever alone has the address, and goes no further', async ({ hub }) => {
  const { world, qp, ada, tickets } = await open(hub);
  await using _world = world;
  const contact = must(await world.record('ada@example.com'), 'Ada').id;
  const survey = must(qp.surveys[0], 'a survey');
  const response = qp.answer({ surveyId: survey.id, score: 2, externalReference: ada });
  const answered = must(
    qp.all().find(({ id }) => id === response),
    'the response',
  );
  const byResponse = qp.tickets.open({ response: answered, description: '配送が遅い', customerEmail: '' });
  qp.tickets.open({ customerEmail: ' ADA@example.com ', description: 'Called.' });
  qp.tickets.open({ customerEmail: 'bea@example.com', description: 'Later.' });
  qp.tickets.open({ description: 'Nobody’s.' });
  await world.settle();
  expect(await tickets()).toMatchObject([
    {
      fields: { description: '配送が遅い', status: 'NEW', priority: 'HIGH', workspace: '25739', overdue: false, contacts: [contact] },
      waits: false,
    },
    { fields: { description: 'Called.', contacts: [contact] } },
    { fields: { description: 'Later.' }, waits: true },
    { fields: { description: 'Nobody’s.' }, waits: false },
  ]);
  expect(world.hs.records('tickets').all()).toEqual([]);

  world.hs.contacts.add({ email: 'bea@example.com', lastname: 'Byron' });
  world.later(60);
  qp.tickets.edit(byResponse, { status: 'RESOLVED' });
  await world.settle();
  const bea = must(await world.record('bea@example.com'), 'Bea').id;
  expect(await tickets()).toMatchObject([
    { fields: { status: 'RESOLVED', contacts: [contact] } },
    {},
    { fields: { contacts: [bea] }, waits: false },
    {},
  ]);
  await refreshLookups(hub, world.engine.mappings.model);
  const around = { model: world.engine.mappings.model, systems: await systemsById(hub) };
  const { items } = await timelineOf(hub, around, { recordId: contact, kinds: ['activity'] }, { behind: null, limit: 10 });
  expect(items.map((entry) => (entry.kind === 'activity' ? [entry.activity.object, entry.activity.fields.description] : []))).toEqual(
    expect.arrayContaining([
      ['survey_ticket', '配送が遅い'],
      ['survey_ticket', 'Called.'],
    ]),
  );

  qp.tickets.remove(byResponse);
  await sql`update stream set sweep_at = now() where object = 'ticket'`.execute(hub);
  await world.settle();
  expect(await tickets()).toMatchObject([{ archived: true }, { archived: false }, { archived: false }, { archived: false }]);
  expect(await world.settle()).toBe(0);
});

test('an address that several have leads to none of them until it is one alone', async ({ hub }) => {
  const { world, qp, tickets } = await open(hub);
  await using _world = world;
  for (const lastname of ['One', 'Two']) world.hs.contacts.add({ email: `${lastname.toLowerCase()}@x.jp`, lastname });
  await world.settle();
  // The same address twice, as two who were made apart have it.
  await sql`
    insert into identity (digest, record_id) select i.digest, other.id from record one join identity i on i.record_id = one.id, record other
    where one.fields ->> 'email' = 'one@x.jp' and other.fields ->> 'email' = 'two@x.jp' on conflict do nothing`.execute(hub);
  qp.tickets.open({ customerEmail: 'one@x.jp', description: 'Whose?' });
  await world.settle();
  expect(await tickets()).toMatchObject([{ fields: { description: 'Whose?' }, waits: true }]);
  expect((await tickets())[0]?.fields.contacts).toBeUndefined();
  expect(await world.settle()).toBe(0);
});
