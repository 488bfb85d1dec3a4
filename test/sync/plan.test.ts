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

const WRITES = /^(POST|PATCH|PUT|DELETE) .*(create|update|archive|composite|sobjects)/;
const writesTo = (world: World): number =>
  ['hubspot', 'salesforce'].reduce(
    (sum, id) => sum + [...world.sandbox(id).requests].filter(([name]) => WRITES.test(name)).reduce((n, [, times]) => n + times, 0),
    0,
  );

const countOf = (plan: Plan, operation: string, connection?: string, object?: string): number =>
  must(plan.summary, 'a summary').counts
    .filter((one) => one.operation === operation && (connection === undefined || one.connection === connection) && (object === undefined || one.object === object))
    .reduce((sum, one) => sum + one.records, 0);

async function tables(hub: Hub): Promise<Record<string, string>> {
  const { rows } = await sql<{ t: string; n: string }>`
    select 'record' as t, count(*)::text as n from record union all select 'link', count(*)::text from link union all select 'change', count(*)::text from change
    union all select 'hold', count(*)::text from hold union all select 'identity', count(*)::text from identity union all select 'delivery', count(*)::text from delivery`.execute(hub);
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
  console.log(JSON.stringify(plan.summary, null, 1));
  const applied = await applyPlan(world.engine, plan.id, AS);
  expect(applied).toMatchObject({ kind: 'applied', drifted: 0 });
  expect(world.hs.contacts.all().length - before.hs).toBe(countOf(plan, 'create', 'hubspot', 'contact'));
  expect(world.sf.all('Contact').length - before.sf).toBe(countOf(plan, 'create', 'salesforce', 'contact'));
});
