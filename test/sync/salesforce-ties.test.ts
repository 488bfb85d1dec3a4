import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { must } from '../../src/kernel/must.ts';
import { parseHub } from '../../src/mapping/hub.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { parseMapping } from '../../src/mapping/parse.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const shipped = (name: string) => readFile(`mappings/${name}.yaml`, 'utf8');

/** The shipped mappings with the contacts of opportunities, and all companies of a contact. */
async function withTies(): Promise<(mappings: Mappings) => Mappings> {
  const field = '      companies: { type: references, to: company, category: basic, sensitivity: internal, steward: sales }\n';
  const hub = parseHub((await shipped('hub')).replace(/( {6}company: \{ type: reference)/, `${field}$1`), 'mappings/hub.yaml');
  if (!hub.ok) throw new Error(JSON.stringify(hub.problems));
  const added = async (name: string, line: string) => {
    const mapping = parseMapping((await shipped(name)).replace(/( {2}- \{ hub: company,)/, `  - ${line}\n$1`), `${name}.yaml`, hub.model);
    if (!mapping.ok) throw new Error(JSON.stringify(mapping.problems));
    return [name, mapping.mapping] as const;
  };
  const more = await Promise.all([
    added('hubspot.contact', '{ hub: companies, remote: companies, ref: company }'),
    added('salesforce.contact', '{ hub: companies, remote: companies, ref: company }'),
    added('salesforce.deal', '{ hub: contacts, remote: contacts, ref: contact }'),
  ]);
  return ({ byStream, ...around }) => ({ ...around, model: hub.model, byStream: new Map([...byStream, ...more]) });
}

async function tie({ sandbox }: World, method: 'PUT' | 'DELETE', path: string): Promise<void> {
  const token = SANDBOXES.find(({ id }) => id === 'hubspot')?.credentials.token;
  const address = `${sandbox('hubspot').origin}/crm/v4/objects/${path}`;
  const answer = await fetch(method === 'PUT' ? address : address.replace('/default/', '/'), {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(await answer.text());
}

test('the contacts of a deal become contact roles once both are there, and follow both ways', { timeout: 60_000 }, async ({ hub }) => {
  await using world = await openWorld(hub, { remap: await withTies() });
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, true, 'deal');
  const [ada] = ['ada', 'bea'].map((name) => world.hs.contacts.add({ email: `${name}@acme.example`, firstname: name, lastname: 'Byron' }));
  const deal = world.hs
    .records('deals')
    .add({ dealname: 'Renewal', dealstage: 'contractsent', pipeline: 'default', closedate: '2027-01-31T00:00:00Z' });
  await tie(world, 'PUT', `deals/${deal}/associations/default/contacts/${ada}`);
  await world.settle();
  const roles = () =>
    world.sf
      .all('OpportunityContactRole')
      .filter(({ IsDeleted }) => !IsDeleted)
      .map(({ ContactId }) => String(world.sf.get(String(ContactId)).FirstName))
      .sort();
  expect([roles(), world.sf.all('Opportunity').length]).toEqual([['ada'], 1]);
  const there = must(world.sf.all('Opportunity')[0], 'the deal there').Id;
  world.sf.create('OpportunityContactRole', {
    OpportunityId: there,
    ContactId: must(world.inSalesforce('Email', 'bea@acme.example')[0], 'bea').Id,
  });
  world.later(600);
  await world.settle();
  await tie(world, 'DELETE', `deals/${deal}/associations/default/contacts/${ada}`);
  world.hs.records('deals').edit(deal, { dealname: 'Renewal 2027' });
  world.later(600);
  await world.settle();
  expect(roles()).toEqual(['bea']);
  expect(await world.settle()).toBe(0);
  expect(await world.holds()).toEqual([]);
});

test('all companies of a contact are its accounts there, where an org has several', { timeout: 60_000 }, async ({ hub }) => {
  await using world = await openWorld(hub, { remap: await withTies(), switches: { salesforce: { multipleAccounts: true } } });
  const [engines = '', works = ''] = ['Engines', 'Works'].map((name) =>
    world.hs.companies.add({ name, domain: `${name.toLowerCase()}.example` }),
  );
  const ada = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  world.hs.tie(ada, engines, { primary: true });
  world.hs.tie(ada, works, {});
  await world.settle();
  const accounts = () =>
    world.sf
      .all('AccountContactRelation')
      .filter(({ IsDeleted }) => !IsDeleted)
      .map(({ AccountId, IsDirect }) => `${world.sf.get(String(AccountId)).Name} ${IsDirect}`)
      .sort();
  expect(accounts()).toEqual(['Engines true', 'Works false']);
  const other = world.sf.create('Account', { Name: 'Other', Website: 'other.example' });
  world.sf.create('AccountContactRelation', {
    AccountId: other,
    ContactId: must(world.inSalesforce('Email', 'ada@example.com')[0], 'ada').Id,
  });
  world.later(600);
  await world.settle();
  expect(
    world.hs
      .companiesOf(ada)
      .map((id) => world.hs.companies.get(id)?.properties.name)
      .sort(),
  ).toEqual(['Engines', 'Other', 'Works']);
  expect(await world.settle()).toBe(0);
  expect(await world.holds()).toEqual([]);
});
