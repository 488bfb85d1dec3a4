import { sql } from 'kysely';
import { expect } from 'vitest';
import type { AnyPort, Connector } from '../../src/contract/connector.ts';
import type { Hub } from '../../src/hub/database.ts';
import { findPlan, openPlans, type Steering, steerPlan } from '../../src/hub/plans/plans.ts';
import { planProgress } from '../../src/hub/plans/progress.ts';
import { must } from '../../src/kernel/must.ts';
import { actOnFailures } from '../../src/sync/failures/dead-letters.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { workOnPlan } from '../../src/sync/plan/work-on-plan.ts';
import { undo } from '../../src/sync/undo/undo.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const AS = {
  actor: 'test',
  get signal(): AbortSignal {
    return AbortSignal.timeout(60_000);
  },
};
const PEOPLE = ['Ada', 'Eve', 'Joe', 'Kim', 'Lea', 'Max'] as const;
const OLD = 'Analyst';
const NEW = 'Countess';

/** What happens around one call that writes to Salesforce: before it, or when it was done and nobody has heard of it yet. */
type Around = { before?: () => Promise<void>; after?: () => Promise<void> };
type Staged = World & { readonly planId: string; readonly around: Around; readonly sfIds: readonly string[] };

/** Six people whose title was edited in HubSpot, the plan that carries it over, and a Salesforce that takes two writes a call. */
async function planned(hub: Hub): Promise<Staged> {
  const around: Around = {};
  const world = await openWorld(hub, {
    around: (connector) => (connector.manifest.id === 'salesforce' ? byTwos(connector, around) : connector),
  });
  const sfIds = PEOPLE.map((FirstName) =>
    world.sf.create('Contact', { FirstName, LastName: 'Doe', Email: `${FirstName}@example.com`, Title: OLD }),
  );
  await world.settle();
  world.later(2);
  for (const contact of world.hs.contacts.all()) world.hs.contacts.edit(contact.id, { jobtitle: NEW });
  const plan = await makePlan(world.engine, {}, AS);
  expect(plan.summary?.counts.filter(({ operation }) => operation === 'update')).toMatchObject([{ records: PEOPLE.length }]);
  return { ...world, planId: plan.id, around, sfIds };
}

function byTwos(connector: Connector, around: Around): Connector {
  const { contact, ...others } = connector.manifest.objects;
  const own = must(contact, 'contacts');
  const objects = { ...others, contact: { ...own, write: { ...must(own.write, 'writes'), batchMax: 2 } } };
  const watched = (port: AnyPort): AnyPort => {
    const { write } = port;
    if (write === undefined) return port;
    const apply: typeof write.apply = async (writes, ask) => {
      await around.before?.();
      const outcomes = await write.apply(writes, ask);
      await around.after?.();
      return outcomes;
    };
    return { ...port, write: { ...write, apply } };
  };
  return {
    ...connector,
    manifest: { ...connector.manifest, objects },
    open: (session) => {
      const ports = connector.open(session);
      return { ...ports, objects: { ...ports.objects, contact: watched(must(ports.objects.contact, 'the port of contacts')) } };
    },
  };
}

const titles = (world: Staged): readonly unknown[] => world.sfIds.map((id) => world.sf.get(id).Title).toSorted();
const written = (world: Staged): number => titles(world).filter((title) => title === NEW).length;
const steer = (hub: Hub, { planId }: Staged, steering: Steering) => steerPlan(hub, planId, steering, 'somebody');

/** Whoever does it, it happens from another process, while the first call of the plan is under way. */
function onFirstCall(world: Staged, act: () => Promise<unknown>): void {
  world.around.before = async () => {
    delete world.around.before;
    await act();
  };
}

async function planOf(hub: Hub, { planId }: Staged) {
  const plan = must(await findPlan(hub, planId), 'the plan');
  return { state: plan.state, applied: plan.summary?.applied, ...(await planProgress(hub, plan)) };
}

test('a pause lets what is under way end, and nobody writes more of the plan; all else flows on, and resuming does the rest once', async ({
  hub,
}) => {
  await using world = await planned(hub);
  onFirstCall(world, () => steer(hub, world, 'pause'));
  expect(await applyPlan(world.engine, world.planId, AS)).toEqual({ kind: 'paused' });
  expect(written(world)).toBe(2);
  expect(await planOf(hub, world)).toMatchObject({
    state: 'paused',
    progress: {
      total: 6,
      done: 2,
      underWay: 0,
      secondsLeft: null,
      systems: [{ connection: 'salesforce', total: 6, done: 2, reason: null }],
    },
  });
  expect(await openPlans(hub)).toEqual([]);
  expect(await applyPlan(world.engine, world.planId, AS)).toMatchObject({ kind: 'refused' });
  world.later(2);
  const zoe = world.hs.contacts.add({ email: 'zoe@example.com', firstname: 'Zoe', lastname: 'Roe', jobtitle: 'Pilot' });
  expect(await world.settle()).toBe(1);
  expect(world.inSalesforce('Email', 'zoe@example.com')).toMatchObject([{ Title: 'Pilot' }]);
  expect(world.hs.contacts.get(zoe)?.archived ?? false).toBe(false);
  expect(written(world)).toBe(2);
  expect(await steer(hub, world, 'resume')).toBe(true);
  expect(await openPlans(hub)).toEqual([world.planId]);
  await workOnPlan(world.engine, world.planId, AS.signal);
  expect(titles(world)).toEqual(PEOPLE.map(() => NEW));
  expect(await planOf(hub, world)).toMatchObject({ state: 'applied', applied: { done: 6, drifted: 0 }, progress: null });
  expect(await world.settle()).toBe(0);
  expect(await steer(hub, world, 'pause')).toBe(false);
});

test('what is cancelled stays as far as it was done, says so, and is written after all when somebody retries it', async ({ hub }) => {
  await using world = await planned(hub);
  onFirstCall(world, () => steer(hub, world, 'cancel'));
  expect(await applyPlan(world.engine, world.planId, AS)).toEqual({ kind: 'cancelled', done: 2, left: 4 });
  expect(await world.settle()).toBe(0);
  expect(written(world)).toBe(2);
  expect(await planOf(hub, world)).toMatchObject({ state: 'cancelled', applied: { done: 2, drifted: 4 }, progress: null });
  const { rows } = await sql<{
    error: unknown;
    ended: boolean;
  }>`select error, ended_at is not null as ended from run where kind = 'apply'`.execute(hub);
  expect(rows).toEqual([{ error: { kind: 'cancelled', message: 'somebody cancelled it: 2 of 6 writes were done by then' }, ended: true }]);
  const { rows: aside } = await sql`select reason from link where cause = 'apply_cancelled'`.execute(hub);
  expect(aside).toEqual(Array.from({ length: 4 }, () => ({ reason: 'somebody cancelled the plan that would have written it' })));
  expect(await actOnFailures(world.engine, { cause: 'apply_cancelled' }, 'retry', 'test')).toBe(4);
  expect(await world.settle()).toBe(4);
  expect(titles(world)).toEqual(PEOPLE.map(() => NEW));
});

test('undoing a cancelled plan takes back what it did, and what it left undone stays undone', async ({ hub }) => {
  await using world = await planned(hub);
  onFirstCall(world, () => steer(hub, world, 'pause'));
  await applyPlan(world.engine, world.planId, AS);
  const runId = must((await planOf(hub, world)).runId, 'the run');
  expect(await undo(world.engine, { run: runId }, AS)).toMatchObject({ refused: expect.stringContaining('still going on') });
  await steer(hub, world, 'cancel');
  expect(await applyPlan(world.engine, world.planId, AS)).toMatchObject({ kind: 'cancelled', done: 2 });
  world.later(2);
  expect(await undo(world.engine, { run: runId }, AS)).toMatchObject({ counts: { records: PEOPLE.length } });
  await world.settle();
  expect(titles(world)).toEqual(PEOPLE.map(() => OLD));
  expect(world.hs.contacts.all().map(({ properties }) => properties.jobtitle)).toEqual(PEOPLE.map(() => OLD));
  expect(await world.settle()).toBe(0);
});

const DEATHS = (['pause', 'cancel'] as const).flatMap((steering) => (['before', 'after'] as const).map((moment) => ({ steering, moment })));

test.for(DEATHS)(
  'a process that dies $moment its writes arrive, while somebody wants to $steering, changes nothing of it',
  async ({ steering, moment }, { hub }) => {
    await using world = await planned(hub);
    world.around[moment] = async () => {
      delete world.around[moment];
      await steer(hub, world, steering);
      throw new Error('killed');
    };
    await expect(applyPlan(world.engine, world.planId, AS)).rejects.toThrow('killed');
    expect(await planOf(hub, world)).toMatchObject({ progress: { done: 0, underWay: 2 } });
    const arrived = moment === 'after' ? 2 : 0;
    expect(written(world)).toBe(arrived);
    if (steering === 'cancel') {
      await workOnPlan(world.engine, world.planId, AS.signal);
      expect(await planOf(hub, world)).toMatchObject({ state: 'cancelled', applied: { done: arrived, drifted: 6 - arrived } });
      expect(await world.settle()).toBe(0);
      expect(written(world)).toBe(arrived);
      return;
    }
    await world.settle();
    expect(written(world)).toBe(arrived);
    expect(await planOf(hub, world)).toMatchObject({ state: 'paused', progress: { done: arrived, underWay: 0 } });
    await steer(hub, world, 'resume');
    await workOnPlan(world.engine, world.planId, AS.signal);
    expect(await planOf(hub, world)).toMatchObject({ state: 'applied', applied: { done: 6, drifted: 0 } });
    expect(titles(world)).toEqual(PEOPLE.map(() => NEW));
    expect(await world.settle()).toBe(0);
  },
);
