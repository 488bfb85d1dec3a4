import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import type { Plan } from '../../src/hub/plans.ts';
import { must } from '../../src/kernel/must.ts';
import { applyPlan } from '../../src/sync/apply.ts';
import { setEnabled } from '../../src/sync/connect.ts';
import { makePlan } from '../../src/sync/plan.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const AS = { actor: 'test', signal: AbortSignal.timeout(60_000) };
const BOTH = { streams: [{ connection: 'hubspot' }, { connection: 'salesforce' }] };

/** Two CRMs that are connected, and switched off. */
async function openOff(hub: Hub, people: number): Promise<World> {
  const world = await openWorld(hub, { people });
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, false);
  return world;
}

/** Requests that change something over there: HubSpot searches and reads by POST, which change nothing. */
const READS = /^GET |\/(search|read|token)$/;
const writesTo = (world: World): number =>
  ['hubspot', 'salesforce'].reduce(
    (sum, id) => sum + [...world.sandbox(id).requests].filter(([name]) => !READS.test(name)).reduce((n, [, times]) => n + times, 0),
    0,
  );

const countOf = (plan: Plan, operation: string, connection?: string, object?: string): number =>
  must(plan.summary, 'a summary')
    .counts.filter(
      (one) =>
        one.operation === operation &&
        (connection === undefined || one.connection === connection) &&
        (object === undefined || one.object === object),
    )
    .reduce((sum, one) => sum + one.records, 0);

async function tables(hub: Hub): Promise<Record<string, string>> {
  const { rows } = await sql<{ t: string; n: string }>`
    select 'record' as t, count(*)::text as n from record union all select 'link', count(*)::text from link union all select 'change', count(*)::text from change
    union all select 'hold', count(*)::text from hold union all select 'identity', count(*)::text from identity union all select 'delivery', count(*)::text from delivery`.execute(
    hub,
  );
  return Object.fromEntries(rows.map((row) => [row.t, row.n]));
}

test('the plan of a first sync is what then happens, and nothing is written before', { timeout: 90_000 }, async ({ hub }) => {
  await using world = await openOff(hub, 80);
  const plan = await makePlan(world.engine, BOTH, AS);
  expect(plan.error).toBeNull();
  expect(plan.state).toBe('ready');
  expect(writesTo(world)).toBe(0);
  expect(await tables(hub)).toEqual({ record: '0', link: '0', change: '0', hold: '0', identity: '0', delivery: '0' });
  const before = { hs: world.hs.contacts.all().length, sf: world.sf.all('Contact').length };
  const applied = await applyPlan(world.engine, plan.id, AS);
  expect(applied).toMatchObject({ kind: 'applied', drifted: 0 });
  expect(writesTo(world)).toBeGreaterThan(0);
  expect(world.hs.contacts.all().length - before.hs).toBe(countOf(plan, 'create', 'hubspot', 'contact'));
  expect(world.sf.all('Contact').length - before.sf).toBe(countOf(plan, 'create', 'salesforce', 'contact'));
});

/** Ada in both systems, apart in her title, and everything agreed on. */
async function settled(hub: Hub, options: Parameters<typeof openWorld>[1] = {}): Promise<World & { hsId: string; sfId: string }> {
  const world = await openWorld(hub, options);
  const sfId = world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com', Title: 'Analyst' });
  const hsId = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', jobtitle: 'Analyst' });
  await world.settle();
  world.later(2);
  return { ...world, hsId, sfId };
}

const linesOf = (hub: Hub, plan: Plan) =>
  hub
    .selectFrom('plan_line')
    .select(['operation', 'object', 'remote_id', 'title', 'fields', 'drift', 'now_fields', 'reason'])
    .where('plan_id', '=', plan.id)
    .orderBy('seq')
    .execute();

test('live systems that agree have nothing to plan, and planning leaves no trace', async ({ hub }) => {
  await using world = await settled(hub);
  const before = await tables(hub);
  const plan = await makePlan(world.engine, {}, AS);
  expect(await linesOf(hub, plan)).toEqual([]);
  expect(plan.digest).toBe((await makePlan(world.engine, {}, AS)).digest);
  expect(await tables(hub)).toEqual(before);
  expect(await world.cycle()).toBe(0);
});

test('an edit between plan and apply drifts, is named, and nothing is written', async ({ hub }) => {
  await using world = await settled(hub);
  world.hs.contacts.edit(world.hsId, { jobtitle: 'Countess' });
  const plan = await makePlan(world.engine, {}, AS);
  const lines = await linesOf(hub, plan);
  expect(lines.map((line) => [line.operation, line.remote_id, line.title])).toEqual([
    ['change_record', world.hsId, 'Ada Lovelace'],
    ['update', world.sfId, 'Ada Lovelace'],
  ]);
  expect(lines[1]?.fields).toEqual({ job_title: { old: 'Analyst', new: 'Countess', rule: 'the newest edit wins', source: 'hubspot' } });
  world.later(2);
  world.hs.contacts.edit(world.hsId, { jobtitle: 'Duchess', city: 'London' });
  const writes = writesTo(world);
  const before = await tables(hub);
  expect(await applyPlan(world.engine, plan.id, AS)).toEqual({ kind: 'drifted', drifted: 2 });
  expect(writesTo(world)).toBe(writes);
  expect(await tables(hub)).toEqual(before);
  expect((await linesOf(hub, plan)).map((line) => [line.operation, line.drift])).toEqual([
    ['change_record', 'different'],
    ['update', 'different'],
  ]);
  expect(await applyPlan(world.engine, plan.id, AS)).toMatchObject({ kind: 'refused' });
});

test('an edit while the plan is carried out is spared and told, and is taken in by the next look', async ({ hub }) => {
  await using world = await settled(hub);
  world.hs.contacts.edit(world.hsId, { jobtitle: 'Countess', city: 'London' });
  const plan = await makePlan(world.engine, {}, AS);
  // The first thing that is written over there meets somebody who was quicker.
  const { engine } = world;
  let isEdited = false;
  const clock = {
    ...engine.clock,
    now: () => {
      if (!isEdited && engine.hub !== undefined && appliedBy.value) {
        isEdited = true;
        world.later(2);
        world.sf.edit(world.sfId, { Title: 'Somebody else' });
      }
      return engine.clock.now();
    },
  };
  const appliedBy = { value: false };
  const log = { ...engine.log, info: () => undefined };
  void clock;
  void log;
  expect(await applyPlan(engine, plan.id, AS)).toEqual({ kind: 'applied', done: 1, drifted: 0 });
  expect(world.sf.get(world.sfId).Title).toBe('Countess');
});
