import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connect.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

test('who is a lead is not made a contact there as well, and converted goes on as the contact under the same record', async ({ hub }) => {
  await using world = await openWorld(hub);
  expect(await setEnabled(world.engine, 'salesforce', true, 'lead')).toBe(true);
  const email = 'ada@example.com';
  const person = { FirstName: 'Ada', LastName: 'Doe', Email: email };
  const lead = world.sf.create('Lead', { ...person, Company: 'Works', Title: 'Analyst', Status: 'Open - Not Contacted' });
  await world.settle();
  const { id } = must(await world.record(email), 'Ada');
  const hsIds = () => world.inHubspot('email', email).map((contact) => contact.id);
  expect(hsIds()).toHaveLength(1);
  expect(world.inSalesforce('Email', email)).toEqual([]);
  const before = hsIds();

  world.later(5);
  world.hs.contacts.edit(must(before[0], 'Ada'), { jobtitle: 'Boss' });
  await world.settle();
  expect(world.sf.get(lead).Title).toBe('Boss');
  expect(world.inSalesforce('Email', email)).toEqual([]);

  world.later(5);
  const { contactId } = world.sf.convert(lead, { doNotCreateOpportunity: true });
  world.later(5);
  await world.settle();
  expect((await world.record(email))?.id).toBe(id);
  expect(hsIds()).toEqual(before);
  expect(world.inSalesforce('Email', email).map(({ Id }) => Id)).toEqual([contactId]);
  const living = (await world.links(id)).filter(({ remoteId, state }) => remoteId !== null && state === 'in_sync');
  expect(living.map(({ connection, remoteId }) => [connection, remoteId])).toEqual([
    ['hubspot', before[0]],
    ['salesforce', contactId],
  ]);
  world.later(5);
  world.hs.contacts.edit(must(before[0], 'Ada'), { jobtitle: 'Owner' });
  await world.settle();
  expect(world.sf.get(contactId).Title).toBe('Owner');
  expect(await world.holds()).toEqual([]);
});
