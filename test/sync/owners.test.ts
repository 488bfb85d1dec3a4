import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { openWorld, remapLine } from './world.ts';

const withOwners = { remap: remapLine('owner_email', { direction: 'both' }) };

test('an owner that a system fills in by itself is no news; one that somebody chooses is', async ({ hub }) => {
  await using world = await openWorld(hub, withOwners);
  const hsId = world.hs.contacts.add({ email: 'bea@example.com', firstname: 'Bea', lastname: 'Byron' });
  await world.settle();
  const there = must(world.inSalesforce('Email', 'bea@example.com')[0], 'Bea in Salesforce');
  expect(there.OwnerId).toBeTruthy();
  expect(world.hs.contacts.get(hsId)?.properties.hubspot_owner_id ?? '').toBe('');
  expect(await world.summary()).toMatchObject({ differing: 0, holds: 0 });

  const users = world.sf.all('User').filter((user) => user.Id !== there.OwnerId && user.IsActive === true);
  world.later(2);
  world.sf.edit(String(there.Id), { OwnerId: must(users[0], 'a colleague').Id ?? null });
  await world.settle();
  expect(world.hs.contacts.get(hsId)?.properties.hubspot_owner_id ?? '').not.toBe('');
  expect(await world.summary()).toMatchObject({ differing: 0, holds: 0 });
});

test('an owner whom the other system does not know stays, whoever it fills in instead, and waits for a person', async ({ hub }) => {
  await using world = await openWorld(hub, withOwners);
  const owner = must(
    world.hs.owners.all().find(({ archived }) => !archived),
    'an owner',
  );
  const user = must(
    world.sf.all('User').find(({ Email }) => Email === owner.email),
    'the same person in Salesforce',
  );
  world.sf.deactivate(user.Id);
  const hsId = world.hs.contacts.add({ email: 'bea@example.com', firstname: 'Bea', lastname: 'Byron', hubspot_owner_id: owner.id });
  await world.settle();
  expect(world.inSalesforce('Email', 'bea@example.com')).toHaveLength(1);
  expect((await world.record('bea@example.com'))?.fields.owner_email).toBe(owner.email);
  expect(world.hs.contacts.get(hsId)?.properties.hubspot_owner_id).toBe(owner.id);
  expect((await world.holds()).map(({ connection, field }) => [connection, field])).toEqual([['salesforce', 'owner_email']]);
  expect(await world.settle()).toBe(0);
});
