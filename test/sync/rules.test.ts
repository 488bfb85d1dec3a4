import { describe, expect } from 'vitest';
import type { FieldValue } from '../../src/contract/records.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import type { Line } from '../../src/mapping/mapping.ts';
import { decide, setFields } from '../../src/sync/steward/steward.ts';
import { test } from '../support/database.ts';
import { openWorld, remapLine, type World } from './world.ts';

type Policy = Partial<Pick<Line, 'rule' | 'direction' | 'nulls' | 'codec'>>;
type Ada = { sfId: string; hsId: string };

/** Ada as an Analyst in both, with a policy for her job title. */
async function withTitle(hub: Hub, policy: Policy, connectors?: readonly string[]): Promise<World & { ada: Ada }> {
  const world = await openWorld(hub, { remap: remapLine('job_title', policy, connectors) });
  const sfId = world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com', Title: 'Analyst' });
  const hsId = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', jobtitle: 'Analyst' });
  await world.settle();
  world.later(2);
  return { ...world, ada: { sfId, hsId } };
}
const titles = (world: World & { ada: Ada }): readonly unknown[] => [
  world.hs.contacts.get(world.ada.hsId)?.properties.jobtitle ?? null,
  world.sf.get(world.ada.sfId).Title,
];
const inHubspot = (world: World & { ada: Ada }, title: string) => void world.hs.contacts.edit(world.ada.hsId, { jobtitle: title });
const inSalesforce = (world: World & { ada: Ada }, title: FieldValue) => world.sf.edit(world.ada.sfId, { Title: title as string });
const lost = async (world: World) =>
  (await world.changes()).flatMap((change) => (change.fields.job_title?.lost === undefined ? [] : [change.fields.job_title.lost.value]));

describe('an ordered list of systems', () => {
  const policy: Policy = { rule: { kind: 'order', systems: ['salesforce', 'hubspot'] } };
  test('the first wins over a newer edit of the second, which is named', async ({ hub }) => {
    await using world = await withTitle(hub, policy);
    inSalesforce(world, 'From Salesforce');
    world.later(2);
    inHubspot(world, 'From HubSpot');
    await world.settle();
    expect(titles(world)).toEqual(['From Salesforce', 'From Salesforce']);
    expect(await lost(world)).toEqual(['From HubSpot']);
  });
  test('holds for later edits too', async ({ hub }) => {
    await using world = await withTitle(hub, policy);
    inSalesforce(world, 'From Salesforce');
    await world.settle();
    world.later(2);
    inHubspot(world, 'Later');
    await world.settle();
    expect(titles(world)).toEqual(['From Salesforce', 'From Salesforce']);
    expect(await lost(world)).toEqual(['Later']);
    expect(await world.settle()).toBe(0);
  });
});

test('prefer: that system wins, unless it is blank there', async ({ hub }) => {
  await using world = await withTitle(hub, { rule: { kind: 'prefer', system: 'hubspot' } });
  inHubspot(world, 'From HubSpot');
  world.later(2);
  inSalesforce(world, 'From Salesforce');
  await world.settle();
  expect(titles(world)).toEqual(['From HubSpot', 'From HubSpot']);
  world.later(2);
  inHubspot(world, '');
  await world.settle();
  expect(titles(world)).toEqual([null, null]);
  world.later(2);
  inSalesforce(world, 'Only one');
  await world.settle();
  expect(titles(world)).toEqual(['Only one', 'Only one']);
});

test('the hub wins: an edit is put back on both sides, and named', async ({ hub }) => {
  await using world = await withTitle(hub, { rule: { kind: 'hub' } });
  inHubspot(world, 'One');
  inSalesforce(world, 'Two');
  await world.settle();
  expect(titles(world)).toEqual(['Analyst', 'Analyst']);
  expect((await lost(world)).toSorted()).toEqual(['One', 'Two']);
  expect(await world.settle()).toBe(0);
});

test('the hub wins, and a system that rewrites what it is given is let have its way, not written to for ever', async ({ hub }) => {
  const asItIs = (value: FieldValue) => ({ ok: true as const, value });
  await using world = await withTitle(hub, { rule: { kind: 'hub' }, codec: { encode: asItIs, decode: asItIs } });
  const { id } = must(await world.record('ada@example.com'), 'the record');
  expect(await setFields(world.engine, id, { job_title: 'Countess  ' }, 'steward')).toBe('changed');
  await world.settle();
  expect(world.sf.get(world.ada.sfId).Title).toBe('Countess');
  expect((await world.record('ada@example.com'))?.fields.job_title).toBe('Countess  ');
  expect(await world.settle()).toBe(0);
  world.later(2);
  inSalesforce(world, 'Somebody else');
  await world.settle();
  expect(world.sf.get(world.ada.sfId).Title).toBe('Countess');
  expect(await lost(world)).toContain('Somebody else');
});

describe('the rule to ask', () => {
  const asked = async (hub: Hub) => {
    const world = await withTitle(hub, { rule: { kind: 'hold' } });
    inHubspot(world, 'One');
    inSalesforce(world, 'Two');
    await world.settle();
    return world;
  };
  test('leaves both as they are until a person decides, and other fields flow', async ({ hub }) => {
    await using world = await asked(hub);
    expect(titles(world)).toEqual(['One', 'Two']);
    expect(await world.holds()).toEqual([expect.objectContaining({ kind: 'conflict', field: 'job_title' })]);
    expect(await world.summary()).toMatchObject({ differing: 0 });
    world.hs.contacts.edit(world.ada.hsId, { city: 'London' });
    await world.settle();
    expect(world.sf.get(world.ada.sfId).MailingCity).toBe('London');
    expect(titles(world)).toEqual(['One', 'Two']);
  });
  test.for([{ take: 'hub' as const }, { take: 'remote' as const }])(
    'a person takes %o: it goes everywhere, and the other is named',
    async ({ take }, { hub }) => {
      await using world = await asked(hub);
      const [hold] = await world.holds();
      expect(await decide(world.engine, must(hold, 'the hold').id, { take }, 'steward')).toBe('decided');
      await world.settle();
      const [one, other] = titles(world);
      expect(one).toBe(other);
      expect(['One', 'Two']).toContain(one);
      expect(await lost(world)).toEqual([one === 'One' ? 'Two' : 'One']);
      expect(await world.holds()).toEqual([]);
    },
  );
  test('a person gives another value', async ({ hub }) => {
    await using world = await asked(hub);
    const [hold] = await world.holds();
    expect(await decide(world.engine, must(hold, 'the hold').id, { value: 'Three' }, 'steward')).toBe('decided');
    await world.settle();
    expect(titles(world)).toEqual(['Three', 'Three']);
    expect(await world.holds()).toEqual([]);
  });
  test('both write the same after all: the question is over', async ({ hub }) => {
    await using world = await asked(hub);
    inHubspot(world, 'Two');
    inSalesforce(world, 'Two');
    await world.settle();
    expect(titles(world)).toEqual(['Two', 'Two']);
    expect(await world.holds()).toEqual([]);
  });
});

describe('a blank', () => {
  test.for<{ nulls: Line['nulls']; left: readonly unknown[] }>([
    { nulls: 'clear', left: [null, null] },
    { nulls: 'keep', left: [null, 'Analyst'] },
    { nulls: 'ignore', left: ['Analyst', 'Analyst'] },
  ])('with the policy $nulls', async ({ nulls, left }, { hub }) => {
    await using world = await withTitle(hub, { nulls });
    inHubspot(world, '');
    await world.settle();
    expect(titles(world)).toEqual(left);
    expect(await world.settle()).toBe(0);
  });
});

describe('a field that flows one way', () => {
  test('into the hub only: HubSpot’s edit reaches Salesforce, and nothing comes back', async ({ hub }) => {
    await using world = await withTitle(hub, { direction: 'in' }, ['hubspot']);
    inHubspot(world, 'From HubSpot');
    await world.settle();
    expect(titles(world)).toEqual(['From HubSpot', 'From HubSpot']);
    world.later(2);
    inSalesforce(world, 'From Salesforce');
    await world.settle();
    expect(titles(world)).toEqual(['From HubSpot', 'From Salesforce']);
  });
  test('out of the hub only: HubSpot’s edit is put back, and named', async ({ hub }) => {
    await using world = await withTitle(hub, { direction: 'out' }, ['hubspot']);
    inHubspot(world, 'From HubSpot');
    await world.settle();
    expect(titles(world)).toEqual(['Analyst', 'Analyst']);
    expect(await lost(world)).toEqual(['From HubSpot']);
  });
  test('off: nothing moves', async ({ hub }) => {
    await using world = await withTitle(hub, { direction: 'off' }, ['hubspot']);
    inHubspot(world, 'From HubSpot');
    inSalesforce(world, 'From Salesforce');
    await world.settle();
    expect(titles(world)).toEqual(['From HubSpot', 'From Salesforce']);
  });
});
