import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { undo } from '../../src/sync/undo/undo.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const AS = {
  actor: 'test',
  get signal(): AbortSignal {
    return AbortSignal.timeout(60_000);
  },
};
const COMPANIES = 3;

/** HubSpot's companies and their people, loaded into a Salesforce that had nobody. */
async function firstLoad(hub: Hub): Promise<World & { readonly run: string }> {
  const world = await openWorld(hub);
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, false);
  for (let i = 0; i < COMPANIES; i += 1) {
    const company = world.hs.companies.add({ name: `Works ${i}`, domain: `works${i}.example` });
    for (const name of ['ada', 'bob']) {
      const contact = world.hs.contacts.add({ email: `${name}@works${i}.example`, firstname: name, lastname: 'Doe' });
      world.hs.tie(contact, company, { primary: true });
    }
  }
  const plan = await makePlan(world.engine, { streams: [{ connection: 'hubspot' }, { connection: 'salesforce' }] }, AS);
  expect(await applyPlan(world.engine, plan.id, AS)).toMatchObject({ kind: 'applied', drifted: 0 });
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, true);
  await world.settle();
  expect([there(world, 'Account'), there(world, 'Contact')]).toEqual([COMPANIES, COMPANIES * 2]);
  world.later(5);
  const { id: run } = await hub.selectFrom('run').select('id').where('kind', '=', 'apply').executeTakeFirstOrThrow();
  return Object.assign(world, { run });
}

const there = (world: World, object: string): number => world.sf.all(object).filter(({ IsDeleted }) => !IsDeleted).length;
const removed = (hub: Hub) =>
  sql<{ state: string; n: number }>`
    select l.state, count(*)::int as n from link l join connection c on c.id = l.connection_id where c.name = 'salesforce' group by l.state`.execute(
    hub,
  );

describe('a first load that is undone', () => {
  test('leaves nothing behind: children go before what they hang on, in one turn, and nothing is held', async ({ hub }) => {
    await using world = await firstLoad(hub);
    expect(await undo(world.engine, { run: world.run }, { actor: 'admin' })).toMatchObject({
      counts: { remove: COMPANIES * 3, spared: 0 },
    });
    expect(await world.cycle()).toBe(COMPANIES * 3);
    expect([there(world, 'Account'), there(world, 'Contact')]).toEqual([0, 0]);
    expect(await world.cycle()).toBe(0);
    expect(await world.holds()).toEqual([]);
    expect((await removed(hub)).rows).toEqual([{ state: 'gone', n: COMPANIES * 3 }]);
  });

  test('tries by itself again to remove what others hung on, for as long as they do, and says why', async ({ hub }) => {
    await using world = await firstLoad(hub);
    const [account] = world.inSalesforce('Email', 'ada@works1.example').map(({ AccountId }) => String(AccountId));
    const stranger = world.sf.create('Contact', {
      LastName: 'Byron',
      AccountId: must(account, 'the account'),
      Email: 'bea@works1.example',
    });
    await undo(world.engine, { run: world.run }, { actor: 'admin' });
    await world.cycle();
    expect(there(world, 'Account')).toBe(1);
    const state = () =>
      sql<{ state: string; cause: string; reason: string; waits: boolean; due: boolean; given_up: boolean }>`
        select state, cause, reason, not_before > now() as waits, due, given_up is not null as given_up from link where remote_id = ${account}`
        .execute(hub)
        .then(({ rows }) => rows[0]);
    const held = { state: 'failing', cause: 'removal_prevented', reason: expect.stringContaining('contacts'), due: true, given_up: false };
    expect(await state()).toMatchObject(held);
    await sql`update link set not_before = '-infinity', attempts = 20 where remote_id = ${account}`.execute(hub);
    await world.cycle();
    expect(await state()).toMatchObject({ ...held, waits: true });
    expect(await world.holds()).toEqual([]);
    world.sf.remove(stranger);
    await world.cycle();
    expect(there(world, 'Account')).toBe(0);
    expect(await state()).toMatchObject({ state: 'gone', due: false });
  });
});
