import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { openSecondPortal } from './second-portal.ts';
import { openWorld } from './world.ts';

test('two portals of one connector and another CRM: a record has a place in each, and an edit of one reaches all others once', async ({
  hub,
}) => {
  await using world = await openWorld(hub);
  await using second = await openSecondPortal(world);
  const emea = second.hs;
  const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  expect(await world.settle()).toBe(2);
  const there = must(
    emea.contacts.all().find(({ properties }) => properties.email === 'ada@example.com'),
    'Ada in the second portal',
  );
  expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(1);

  emea.contacts.edit(there.id, { city: 'London' });
  expect(await world.settle()).toBe(2);
  expect(world.hs.contacts.get(id)?.properties.city).toBe('London');
  expect(world.inSalesforce('Email', 'ada@example.com')[0]?.MailingCity).toBe('London');
  expect(await world.settle()).toBe(0);
});

test('edits of different fields in three systems at once all stand, in all of them', async ({ hub }) => {
  await using world = await openWorld(hub);
  await using second = await openSecondPortal(world);
  const emea = second.hs;
  const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  const [there] = emea.contacts.all();
  const [third] = world.inSalesforce('Email', 'ada@example.com');
  world.hs.contacts.edit(id, { city: 'London' });
  emea.contacts.edit(there?.id ?? '', { jobtitle: 'Countess' });
  world.sf.edit(String(third?.Id), { MailingPostalCode: 'W1' });
  await world.settle();
  const want = { city: 'London', jobtitle: 'Countess', zip: 'W1' };
  expect(world.hs.contacts.get(id)?.properties).toMatchObject(want);
  expect(emea.contacts.get(there?.id ?? '')?.properties).toMatchObject(want);
  expect(world.inSalesforce('Email', 'ada@example.com')[0]).toMatchObject({
    MailingCity: 'London',
    Title: 'Countess',
    MailingPostalCode: 'W1',
  });
  expect(await world.settle()).toBe(0);
});
