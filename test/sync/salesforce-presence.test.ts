import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { archiveRecord } from '../../src/sync/steward/presence-by-hand.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

/** The shipped mappings, in which whatever is removed on one side is removed on the other, and merges are followed. */
const removing = (mappings: Mappings): Mappings => ({
  ...mappings,
  byStream: new Map(
    [...mappings.byStream].map(([key, mapping]) => [
      key,
      mapping.kind === 'entity' ? { ...mapping, removed: { in: 'delete', out: 'delete' }, merged: 'follow' } : mapping,
    ]),
  ),
});

const openRemoving = (hub: Hub): Promise<World> => openWorld(hub, { remap: removing });

/** Three people in both systems, in step. */
async function withThree(world: World) {
  const people = ['ada', 'grace', 'edsger'].map((name) => ({
    email: `${name}@example.com`,
    hs: world.hs.contacts.add({ email: `${name}@example.com`, firstname: name, lastname: 'Example' }),
  }));
  await world.settle();
  return people.map((one) => ({ ...one, sf: String(world.inSalesforce('Email', one.email)[0]?.Id) }));
}

const recordIds = async (hub: Hub, object: string) =>
  (await sql<{ id: string }>`select id from record where object = ${object} and merged_into is null`.execute(hub)).rows.map(({ id }) => id);

describe('merges in Salesforce', () => {
  test('one after the other leave one record of the hub, whose link leads to the last, and nothing is made or removed for them', async ({
    hub,
  }) => {
    await using world = await openRemoving(hub);
    const [ada, grace, edsger] = await withThree(world);
    world.sf.merge(grace?.sf ?? '', [ada?.sf ?? '']);
    world.later(60);
    world.sf.merge(edsger?.sf ?? '', [grace?.sf ?? '']);
    await world.settle();
    const [record, ...more] = await recordIds(hub, 'contact');
    expect(more).toEqual([]);
    const links = (await world.links(record ?? '')).filter(({ connection }) => connection === 'salesforce');
    expect(links.filter(({ state }) => state !== 'gone').map(({ remoteId }) => remoteId)).toEqual([edsger?.sf]);
    expect(await world.settle()).toBe(0);
    expect(world.sf.all('Contact').filter(({ IsDeleted }) => !IsDeleted)).toHaveLength(1);
    expect(world.hs.contacts.all()).toHaveLength(3);
  });
});

describe('what nobody can see in the recycle bin any more', () => {
  test('is found by the next sweep, and without one after an absence that is longer than the bin keeps things', async ({ hub }) => {
    await using world = await openRemoving(hub);
    const [ada, grace] = await withThree(world);
    world.sf.purge(ada?.sf ?? '');
    await world.settle();
    expect(world.hs.contacts.get(ada?.hs ?? '')?.archived).toBe(false);
    await sql`update stream set sweep_at = now() where backfilled_at is not null`.execute(hub);
    await world.settle();
    expect(world.hs.contacts.get(ada?.hs ?? '')?.archived).toBe(true);
    world.sf.purge(grace?.sf ?? '');
    world.later(20 * 86_400);
    await world.settle();
    expect(world.hs.contacts.get(grace?.hs ?? '')?.archived).toBe(true);
    expect(world.hs.contacts.all()).toHaveLength(1);
    expect(await world.settle()).toBe(0);
  });
});

describe('a company that is removed everywhere', () => {
  test('leaves Salesforce’s account as long as contacts hang on it, which it would take along, and goes once none does', async ({
    hub,
  }) => {
    await using world = await openRemoving(hub);
    const company = world.hs.companies.add({ name: 'Analytical Engines', domain: 'engines.example' });
    const [ada] = await withThree(world);
    world.hs.tie(ada?.hs ?? '', company, { primary: true });
    world.hs.contacts.edit(ada?.hs ?? '', { city: 'London' });
    await world.settle();
    const [account] = world.sf.all('Account');
    expect(world.sf.get(ada?.sf ?? '').AccountId).toBe(account?.Id);
    const [id = ''] = await recordIds(hub, 'company');
    await archiveRecord(world.engine, id, { from: 'everywhere', actor: 'kim' });
    await world.settle();
    expect(world.sf.get(ada?.sf ?? '').IsDeleted).toBe(false);
    expect(world.sf.get(account?.Id ?? '').IsDeleted).toBe(false);
    const kept = (await world.links(id)).find(({ connection }) => connection === 'salesforce');
    expect(kept).toMatchObject({ state: 'failing', reason: expect.stringContaining('would delete the contacts of Account') });
    expect(await world.settle()).toBe(0);
    world.sf.edit(ada?.sf ?? '', { AccountId: null });
    await world.age(1800);
    await world.settle();
    expect(world.sf.get(account?.Id ?? '').IsDeleted).toBe(true);
    expect(world.sf.get(ada?.sf ?? '').IsDeleted).toBe(false);
  });
});
