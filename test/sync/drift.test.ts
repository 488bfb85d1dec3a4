import { sql } from 'kysely';
import { expect } from 'vitest';
import { findConnection } from '../../src/hub/connections/connections.ts';
import { connectionById } from '../../src/hub/views/connections.ts';
import { must } from '../../src/kernel/must.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

/** HubSpot keeps the job title in a property that somebody made, so that somebody can take it away. */
const titled = (mappings: Mappings): Mappings => ({
  ...mappings,
  byStream: new Map(
    [...mappings.byStream].map(([key, mapping]) => [
      key,
      key === 'hubspot.contact' && mapping.kind === 'entity'
        ? { ...mapping, lines: mapping.lines.map((line) => (line.hub === 'job_title' ? { ...line, remote: 'their_title' } : line)) }
        : mapping,
    ]),
  ),
});

async function inPortal(world: World, method: string, path: string, body?: object): Promise<void> {
  const answer = await fetch(`${world.sandbox('hubspot').origin}/crm/v3/properties/contacts${path}`, {
    method,
    headers: { authorization: 'Bearer pat-eu1-sandbox', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const TEXT = { name: 'their_title', label: 'Their title', type: 'string', fieldType: 'text', groupName: 'syncline' };
const choice = (...values: readonly string[]) => ({
  ...TEXT,
  type: 'enumeration',
  fieldType: 'select',
  options: values.map((value, displayOrder) => ({ value, label: value, displayOrder, hidden: false })),
});

/** An hour goes by for the schema. */
const readAgain = (world: World) => sql`update stream set schema_at = schema_at - interval '2 hours'`.execute(world.hub);

const property = (world: World, email: string, name: string) => world.inHubspot('email', email)[0]?.properties[name];

async function told(world: World, connection: string) {
  const { id } = must(await findConnection(world.hub, connection), connection);
  const view = must(await connectionById(world.hub, id), connection);
  const stream = must(
    view.streams.find(({ object }) => object === 'contact'),
    'contacts',
  );
  return { state: view.state, misfits: stream.misfits.map(({ remote }) => remote), drift: stream.drift };
}

async function openTitled(hub: Parameters<typeof openWorld>[0], made: object = TEXT): Promise<World> {
  const world = await openWorld(hub, { remap: titled });
  await inPortal(world, 'POST', '', made);
  for (const [first, email, title] of [
    ['Ada', 'ada@example.com', 'Countess'],
    ['Bea', 'bea@example.com', 'Nurse'],
  ] as const)
    world.sf.create('Contact', { FirstName: first, LastName: 'Byron', Email: email, Title: title });
  await world.settle();
  expect(property(world, 'ada@example.com', 'their_title')).toBe('Countess');
  return world;
}

const rowOf = (world: World, email: string) => must(world.inSalesforce('Email', email)[0], email);

test('a property that is removed stands still alone: nothing is blanked, the rest flows, and it is filled again when it is back', async ({
  hub,
}) => {
  await using world = await openTitled(hub);
  await inPortal(world, 'DELETE', '/their_title');
  await readAgain(world);
  world.later(5);
  world.sf.edit(rowOf(world, 'ada@example.com').Id, { Title: 'Duchess', Phone: '+1 212 555 0001' });
  await world.settle();
  expect(property(world, 'ada@example.com', 'phone')).toBe('+1 212 555 0001');
  expect([rowOf(world, 'ada@example.com').Title, rowOf(world, 'bea@example.com').Title]).toEqual(['Duchess', 'Nurse']);
  expect(await told(world, 'hubspot')).toMatchObject({
    state: 'ready',
    misfits: ['their_title'],
    drift: [
      {
        kind: 'removed',
        field: 'their_title',
        endedAt: null,
        mapped: true,
        detail: { label: 'Their title' },
      },
    ],
  });
  // Somebody who is edited over there meanwhile is no reason to blank anything.
  world.later(5);
  world.hs.contacts.edit(must(world.inHubspot('email', 'bea@example.com')[0], 'Bea').id, { city: 'Kyoto' });
  await world.settle();
  expect(rowOf(world, 'bea@example.com')).toMatchObject({ MailingCity: 'Kyoto', Title: 'Nurse' });

  // The new one of the same name holds nothing.
  world.hs.contacts.forgetProperty('their_title');
  await inPortal(world, 'POST', '', TEXT);
  await readAgain(world);
  await world.settle();
  expect([rowOf(world, 'ada@example.com').Title, rowOf(world, 'bea@example.com').Title]).toEqual(['Duchess', 'Nurse']);
  expect([property(world, 'ada@example.com', 'their_title'), property(world, 'bea@example.com', 'their_title')]).toEqual([
    'Duchess',
    'Nurse',
  ]);
  expect(await told(world, 'hubspot')).toMatchObject({ misfits: [] });
  expect((await told(world, 'hubspot')).drift.find(({ kind }) => kind === 'removed')?.endedAt).not.toBeNull();
  expect(await world.settle()).toBe(0);
});

test('a write that meets a property which is gone tells of it at once, and the rest of the record is written without it', async ({
  hub,
}) => {
  await using world = await openTitled(hub);
  await inPortal(world, 'DELETE', '/their_title');
  world.later(5);
  world.sf.edit(rowOf(world, 'ada@example.com').Id, { Title: 'Duchess', Phone: '+1 212 555 0001' });
  await world.settle();
  expect(property(world, 'ada@example.com', 'phone')).toBe('+1 212 555 0001');
  expect(await told(world, 'hubspot')).toMatchObject({ state: 'ready', drift: [{ kind: 'removed', field: 'their_title' }] });
  expect(await world.holds()).toEqual([]);
});

test('a field that is hidden from the connection stops nothing but itself, and comes back with what it holds', async ({ hub }) => {
  await using world = await openTitled(hub);
  world.sf.setVisible('Contact.Title', false);
  world.later(5);
  world.hs.contacts.edit(must(world.inHubspot('email', 'ada@example.com')[0], 'Ada').id, {
    phone: '+1 212 555 0002',
    their_title: 'Duchess',
  });
  await world.settle();
  expect(rowOf(world, 'ada@example.com').Phone).toBe('+1 212 555 0002');
  expect(await told(world, 'salesforce')).toMatchObject({
    state: 'ready',
    misfits: ['Title'],
    drift: [{ kind: 'removed', field: 'Title' }],
  });
  expect(property(world, 'bea@example.com', 'their_title')).toBe('Nurse');

  world.sf.setVisible('Contact.Title', true);
  await readAgain(world);
  await world.settle();
  expect(rowOf(world, 'bea@example.com').Title).toBe('Nurse');
  // Nobody had changed it in Salesforce, although a later write to another field is the newest there.
  expect([property(world, 'ada@example.com', 'their_title'), rowOf(world, 'ada@example.com').Title]).toEqual(['Duchess', 'Duchess']);
  expect(await told(world, 'salesforce')).toMatchObject({ misfits: [] });
  expect(await world.settle()).toBe(0);
});

test('a property of another type stands still until it is what it was', async ({ hub }) => {
  await using world = await openTitled(hub);
  world.hs.contacts.forgetProperty('their_title');
  await inPortal(world, 'POST', '', { ...TEXT, type: 'number', fieldType: 'number' });
  await readAgain(world);
  world.later(5);
  world.sf.edit(rowOf(world, 'ada@example.com').Id, { Title: 'Duchess', Phone: '+1 212 555 0001' });
  world.hs.contacts.edit(must(world.inHubspot('email', 'bea@example.com')[0], 'Bea').id, { their_title: '7' });
  await world.settle();
  expect(property(world, 'ada@example.com', 'phone')).toBe('+1 212 555 0001');
  expect([rowOf(world, 'ada@example.com').Title, rowOf(world, 'bea@example.com').Title]).toEqual(['Duchess', 'Nurse']);
  expect(await told(world, 'hubspot')).toMatchObject({
    misfits: ['their_title'],
    drift: [{ kind: 'retyped', endedAt: null, detail: { was: 'text', is: 'number' } }],
  });
  expect(await world.holds()).toEqual([]);

  world.hs.contacts.forgetProperty('their_title');
  await inPortal(world, 'POST', '', TEXT);
  await readAgain(world);
  await world.settle();
  expect([property(world, 'ada@example.com', 'their_title'), property(world, 'bea@example.com', 'their_title')]).toEqual([
    'Duchess',
    'Nurse',
  ]);
  expect(await told(world, 'hubspot')).toMatchObject({ misfits: [] });
});

test('an option that is removed holds only the values that use it, until it is back', async ({ hub }) => {
  await using world = await openTitled(hub, choice('Countess', 'Nurse', 'Duchess'));
  await inPortal(world, 'PATCH', '/their_title', { options: choice('Countess', 'Nurse').options });
  await readAgain(world);
  world.later(5);
  world.sf.edit(rowOf(world, 'ada@example.com').Id, { Title: 'Duchess', Phone: '+1 212 555 0001' });
  world.sf.edit(rowOf(world, 'bea@example.com').Id, { Title: 'Countess' });
  await world.settle();
  expect([property(world, 'ada@example.com', 'their_title'), property(world, 'bea@example.com', 'their_title')]).toEqual([
    'Countess',
    'Countess',
  ]);
  expect(property(world, 'ada@example.com', 'phone')).toBe('+1 212 555 0001');
  expect(await world.holds()).toMatchObject([{ kind: 'refused_field', connection: 'hubspot', field: 'job_title' }]);
  expect(await told(world, 'hubspot')).toMatchObject({ misfits: [], drift: [{ kind: 'option_removed', endedAt: null }] });

  await inPortal(world, 'PATCH', '/their_title', { options: choice('Countess', 'Nurse', 'Duchess').options });
  await readAgain(world);
  await world.settle();
  expect(property(world, 'ada@example.com', 'their_title')).toBe('Duchess');
  expect(await world.holds()).toEqual([]);
});
