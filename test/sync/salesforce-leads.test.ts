import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Connector, Writer } from '../../src/contract/connector.ts';
import { listConnections } from '../../src/hub/connections/connections.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { tend } from '../../src/sync/tend.ts';
import { test } from '../support/database.ts';
import type { StageOptions } from '../support/stage.ts';
import { openWorld, remapLine, type World } from './world.ts';

const EMAIL = 'ada@example.com';
const PERSON = { FirstName: 'Ada', LastName: 'Doe', Email: EMAIL };
const LEAD = { ...PERSON, Company: 'Works', Title: 'Analyst', Status: 'Open - Not Contacted' };

/** Leads and deals are on, and Ada is a lead in Salesforce and, by the hub, a contact in HubSpot. */
async function withAda(hub: Hub, options: Partial<StageOptions> = {}) {
  const world = await openWorld(hub, options);
  for (const [connection, object] of [
    ['salesforce', 'lead'],
    ['salesforce', 'deal'],
    ['hubspot', 'deal'],
  ] as const)
    expect(await setEnabled(world.engine, connection, true, object)).toBe(true);
  const lead = world.sf.create('Lead', LEAD);
  await world.settle();
  const { id } = must(await world.record(EMAIL), 'Ada');
  const [contact, ...doubles] = world.inHubspot('email', EMAIL);
  expect([doubles, world.inSalesforce('Email', EMAIL)]).toEqual([[], []]);
  return { world, lead, recordId: id, hsId: must(contact, 'Ada').id, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

/** What stands for a record, system by system. */
async function standFor(world: World, recordId: string) {
  const links = (await world.links(recordId)).filter(({ remoteId, state }) => remoteId !== null && state !== 'gone');
  return links.map(({ connection, remoteId, state }) => [connection, remoteId, state]);
}

/** How many writes are on their way whose answer nobody knows. */
const underWay = async (hub: Hub) => (await sql`select 1 from link where sent is not null`.execute(hub)).rows.length;

/** The connector, with something that happens right before each write to one of its objects is sent. */
function whenWriting(connector: Connector, object: string, happen: () => void): Connector {
  return {
    ...connector,
    open: (session) => {
      const ports = connector.open(session);
      const port = must(ports.objects[object], object);
      const write = must(port.write, 'a writer');
      const eventful: Writer = {
        ...write,
        apply: (...sent) => {
          happen();
          return write.apply(...sent);
        },
      };
      return { ...ports, objects: { ...ports.objects, [object]: { ...port, write: eventful } } };
    },
  };
}

const living = (world: World, object: string) => world.sf.all(object).filter(({ IsDeleted }) => !IsDeleted);

test('who is a lead is not made a contact there as well; converted, goes on as the contact under the same record, with what it lacks', async ({
  hub,
}) => {
  await using ada = await withAda(hub);
  const { world, lead, recordId, hsId } = ada;
  world.later(5);
  // Leads have no lifecycle here: it is for the contact.
  world.hs.contacts.edit(hsId, { jobtitle: 'Boss', lifecyclestage: 'opportunity' });
  await world.settle();
  expect(world.sf.get(lead).Title).toBe('Boss');
  const place = (await world.links(recordId)).find(({ remoteId }) => remoteId === null);
  expect(place).toMatchObject({ connection: 'salesforce', state: 'waiting', reason: 'its system has it as another object' });
  expect(world.inSalesforce('Email', EMAIL)).toEqual([]);
  world.later(5);
  const { contactId } = world.sf.convert(lead);
  world.later(5);
  await world.settle();
  expect((await world.record(EMAIL))?.id).toBe(recordId);
  expect(await standFor(world, recordId)).toEqual([
    ['hubspot', hsId, 'in_sync'],
    ['salesforce', contactId, 'in_sync'],
  ]);
  expect(world.sf.get(contactId)).toMatchObject({ Title: 'Boss', Lifecycle_Stage__c: 'Opportunity' });
  world.later(5);
  world.sf.edit(contactId, { Title: 'Owner' });
  await world.settle();
  expect(world.inHubspot('email', EMAIL).map(({ id, properties }) => [id, properties.jobtitle])).toEqual([[hsId, 'Owner']]);
  expect([living(world, 'Contact').length, world.sf.all('Lead').length, await world.holds()]).toEqual([1, 1, []]);
  expect(await world.settle()).toBe(0);
});

test('nobody is asked about what the contact of a lead could not hold, as long as none is to be made', async ({ hub }) => {
  await using world = await openWorld(hub, { remap: remapLine('owner_email', { direction: 'both' }, ['salesforce']) });
  await setEnabled(world.engine, 'salesforce', true, 'lead');
  const lead = world.sf.create('Lead', LEAD);
  // Her owner has left: no contact could be given to them.
  world.sf.deactivate(String(world.sf.get(lead).OwnerId));
  await world.settle();
  const { id, fields } = must(await world.record(EMAIL), 'Ada');
  expect([typeof fields.owner_email, await world.holds()]).toEqual(['string', []]);
  const place = (await world.links(id)).find(({ remoteId }) => remoteId === null);
  expect(place).toMatchObject({ connection: 'salesforce', state: 'waiting' });
});

test('who is a contact is not made a lead, and who becomes a lead in Salesforce later stays one record', async ({ hub }) => {
  await using world = await openWorld(hub);
  await setEnabled(world.engine, 'salesforce', true, 'lead');
  world.hs.contacts.add({ email: EMAIL, firstname: 'Ada', lastname: 'Doe' });
  await world.settle();
  expect(world.inSalesforce('Email', EMAIL)).toHaveLength(1);
  expect(world.sf.all('Lead')).toEqual([]);
  const { Id: contact } = must(world.inSalesforce('Email', EMAIL)[0], 'the contact');
  world.later(5);
  const lead = world.sf.create('Lead', LEAD);
  await world.settle();
  const { id } = must(await world.record(EMAIL), 'Ada');
  expect((await standFor(world, id)).map(([, remoteId]) => remoteId).toSorted()).toEqual(
    [world.hs.contacts.all()[0]?.id, contact, lead].toSorted(),
  );
  expect(world.sf.get(contact).Title).toBe('Analyst');
  // Converted into the contact that was there already, which keeps its link.
  world.later(5);
  world.sf.convert(lead, { contactId: contact, accountId: String(world.sf.create('Account', { Name: 'Works' })) });
  world.later(5);
  await world.settle();
  expect((await standFor(world, id)).map(([, remoteId]) => remoteId)).toEqual([world.hs.contacts.all()[0]?.id, contact]);
  world.later(5);
  world.hs.contacts.edit(world.hs.contacts.all()[0]?.id ?? '', { jobtitle: 'Boss' });
  await world.settle();
  expect(world.sf.get(contact).Title).toBe('Boss');
  expect([living(world, 'Contact').length, world.hs.contacts.all().length, await world.holds()]).toEqual([1, 1, []]);
});

test('nobody is made a contact before the leads have been read as well', async ({ hub }) => {
  await using world = await openWorld(hub);
  await setEnabled(world.engine, 'salesforce', true, 'lead');
  world.hs.contacts.add({ email: EMAIL, firstname: 'Ada', lastname: 'Doe' });
  world.sf.create('Lead', LEAD);
  const tendBut = async (but: string) => {
    for (const { id } of await listConnections(hub))
      await tend(world.engine, id, { signal: AbortSignal.timeout(20_000), look: ({ object }) => object !== but });
  };
  for (let round = 0; round < 2; round += 1) await tendBut('lead');
  expect([(await world.record(EMAIL))?.fields.job_title, living(world, 'Contact')]).toEqual([undefined, []]);
  await world.settle();
  expect([(await world.record(EMAIL))?.fields.job_title, living(world, 'Contact')]).toEqual(['Analyst', []]);
});

test('a lead that is converted into a contact who was somebody else here leaves one record, and HubSpot’s two are proposed to be merged', async ({
  hub,
}) => {
  await using ada = await withAda(hub);
  const { world, lead, recordId, hsId } = ada;
  const other = world.hs.contacts.add({ email: 'countess@example.com', firstname: 'Augusta', lastname: 'King' });
  await world.settle();
  const { Id: contact } = must(world.inSalesforce('Email', 'countess@example.com')[0], 'the contact');
  const { id: otherId } = must(await world.record('countess@example.com'), 'the countess');
  world.later(5);
  world.sf.convert(lead, { contactId: contact });
  world.later(5);
  await world.settle();
  const { rows } = await sql<{ id: string }>`select id from record where object = 'contact' and merged_into is null`.execute(hub);
  expect(rows.map(({ id }) => [recordId, otherId].includes(id))).toEqual([true]);
  const stands = await standFor(world, rows[0]?.id ?? '');
  expect(stands.filter(([connection]) => connection === 'salesforce')).toEqual([['salesforce', contact, 'in_sync']]);
  expect([hsId, other]).toContain(stands.find(([connection]) => connection === 'hubspot')?.[1]);
  expect((await world.holds()).map(({ kind, connection }) => [kind, connection])).toEqual([['merge', 'hubspot']]);
  expect([living(world, 'Contact').length, world.hs.contacts.all().length]).toEqual([1, 2]);
  expect(await world.settle()).toBe(0);
});

describe('a lead that is converted while a write to it is on its way', () => {
  test.for(['before it arrives', 'and its answer is lost', 'and it is lost itself'] as const)(
    '%s: the contact gets the write, and the account and the opportunity are what they are, once each',
    async (when, { hub }) => {
      let convert = (): void => undefined;
      const around = (connector: Connector): Connector =>
        connector.manifest.id === 'salesforce' ? whenWriting(connector, 'lead', () => convert()) : connector;
      await using ada = await withAda(hub, { around });
      const { world, lead, recordId, hsId } = ada;
      world.later(5);
      world.hs.contacts.edit(hsId, { jobtitle: 'Boss' });
      let contactId = '';
      const converting = () => {
        contactId = world.sf.convert(lead).contactId;
        convert = () => undefined;
      };
      if (when === 'before it arrives') convert = converting;
      else world.sandbox('salesforce').fail({ on: 'PATCH *composite*', lose: when === 'and its answer is lost' ? 'after' : 'before' });
      await world.cycle();
      const title = { 'before it arrives': 'Analyst', 'and its answer is lost': 'Boss', 'and it is lost itself': 'Analyst' }[when];
      expect([world.sf.get(lead).Title, contactId !== '', await underWay(hub)]).toEqual([
        title,
        when === 'before it arrives',
        when === 'before it arrives' ? 0 : 1,
      ]);
      if (contactId === '') converting();
      world.later(5);
      await world.age(60);
      await world.settle();
      expect(await standFor(world, recordId)).toEqual([
        ['hubspot', hsId, 'in_sync'],
        ['salesforce', contactId, 'in_sync'],
      ]);
      expect(world.sf.get(contactId).Title).toBe('Boss');
      expect(world.inHubspot('email', EMAIL)).toHaveLength(1);
      const { all: companies } = world.hs.companies;
      expect(companies().map(({ properties }) => properties.name)).toEqual(['Works']);
      expect(world.hs.records('deals').all()).toHaveLength(1);
      for (const object of ['Account', 'Contact', 'Opportunity']) expect(living(world, object), object).toHaveLength(1);
      expect(await world.holds()).toEqual([]);
      expect(await world.settle()).toBe(0);
    },
  );
});
