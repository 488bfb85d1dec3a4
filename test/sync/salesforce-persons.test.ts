import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

test('a person account is one contact in HubSpot and no company, is edited from there, and holds up nothing that is about it', {
  timeout: 60_000,
}, async ({ hub }) => {
  await using world = await openWorld(hub, { switches: { salesforce: { personAccounts: true } } });
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, true, 'deal');
  const account = world.sf.create('Account', {
    FirstName: 'Ada',
    LastName: 'Lovelace',
    PersonEmail: 'ada@example.com',
    PersonTitle: 'Countess',
  });
  world.sf.create('Opportunity', { Name: 'Engine', StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId: account });
  await world.settle();
  const ada = must(world.inHubspot('email', 'ada@example.com')[0], 'Ada');
  expect(ada.properties).toMatchObject({ firstname: 'Ada', jobtitle: 'Countess' });
  expect(world.hs.companies.all()).toEqual([]);
  expect(
    world.hs
      .records('deals')
      .all()
      .map(({ properties }) => properties.dealname),
  ).toEqual(['Engine']);
  world.hs.contacts.edit(ada.id, { jobtitle: 'Programmer' });
  world.hs.contacts.add({ email: 'bea@example.com', firstname: 'Bea', lastname: 'Byron' });
  await world.settle();
  expect(world.sf.get(account)).toMatchObject({ PersonTitle: 'Programmer', Name: 'Ada Lovelace' });
  expect(
    world.sf
      .all('Contact')
      .map(({ LastName }) => LastName)
      .sort(),
  ).toEqual(['Byron', 'Lovelace']);
  expect(await world.settle()).toBe(0);
  expect(await world.holds()).toEqual([]);
  expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0 });
});
