import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

test('a contact’s company goes along both ways, the parent first', async ({ hub }) => {
  await using world = await openWorld(hub);
  const account = world.sf.create('Account', { Name: 'Analytical Engines', Website: 'engines.example' });
  world.sf.create('Contact', { LastName: 'Lovelace', Email: 'ada@example.com', AccountId: account });
  const company = world.hs.companies.add({ name: 'Difference Works', domain: 'works.example' });
  const bea = world.hs.contacts.add({ email: 'bea@example.com', lastname: 'Byron' });
  world.hs.tie(bea, company, { primary: true });
  await world.settle();
  const [ada] = world.inHubspot('email', 'ada@example.com');
  const [tied] = world.hs.companiesOf(must(ada, 'Ada in HubSpot').id);
  expect(world.hs.companies.get(must(tied, 'her company'))?.properties.name).toBe('Analytical Engines');
  const [there] = world.inSalesforce('Email', 'bea@example.com');
  expect(world.sf.get(String(there?.AccountId)).Name).toBe('Difference Works');
  expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0, holds: 0 });
});

test('a contact who changes companies is moved over there', async ({ hub }) => {
  await using world = await openWorld(hub);
  const [one, two] = ['One', 'Two'].map((name) => world.sf.create('Account', { Name: name, Website: `${name.toLowerCase()}.example` }));
  const ada = world.sf.create('Contact', { LastName: 'Lovelace', Email: 'ada@example.com', AccountId: must(one, 'one') });
  await world.settle();
  world.sf.edit(ada, { AccountId: must(two, 'two') });
  await world.settle();
  const [there] = world.inHubspot('email', 'ada@example.com');
  const names = world.hs.companiesOf(must(there, 'Ada').id).map((id) => world.hs.companies.get(id)?.properties.name);
  expect(names).toContain('Two');
  const account = world.sf.get(ada).AccountId;
  expect(account).toBe(two);
  expect(await world.summary()).toMatchObject({ differing: 0 });
});

test('a child waits for a parent that is refused, with the reason on the parent, and completes by itself', async ({ hub }) => {
  await using world = await openWorld(hub);
  world.sf.forbid('Account', (row) => (row.Name === 'Nameless' ? 'Choose another name' : null));
  const company = world.hs.companies.add({ name: 'Nameless', domain: 'nameless.example' });
  const bea = world.hs.contacts.add({ email: 'bea@example.com', lastname: 'Byron' });
  world.hs.tie(bea, company, { primary: true });
  await world.settle();
  expect(await world.holds()).toEqual([
    expect.objectContaining({ kind: 'refused_record', reason: expect.stringContaining('Choose another name') }),
  ]);
  world.hs.companies.edit(company, { name: 'Named' });
  await world.settle();
  const [there] = world.inSalesforce('Email', 'bea@example.com');
  expect(world.sf.get(String(there?.AccountId)).Name).toBe('Named');
  expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0, holds: 0 });
});
