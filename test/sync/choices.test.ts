import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Connector } from '../../src/contract/connector.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { codecOf } from '../../src/mapping/codec.ts';
import { fieldChoices } from '../../src/sync/choices/choices.ts';
import { missingChoices } from '../../src/sync/choices/missing.ts';
import { test } from '../support/database.ts';
import { openWorld, remapLine, type World } from './world.ts';

const signal = () => AbortSignal.timeout(20_000);
const INDUSTRY = { object: 'company', field: 'industry' };
const SPACE = { value: 'Space', label: 'Space travel' };

/** Accounts of trades that HubSpot has no option for, and of one that it has. */
async function withTrades(world: World, trades: Readonly<Record<string, string>>) {
  for (const [name, Industry] of Object.entries(trades)) world.sf.create('Account', { Name: name, Website: `${name}.example`, Industry });
  await world.settle();
}
const industries = (world: World) =>
  Object.fromEntries(world.hs.companies.all().map(({ properties }) => [properties.name, properties.industry ?? null]));
const open = async (hub: Hub) =>
  (await sql<{ field: string; cause: string }>`select field, cause from hold where closed_at is null order by id`.execute(hub)).rows;

async function added(world: World, connection: string, where: typeof INDUSTRY, add: readonly (typeof SPACE)[]) {
  const came = must(await fieldChoices(world.engine, connection, { ...where, add, actor: 'test', signal: signal() }), 'the connection');
  if (!came.ok) throw came.error;
  return came.found;
}

test('what a field over there lacks is told by value with how many wait; once a choice is added, what waited for it flows, and nothing else', async ({
  hub,
}) => {
  await using world = await openWorld(hub);
  await withTrades(world, { orbit: 'Space', moon: 'Space', reef: 'Diving', bank: 'Banking' });
  expect(industries(world)).toEqual({ orbit: null, moon: null, reef: null, bank: 'BANKING' });
  const [lacking, ...others] = await missingChoices(world.engine);
  expect(others).toEqual([]);
  expect(lacking).toMatchObject({
    ...{
      connection: { name: 'hubspot' },
      ...INDUSTRY,
      hubField: 'industry',
      label: 'Industry',
      needs: 'crm.schemas.companies.write',
      records: 3,
    },
    values: [
      { value: 'Space', records: 2 },
      { value: 'Diving', records: 1 },
    ],
  });
  const before = must(await fieldChoices(world.engine, 'hubspot', { ...INDUSTRY, signal: signal() }), 'the connection');
  expect(before).toMatchObject({ ok: true, found: { closed: null, added: 0, values: [{ value: 'Space', there: false }, {}] } });

  const found = await added(world, 'hubspot', INDUSTRY, [SPACE]);
  expect(found).toMatchObject({ added: 1, choices: expect.arrayContaining([SPACE]) });
  await world.settle();
  expect(industries(world)).toEqual({ orbit: 'Space', moon: 'Space', reef: null, bank: 'BANKING' });
  expect(await missingChoices(world.engine)).toMatchObject([{ records: 1, values: [{ value: 'Diving', records: 1 }] }]);
  expect(await open(hub)).toEqual([{ field: 'industry', cause: 'choice_unknown' }]);
  const { rows } = await sql<{ choices: object[] }>`
    select f -> 'choices' as choices from stream s join connection c on c.id = s.connection_id, jsonb_array_elements(s.schema) f
    where c.name = 'hubspot' and s.object = 'company' and f ->> 'name' = 'industry'`.execute(hub);
  expect(rows[0]?.choices).toContainEqual(SPACE);
  // Once more: nothing to add, nothing to write.
  expect(await added(world, 'hubspot', INDUSTRY, [SPACE])).toMatchObject({ added: 0 });
  expect(await world.settle()).toBe(0);
});

test('a restricted picklist of Salesforce takes what it lacked, under a label of its own', async ({ hub }) => {
  const asItIs = codecOf({ type: 'text', transform: null, values: null, unmapped: 'pass' });
  await using world = await openWorld(hub, { remap: remapLine('lifecycle', { codec: asItIs }, ['salesforce']) });
  world.hs.contacts.add({ email: 'ada@acme.test', firstname: 'Ada', lastname: 'Byron', lifecyclestage: 'marketingqualifiedlead' });
  await world.settle();
  const stage = () => must(world.inSalesforce('LastName', 'Byron')[0], 'Ada').Lifecycle_Stage__c ?? null;
  expect(stage()).toBeNull();
  const [lacking] = await missingChoices(world.engine);
  const MARKETING = { value: 'marketingqualifiedlead', label: 'Known to marketing' };
  expect(lacking).toMatchObject({ connection: { name: 'salesforce' }, field: 'Lifecycle_Stage__c', values: [{ value: MARKETING.value }] });
  const { choices } = await added(world, 'salesforce', { object: 'contact', field: 'Lifecycle_Stage__c' }, [MARKETING]);
  expect(choices).toContainEqual(MARKETING);
  await world.settle();
  expect(stage()).toBe('marketingqualifiedlead');
  expect(await open(hub)).toEqual([]);
});

/** The process dies when a connector is about to do something, once. */
function dying() {
  let at: 'before adding' | 'after adding' | null = null;
  const die = (when: typeof at) => {
    if (at !== when) return;
    at = null;
    throw new Error('killed');
  };
  const around = (connector: Connector): Connector => ({
    ...connector,
    open: (session) => {
      const ports = connector.open(session);
      const objects = Object.fromEntries(
        Object.entries(ports.objects).map(([object, port]) => {
          const { choices } = port;
          if (choices === undefined) return [object, port];
          const add: typeof choices.add = async (field, more) => {
            die('before adding');
            const came = await choices.add(field, more);
            die('after adding');
            return came;
          };
          return [object, { ...port, choices: { ...choices, add } }];
        }),
      );
      return { ...ports, objects };
    },
  });
  const killAt = (when: 'before adding' | 'after adding') => {
    at = when;
  };
  return { around, killAt };
}

test.for(['before adding', 'after adding'] as const)(
  'a process that dies %s leaves nothing that another run does not finish',
  async (when, { hub }) => {
    const { around, killAt } = dying();
    await using world = await openWorld(hub, { around });
    await withTrades(world, { orbit: 'Space' });
    killAt(when);
    await expect(added(world, 'hubspot', INDUSTRY, [SPACE])).rejects.toThrow('killed');
    await world.settle();
    // What was added is found by whoever comes next, even when nobody asks again.
    expect(industries(world)).toEqual({ orbit: when === 'after adding' ? 'Space' : null });
    await added(world, 'hubspot', INDUSTRY, [SPACE]);
    await world.settle();
    expect(industries(world)).toEqual({ orbit: 'Space' });
    expect(await open(hub)).toEqual([]);
  },
);

test('a record that the vendor itself refused is tried again', async ({ hub }) => {
  await using world = await openWorld(hub);
  await withTrades(world, { orbit: 'Banking' });
  // Somebody has taken the option away since the fields were read.
  const { choices } = await added(world, 'hubspot', INDUSTRY, [SPACE]);
  world.hs.fields.change('companies', 'industry', { options: choices.filter(({ value }) => value !== 'Space') });
  const [account] = world.sf.all('Account');
  world.later(2);
  world.sf.edit(must(account, 'the account').Id, { Industry: 'Space' });
  await world.settle();
  expect(industries(world)).toEqual({ orbit: 'BANKING' });
  expect(await missingChoices(world.engine)).toMatchObject([{ values: [{ value: 'Space', records: 1 }] }]);
  expect(await added(world, 'hubspot', INDUSTRY, [SPACE])).toMatchObject({ added: 1, retried: 1 });
  await world.settle();
  expect(industries(world)).toEqual({ orbit: 'Space' });
  expect(await open(hub)).toEqual([]);
});

test('a list that nobody can add to says so, and so does everything that nothing is written to', async ({ hub }) => {
  await using world = await openWorld(hub);
  const look = (connection: string, object: string, field: string) =>
    fieldChoices(world.engine, connection, { object, field, signal: signal() });
  expect(await look('hubspot', 'contact', 'lifecyclestage')).toMatchObject({ ok: true, found: { closed: { because: 'fixed' } } });
  await expect(added(world, 'hubspot', { object: 'contact', field: 'lifecyclestage' }, [SPACE])).rejects.toMatchObject({
    code: 'LIST_CLOSED',
  });
  expect(await look('nobody', 'contact', 'lifecyclestage')).toBeNull();
  for (const [object, field] of [
    ['contact', 'hs_lead_status'],
    ['nothing', 'industry'],
  ] as const)
    expect(await look('hubspot', object, field)).toMatchObject({ ok: false, error: { kind: 'misconfigured' } });
  await sql`update stream set direction = 'in' where object = 'company'`.execute(hub);
  expect(await look('hubspot', 'company', 'industry')).toMatchObject({ ok: false, error: { kind: 'misconfigured' } });
});

test('a right that is missing is told by its name, and what waited goes on waiting', async ({ hub }) => {
  await using world = await openWorld(hub, { switches: { hubspot: { scopes: '-crm.schemas.companies.write' } } });
  await withTrades(world, { orbit: 'Space' });
  await expect(added(world, 'hubspot', INDUSTRY, [SPACE])).rejects.toMatchObject({
    kind: 'not_allowed',
    message: expect.stringContaining('crm.schemas.companies.write'),
  });
  await world.settle();
  expect(await open(hub)).toEqual([{ field: 'industry', cause: 'choice_unknown' }]);
});

test('a connection that is paused is left alone', async ({ hub }) => {
  await using world = await openWorld(hub);
  await sql`update connection set paused_at = now() where name = 'hubspot'`.execute(hub);
  const came = await fieldChoices(world.engine, 'hubspot', { ...INDUSTRY, add: [SPACE], actor: 'test', signal: signal() });
  expect(came).toMatchObject({ ok: false, error: { kind: 'locked', code: 'PAUSED' } });
});
