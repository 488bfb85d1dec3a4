import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { parseHub } from '../../src/mapping/hub.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { parseMapping } from '../../src/mapping/parse.ts';
import { test } from '../support/database.ts';
import { openSecondPortal } from './second-portal.ts';
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

/** The shipped mappings with all companies of a contact, next to the primary one. */
async function withAllCompanies(): Promise<(mappings: Mappings) => Mappings> {
  const [hubText, contactText] = await Promise.all(['hub', 'hubspot.contact'].map((name) => readFile(`mappings/${name}.yaml`, 'utf8')));
  const field = '      companies: { type: references, to: company, category: basic, sensitivity: internal, steward: sales }\n';
  const hub = parseHub(must(hubText, 'the hub').replace(/( {6}company: \{ type: reference)/, `${field}$1`), 'mappings/hub.yaml');
  if (!hub.ok) throw new Error(JSON.stringify(hub.problems));
  const line = '  - { hub: companies, remote: companies, ref: company }\n';
  const contact = parseMapping(
    must(contactText, 'contacts').replace(/( {2}- \{ hub: company,)/, `${line}$1`),
    'hubspot.contact.yaml',
    hub.model,
  );
  if (!contact.ok) throw new Error(JSON.stringify(contact.problems));
  return ({ byStream }) => ({ benchmarks: [], model: hub.model, byStream: new Map([...byStream, ['hubspot.contact', contact.mapping]]) });
}

describe('all companies of a contact, each with its labels', () => {
  test('go to another portal with their labels and the primary, one of them as soon as it is there', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: await withAllCompanies() });
    await using second = await openSecondPortal(world);
    const [engines, works] = ['Engines', 'Works'].map((name) => world.hs.companies.add({ name, domain: `${name.toLowerCase()}.example` }));
    const ada = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
    world.hs.tie(ada, must(engines, 'engines'), { primary: true });
    world.hs.tie(ada, must(works, 'works'), { labels: ['Advisor'] });
    second.hs.tie(
      second.hs.contacts.add({ email: 'seed@example.com', lastname: 'Seed' }),
      second.hs.companies.add({ name: 'Seed', domain: 'seed.example' }),
      { labels: ['Advisor'] },
    );
    await world.settle();
    const there = must(
      second.hs.contacts.all().find(({ properties }) => properties.email === 'ada@example.com'),
      'Ada there',
    );
    const named = (id: string) => second.hs.companies.get(id)?.properties.name;
    expect(second.hs.companiesOf(there.id).map(named).sort()).toEqual(['Engines', 'Works']);
    expect(named(second.hs.primaryOf(there.id) ?? '')).toBe('Engines');
    const advised = must(
      second.hs.companiesOf(there.id).find((id) => named(id) === 'Works'),
      'Works there',
    );
    expect(second.hs.labelsOf(there.id, advised)).toEqual(['Advisor']);
    expect(await world.settle()).toBe(0);
  });

  test('are merged as a set: what either portal ties or unties stands', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: await withAllCompanies() });
    await using second = await openSecondPortal(world);
    const [a, b, c] = ['A', 'B', 'C'].map((name) => world.hs.companies.add({ name, domain: `${name.toLowerCase()}.example` }));
    const ada = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
    for (const company of [a, b]) world.hs.tie(ada, must(company, 'a company'), {});
    await world.settle();
    const there = must(second.hs.contacts.all()[0], 'Ada there');
    const idOf = (name: string) =>
      must(
        second.hs.companies.all().find(({ properties }) => properties.name === name),
        name,
      ).id;
    world.hs.untie(ada, must(a, 'a'));
    second.hs.tie(there.id, idOf('C'), {});
    // Neither portal says that its contact has moved: a complete look finds it.
    await sql`update stream set sweep_at = now() where backfilled_at is not null`.execute(hub);
    await world.settle();
    expect(world.hs.companiesOf(ada).toSorted()).toEqual([b, c].toSorted());
    expect(second.hs.companiesOf(there.id).toSorted()).toEqual([idOf('B'), idOf('C')].toSorted());
    expect(await world.settle()).toBe(0);
  });
});
