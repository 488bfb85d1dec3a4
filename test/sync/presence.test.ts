import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import type { EntityMapping } from '../../src/mapping/mapping.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { archiveRecord, restoreRecord } from '../../src/sync/steward/presence-by-hand.ts';
import { decide } from '../../src/sync/steward/steward.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Policies = Partial<Pick<EntityMapping, 'removed' | 'merged' | 'gates' | 'optOut'>>;

/** The shipped mappings of contacts with other policies. */
const withPolicies =
  (policies: Policies, connectors: readonly string[] = ['hubspot', 'salesforce']) =>
  (mappings: Mappings): Mappings => ({
    ...mappings,
    byStream: new Map(
      [...mappings.byStream].map(([key, mapping]) => [
        key,
        mapping.kind === 'entity' && mapping.object === 'contact' && connectors.includes(mapping.connector)
          ? { ...mapping, ...policies }
          : mapping,
      ]),
    ),
  });

const openWith = (hub: Hub, policies: Policies): Promise<World> => openWorld(hub, { remap: withPolicies(policies) });

/** Ada in both systems, in step. */
async function withAda(world: World): Promise<{ hs: string; sf: string; id: string }> {
  const hs = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  const [there] = world.inSalesforce('Email', 'ada@example.com');
  const record = await world.record('ada@example.com');
  return { hs, sf: String(there?.Id), id: record?.id ?? '' };
}

const archivedAt = async (world: World, id: string) =>
  (await world.hub.selectFrom('record').select('archived_at').where('id', '=', id).executeTakeFirstOrThrow()).archived_at;

/** The next sweep is due now. */
const sweepNow = (hub: Hub) => sql`update stream set sweep_at = now() where backfilled_at is not null`.execute(hub);

describe('a removal in Salesforce', () => {
  test('under delete goes on to HubSpot, and nothing is made again', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'delete', out: 'delete' } });
    const ada = await withAda(world);
    world.sf.remove(ada.sf);
    await world.settle();
    expect(world.hs.contacts.get(ada.hs)?.archived).toBe(true);
    expect(await archivedAt(world, ada.id)).not.toBeNull();
    expect(await world.settle()).toBe(0);
    expect(world.hs.contacts.all()).toHaveLength(0);
  });

  test('under archive takes the record out of use, and leaves HubSpot what it has', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'archive', out: 'delete' } });
    const ada = await withAda(world);
    world.sf.remove(ada.sf);
    await world.settle();
    world.hs.contacts.edit(ada.hs, { city: 'London' });
    expect(await world.settle()).toBe(0);
    expect(world.hs.contacts.get(ada.hs)?.archived).toBe(false);
    expect((await world.record('ada@example.com'))?.fields.city).toBeUndefined();
  });

  test('under ask waits for a person, who lets it go on', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'ask', out: 'delete' } });
    const ada = await withAda(world);
    world.sf.remove(ada.sf);
    expect(await world.settle()).toBe(0);
    const [hold] = (await world.holds()).filter(({ kind }) => kind === 'removal');
    expect(hold?.reason).toBe('it was deleted in salesforce');
    expect(await decide(world.engine, hold?.id ?? '', { removal: 'remove' }, 'kim')).toBe('decided');
    await world.settle();
    expect(world.hs.contacts.get(ada.hs)?.archived).toBe(true);
    expect(await world.holds()).toEqual([]);
  });

  test('of somebody whom HubSpot edited unseen is a question, never a loss', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'delete', out: 'delete' } });
    const ada = await withAda(world);
    world.hs.contacts.edit(ada.hs, { jobtitle: 'Countess' });
    world.sf.remove(ada.sf);
    await world.settle();
    expect(world.hs.contacts.get(ada.hs)?.archived).toBe(false);
    const [hold, ...others] = await world.holds();
    expect([hold?.kind, others]).toEqual(['removal', []]);
    // Both are looked at at once: the edit is seen before the removal, or when the removal is to be passed on.
    expect([
      'it was deleted in salesforce, where nobody had seen what was edited elsewhere',
      'it is to be removed from hubspot, where it was edited meanwhile',
    ]).toContain(hold?.reason);
  });

  test('of somebody of whom HubSpot has a value that Salesforce cannot hold is a plain removal', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'delete', out: 'delete' } });
    const ada = await withAda(world);
    world.hs.contacts.edit(ada.hs, { jobtitle: 'C'.repeat(200) });
    await world.settle();
    expect((await world.holds()).map(({ kind, field }) => [kind, field])).toEqual([['refused_field', 'job_title']]);
    world.sf.remove(ada.sf);
    await world.settle();
    expect(await world.holds()).toEqual([]);
    expect(world.hs.contacts.get(ada.hs)?.archived).toBe(true);
    expect((await world.record('ada@example.com'))?.fields.job_title).toBe('C'.repeat(200));
  });

  test('of somebody of whom HubSpot has an option that Salesforce turned down is a plain removal', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'delete', out: 'delete' } });
    const ada = await withAda(world);
    world.sf.forbid('Contact', (row) => (row.Title === 'Countess' ? 'No titles of nobility' : null));
    world.hs.contacts.edit(ada.hs, { jobtitle: 'Countess' });
    await world.settle();
    expect((await world.holds()).map(({ kind }) => kind)).toEqual(['refused_record']);
    world.sf.remove(ada.sf);
    await world.settle();
    expect(await world.holds()).toEqual([]);
    expect(world.hs.contacts.get(ada.hs)?.archived).toBe(true);
  });

  test('that is a question is none any more once the record is removed in the other system too', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'delete', out: 'delete' } });
    const ada = await withAda(world);
    world.sf.remove(ada.sf);
    world.hs.contacts.edit(ada.hs, { jobtitle: 'Analyst' });
    await world.settle();
    const open = () => hub.selectFrom('hold').select('reason').where('kind', '=', 'removal').where('closed_at', 'is', null).execute();
    expect(await open()).toHaveLength(1);
    world.hs.contacts.remove(ada.hs);
    await sweepNow(hub);
    await world.settle();
    expect(await open()).toHaveLength(0);
    expect(await archivedAt(world, ada.id)).not.toBeNull();
    expect(await world.settle()).toBe(0);
  });

  test('that is taken back brings the record back everywhere', async ({ hub }) => {
    await using world = await openWith(hub, { removed: { in: 'delete', out: 'delete' } });
    const ada = await withAda(world);
    world.sf.remove(ada.sf);
    await world.settle();
    world.sf.undelete(ada.sf);
    await world.settle();
    expect(await archivedAt(world, ada.id)).toBeNull();
    expect(world.inHubspot('email', 'ada@example.com')).toHaveLength(1);
    expect(await world.settle()).toBe(0);
  });
});

test('a removal in HubSpot, which reports none, is found by the next sweep', async ({ hub }) => {
  await using world = await openWith(hub, { removed: { in: 'delete', out: 'delete' } });
  const ada = await withAda(world);
  world.hs.contacts.remove(ada.hs);
  await world.settle();
  expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(1);
  await sweepNow(hub);
  await world.settle();
  expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(0);
  expect(await world.settle()).toBe(0);
});

describe('by hand', () => {
  test('a record that is archived everywhere is removed everywhere, and restored with one action, with its company', async ({ hub }) => {
    await using world = await openWith(hub, {});
    const company = world.hs.companies.add({ name: 'Analytical Engines', domain: 'engines.example' });
    const ada = await withAda(world);
    world.hs.tie(ada.hs, company, { primary: true });
    world.hs.contacts.edit(ada.hs, { city: 'London' });
    await world.settle();
    expect(await archiveRecord(world.engine, ada.id, { from: 'everywhere', actor: 'kim' })).toBe('archived');
    await world.settle();
    expect([world.hs.contacts.all().length, world.inSalesforce('Email', 'ada@example.com').length]).toEqual([0, 0]);
    expect(await restoreRecord(world.engine, ada.id, 'kim')).toBe('restored');
    await world.settle();
    const [again] = world.inHubspot('email', 'ada@example.com');
    expect(again?.properties.city).toBe('London');
    expect(world.hs.companiesOf(again?.id ?? '')).toEqual([company]);
    const [there] = world.inSalesforce('Email', 'ada@example.com');
    expect(there?.AccountId).toBeTruthy();
    expect(await world.settle()).toBe(0);
  });

  test('a record that somebody restores over there, under another address, while the hub is about to make it again is no stranger', async ({
    hub,
  }) => {
    await using world = await openWith(hub, {});
    const ada = await withAda(world);
    await archiveRecord(world.engine, ada.id, { from: 'everywhere', actor: 'kim' });
    await world.settle();
    expect(await restoreRecord(world.engine, ada.id, 'kim')).toBe('restored');
    world.sf.undelete(ada.sf);
    world.sf.edit(ada.sf, { Email: 'countess@example.com', LastName: 'King' });
    await world.settle();
    expect(world.sf.all('Contact').map(({ Id }) => Id)).toEqual([ada.sf]);
    expect(world.hs.contacts.all()).toHaveLength(1);
    const { rows } = await sql`select 1 from record where object = 'contact' and merged_into is null`.execute(hub);
    expect(rows).toHaveLength(1);
    expect(await world.settle()).toBe(0);
  });

  test('a company that was removed and is restored has its people again', async ({ hub }) => {
    await using world = await openWith(hub, {});
    const company = world.hs.companies.add({ name: 'Analytical Engines', domain: 'engines.example' });
    const ada = await withAda(world);
    world.hs.tie(ada.hs, company, { primary: true });
    world.hs.contacts.edit(ada.hs, { city: 'London' });
    await world.settle();
    const { rows } = await sql<{ id: string }>`select id from record where object = 'company'`.execute(hub);
    const id = rows[0]?.id ?? '';
    expect(await archiveRecord(world.engine, id, { from: 'everywhere', actor: 'kim' })).toBe('archived');
    await world.settle();
    await sweepNow(hub);
    await world.settle();
    expect((await world.record('ada@example.com'))?.fields.company).toBe(id);
    expect(await restoreRecord(world.engine, id, 'kim')).toBe('restored');
    await world.settle();
    const [engines] = world.hs.companies.all();
    expect(world.hs.companiesOf(ada.hs)).toEqual([engines?.id]);
    expect(await world.settle()).toBe(0);
  });
});

test('a company that is deleted and restored in HubSpot has its people again, also those whom the vendor has forgotten to tie', async ({
  hub,
}) => {
  await using world = await openWith(hub, {});
  const company = world.hs.companies.add({ name: 'Analytical Engines', domain: 'engines.example' });
  const ada = await withAda(world);
  world.hs.tie(ada.hs, company, { primary: true });
  world.hs.contacts.edit(ada.hs, { city: 'London' });
  await world.settle();
  world.hs.companies.remove(company);
  await sweepNow(hub);
  await world.settle();
  // What the vendor has untied is read, and is nobody's edit.
  world.hs.contacts.edit(ada.hs, { city: 'Paris' });
  await world.settle();
  expect(world.hs.companiesOf(ada.hs)).toEqual([]);
  expect((await world.record('ada@example.com'))?.fields.company).toBeTruthy();
  world.hs.companies.restore(company);
  world.hs.untie(ada.hs, company);
  world.hs.companies.edit(company, { phone: '+1 212 555 0100' });
  await world.settle();
  expect(world.hs.companiesOf(ada.hs)).toEqual([company]);
  expect(world.inSalesforce('Email', 'ada@example.com')[0]?.AccountId).toBeTruthy();
  expect(await world.settle()).toBe(0);
});

test('nobody takes the place of a record that is back over there, although its return is not merged yet', async ({ hub }) => {
  await using world = await openWith(hub, { removed: { in: 'ignore', out: 'ignore' } });
  const ada = await withAda(world);
  world.sf.remove(ada.sf);
  await world.settle();
  const other = world.sf.create('Contact', { FirstName: 'Grace', LastName: 'Hopper', Email: 'ada@example.com' });
  await world.settle();
  const [hold] = (
    await sql<{ id: string }>`select id from hold where kind = 'ambiguous' and remote_id = ${other} and closed_at is null`.execute(hub)
  ).rows;
  await sql`update observation set gone = false, dirty = true where remote_id = ${ada.sf}`.execute(hub);
  const refused = { refused: expect.stringContaining(ada.sf) };
  expect(await decide(world.engine, hold?.id ?? '', { link: ada.id }, 'kim')).toEqual(refused);
});

describe('a merge in HubSpot', () => {
  test('makes the hub’s two one, and nothing is doubled', async ({ hub }) => {
    await using world = await openWith(hub, {});
    const ada = await withAda(world);
    const other = world.hs.contacts.add({ email: 'countess@example.com', firstname: 'Ada', lastname: 'King' });
    await world.settle();
    const survivor = world.hs.contacts.merge(ada.hs, other);
    await world.settle();
    const { rows } = await sql<{ n: string }>`select count(*) as n from record where object = 'contact' and merged_into is null`.execute(
      hub,
    );
    expect(rows[0]?.n).toBe('1');
    // Whoever merged them kept Ada's address, so the hub does as well.
    const record = await world.record('ada@example.com');
    const links = await world.links(record?.id ?? '');
    expect(links.find(({ connection }) => connection === 'hubspot')?.remoteId).toBe(survivor);
    expect(await world.settle()).toBe(0);
    expect(world.hs.contacts.all()).toHaveLength(1);
  });

  test('goes on in the record of whom they kept, and the other system’s two stay who they were until a person merges them', async ({
    hub,
  }) => {
    await using world = await openWith(hub, {});
    const ada = await withAda(world);
    const grace = world.hs.contacts.add({ email: 'grace@example.com', firstname: 'Grace', lastname: 'Hopper' });
    await world.settle();
    const kept = must(await world.record('grace@example.com'), 'Grace');
    const before = world.sf.get(ada.sf);
    world.hs.contacts.merge(grace, ada.hs);
    await world.settle();
    expect((await world.record('grace@example.com'))?.id).toBe(kept.id);
    expect(world.sf.get(ada.sf)).toEqual(before);
    expect((await world.holds()).map(({ kind, connection, remoteId }) => [kind, connection, remoteId])).toEqual([
      ['merge', 'salesforce', ada.sf],
    ]);
    expect(await world.settle()).toBe(0);
  });
});

describe('filters and opt-out', () => {
  test('who leaves the filter for going out is frozen, and goes on when covered again', async ({ hub }) => {
    const open = { when: null, leaves: 'freeze', creates: true } as const;
    const out = { when: { field: 'country', operator: 'is', value: 'JP' }, leaves: 'freeze', creates: true } as const;
    await using world = await openWorld(hub, { remap: withPolicies({ gates: { in: open, out } }, ['salesforce']) });
    const hs = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', country: 'GB' });
    await world.settle();
    expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(0);
    world.hs.contacts.edit(hs, { country: 'JP' });
    await world.settle();
    expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(1);
    world.hs.contacts.edit(hs, { country: 'GB', city: 'London' });
    expect(await world.settle()).toBe(0);
    world.hs.contacts.edit(hs, { country: 'JP' });
    await world.settle();
    expect(world.inSalesforce('Email', 'ada@example.com')[0]?.MailingCity).toBe('London');
  });

  test('people over there keep a record out of the sync by a field', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: withPolicies({ optOut: { remote: 'fax', is: 'no sync' } }, ['hubspot']) });
    const ada = await withAda(world);
    world.hs.contacts.edit(ada.hs, { fax: 'no sync' });
    await world.settle();
    world.hs.contacts.edit(ada.hs, { city: 'London' });
    expect(await world.settle()).toBe(0);
    world.hs.contacts.edit(ada.hs, { fax: '' });
    await world.settle();
    expect(world.inSalesforce('Email', 'ada@example.com')[0]?.MailingCity).toBe('London');
  });

  test('where nothing is to be made, only who is known on both sides is kept in step', async ({ hub }) => {
    const gate = { when: null, leaves: 'freeze', creates: false } as const;
    await using world = await openWith(hub, { gates: { in: { ...gate, creates: true }, out: gate } });
    world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
    world.hs.contacts.add({ email: 'grace@example.com', firstname: 'Grace', lastname: 'Hopper' });
    world.sf.create('Contact', { Email: 'ada@example.com', FirstName: 'Ada', LastName: 'Lovelace', MailingCity: 'London' });
    await world.settle();
    expect(world.inHubspot('email', 'ada@example.com')[0]?.properties.city).toBe('London');
    expect(world.inSalesforce('Email', 'grace@example.com')).toHaveLength(0);
  });
});
