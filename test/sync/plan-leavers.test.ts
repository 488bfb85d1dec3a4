import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import type { Plan } from '../../src/hub/plans/plans.ts';
import { planLines } from '../../src/hub/views/plans.ts';
import { must } from '../../src/kernel/must.ts';
import type { EntityMapping, LeavePolicy } from '../../src/mapping/mapping.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const AS = {
  actor: 'test',
  get signal(): AbortSignal {
    return AbortSignal.timeout(60_000);
  },
};
type People = World & { readonly ada: { hs: string; sf: string; id: string } };

/** Ada, who is an analyst, and Bob, who is none, in both systems. */
async function settled(hub: Hub): Promise<People> {
  const world = await openWorld(hub);
  const hs = world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace', jobtitle: 'Analyst' });
  world.hs.contacts.add({ email: 'bob@example.com', lastname: 'Boole', jobtitle: 'Logician' });
  await world.settle();
  world.later(2);
  const [there] = world.inSalesforce('Email', 'ada@example.com');
  const record = must(await world.record('ada@example.com'), 'Ada');
  return Object.assign(world, { ada: { hs, sf: String(there?.Id), id: record.id } });
}

/** The mappings of people with a filter that Ada is outside of. */
const filtered = (mappings: Mappings, side: 'in' | 'out', leaves: LeavePolicy): Mappings => {
  const when = { field: 'job_title', operator: 'is_not', value: 'Analyst' } as const;
  const gated = ({ gates, ...mapping }: EntityMapping): EntityMapping => ({
    ...mapping,
    gates: { ...gates, [side]: { ...gates[side], when, leaves } },
  });
  const change = (key: string, connector: string) => {
    const mapping = must(mappings.byStream.get(key), key);
    return mapping.kind === 'entity' && mapping.connector === connector && mapping.object === 'contact' ? gated(mapping) : mapping;
  };
  return { ...mappings, byStream: new Map([...mappings.byStream.keys()].map((key) => [key, change(key, 'salesforce')])) };
};

const shown = async (hub: Hub, plan: Plan) =>
  (await planLines(hub, plan.id, { wanted: {}, after: 0, limit: 100 })).map(({ operation, connection, remoteId, title, reason }) => ({
    operation,
    connection,
    remoteId,
    title,
    reason,
  }));

describe('a record that leaves a filter', () => {
  for (const [side, leaves, line] of [
    ['in', 'freeze', { operation: 'freeze', reason: 'salesforce shows it outside the filter for what comes in' }],
    ['out', 'freeze', { operation: 'freeze', reason: 'the filter for what goes out to salesforce does not cover it' }],
    ['out', 'unlink', { operation: 'unlink', reason: 'the filter for what goes out to salesforce does not cover it' }],
    [
      'out',
      'archive',
      { operation: 'delete', reason: 'the hub removed it there: the filter for what goes out to salesforce does not cover it' },
    ],
  ] as const) {
    test(`that what goes ${side} has to fulfil, under ${leaves}, is counted, shown with the reason, and done by apply`, async ({ hub }) => {
      await using world = await settled(hub);
      const engine = { ...world.engine, mappings: filtered(world.engine.mappings, side, leaves) };
      const plan = await makePlan(engine, {}, AS);
      expect(await shown(hub, plan)).toEqual([{ ...line, connection: 'salesforce', remoteId: world.ada.sf, title: 'Lovelace' }]);
      expect(plan.summary?.counts.filter(({ operation }) => operation !== 'unchanged')).toEqual([
        { connection: 'salesforce', object: 'contact', operation: line.operation, records: 1 },
      ]);
      const states = async () => (await world.links(world.ada.id)).map(({ connection, state }) => [connection, state]);
      expect(await states()).toEqual([
        ['hubspot', 'in_sync'],
        ['salesforce', 'in_sync'],
      ]);
      expect(await applyPlan(engine, plan.id, AS)).toEqual({ kind: 'applied', done: leaves === 'archive' ? 1 : 0, drifted: 0 });
      expect(await states()).toEqual([
        ['hubspot', 'in_sync'],
        ['salesforce', leaves === 'archive' ? 'gone' : 'excluded'],
      ]);
      expect(world.sf.get(world.ada.sf).IsDeleted).toBe(leaves === 'archive');
    });
  }

  test('in between is drift, and nothing is done', async ({ hub }) => {
    await using world = await settled(hub);
    const engine = { ...world.engine, mappings: filtered(world.engine.mappings, 'in', 'freeze') };
    const plan = await makePlan(engine, {}, AS);
    const [bob] = world.inSalesforce('Email', 'bob@example.com');
    world.sf.edit(String(must(bob, 'Bob').Id), { Title: 'Analyst' });
    expect(await applyPlan(engine, plan.id, AS)).toMatchObject({ kind: 'drifted' });
    const drifted = await planLines(hub, plan.id, { wanted: { drift: 'added' }, after: 0, limit: 10 });
    expect(drifted.map(({ operation, remoteId }) => [operation, remoteId])).toContainEqual(['freeze', bob?.Id]);
  });
});
