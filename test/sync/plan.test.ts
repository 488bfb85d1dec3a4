import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { openPlans, type Plan, wantApplied } from '../../src/hub/plans/plans.ts';
import { planLines } from '../../src/hub/views/plans.ts';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { beginPlan, makePlan } from '../../src/sync/plan/plan.ts';
import { workOnPlan } from '../../src/sync/plan/work-on-plan.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';
import { openWorld, remapLine, type World } from './world.ts';

const AS = {
  actor: 'test',
  get signal(): AbortSignal {
    return AbortSignal.timeout(60_000);
  },
};
const BOTH = { streams: [{ connection: 'hubspot' }, { connection: 'salesforce' }] };

/** Two CRMs that are connected, and switched off. */
async function openOff(hub: Hub, people: number): Promise<World> {
  const world = await openWorld(hub, { people });
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, false);
  return world;
}

/** Requests that change something over there: searches and several reads in one go by POST, which change nothing. */
const READS = /^GET |\/(search|read|token|composite\/batch)$/;
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
  const withEmail = await planLines(hub, plan.id, { wanted: { field: 'email' }, after: 0, limit: 10_000 });
  expect(withEmail.length).toBeGreaterThan(0);
  expect(plan.summary?.touched).toContainEqual({ field: 'email', records: withEmail.length });
  expect(await tables(hub)).toEqual({ record: '0', link: '0', change: '0', hold: '0', identity: '0', delivery: '0' });
  const before = { hs: world.hs.contacts.all().length, sf: world.sf.all('Contact').length };
  const applied = await applyPlan(world.engine, plan.id, AS);
  expect(applied).toMatchObject({ kind: 'applied', drifted: 0 });
  expect(writesTo(world)).toBeGreaterThan(0);
  expect(world.hs.contacts.all().length - before.hs).toBe(countOf(plan, 'create', 'hubspot', 'contact'));
  expect(world.sf.all('Contact').length - before.sf).toBe(countOf(plan, 'create', 'salesforce', 'contact'));
  const done = await hub
    .selectFrom('delivery')
    .select(['verb', (e) => e.fn.countAll<string>().as('n')])
    .groupBy('verb')
    .execute();
  for (const { verb, n } of done) expect([verb, Number(n)]).toEqual([verb, countOf(plan, verb)]);
  const after = await makePlan(world.engine, {}, AS);
  expect(must(after.summary, 'a summary').counts.filter(({ operation }) => operation !== 'unchanged')).toEqual([]);
  expect(await world.settle()).toBe(0);
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

const UPDATES = 'PATCH /services/data/*/composite/sobjects';

test('what is interrupted between the commit and the writes goes on, and who was quicker is spared and told', async ({ hub }) => {
  await using world = await settled(hub);
  const eveId = world.sf.create('Contact', { FirstName: 'Eve', LastName: 'Moneypenny', Email: 'eve@example.com', Title: 'Assistant' });
  await world.settle();
  world.later(2);
  const [eve] = world.inHubspot('email', 'eve@example.com');
  world.hs.contacts.edit(world.hsId, { jobtitle: 'Countess' });
  world.hs.contacts.edit(must(eve, 'Eve').id, { jobtitle: 'Secretary' });
  const plan = await makePlan(world.engine, {}, AS);
  world.sandbox('salesforce').fail({ on: UPDATES, answer: 503, times: 1 });
  expect(await applyPlan(world.engine, plan.id, AS)).toMatchObject({ kind: 'waiting' });
  expect((await hub.selectFrom('plan').select('state').where('id', '=', plan.id).executeTakeFirstOrThrow()).state).toBe('applying');
  // It has been carried on for a while when the next worker finds it, and somebody has changed one of the two over there.
  world.later(2);
  world.sf.edit(world.sfId, { Title: 'Somebody else' });
  await world.age(60);
  await sql`update stream set observed_at = now() - interval '1 minute'`.execute(hub);
  expect(await applyPlan(world.engine, plan.id, AS)).toEqual({ kind: 'applied', done: 1, drifted: 1 });
  expect(world.sf.get(eveId).Title).toBe('Secretary');
  expect(world.sf.get(world.sfId).Title).toBe('Somebody else');
  const drifted = (await linesOf(hub, plan)).filter((line) => line.drift !== null);
  expect(drifted.map((line) => [line.operation, line.remote_id, line.drift])).toEqual([['update', world.sfId, 'gone']]);
  expect(await applyPlan(world.engine, plan.id, AS)).toMatchObject({ kind: 'refused' });
  await world.settle();
  expect(world.hs.contacts.get(world.hsId)?.properties.jobtitle).toBe('Somebody else');
});

test('all that a plan does is one run, with its plan and who wanted it', async ({ hub }) => {
  await using world = await settled(hub);
  world.hs.contacts.edit(world.hsId, { jobtitle: 'Countess' });
  const plan = await makePlan(world.engine, {}, AS);
  expect(await applyPlan(world.engine, plan.id, AS)).toEqual({ kind: 'applied', done: 1, drifted: 0 });
  const runs = await hub.selectFrom('run').select(['id', 'actor', 'plan_id', 'ended_at']).where('kind', '=', 'apply').execute();
  expect(runs).toMatchObject([{ actor: 'test', plan_id: plan.id }]);
  expect(runs[0]?.ended_at).not.toBeNull();
  const run = must(runs[0], 'the run').id;
  const changes = await hub.selectFrom('change').select('fields').where('run_id', '=', run).execute();
  expect(changes.map((change) => Object.keys(change.fields))).toEqual([['job_title']]);
  const deliveries = await hub.selectFrom('delivery').select('remote_id').where('run_id', '=', run).execute();
  expect(deliveries.map((one) => one.remote_id)).toEqual([world.sfId]);
});

test('another mapping of live systems shows exactly what it changes, and is not applied under the old one', async ({ hub }) => {
  await using world = await settled(hub, { remap: remapLine('city', { direction: 'off' }) });
  world.hs.contacts.edit(world.hsId, { city: 'London', jobtitle: 'Countess' });
  await world.settle();
  world.later(2);
  const shipped = (await openEngine(hub)).mappings;
  const other = { ...world.engine, mappings: remapLine('owner_email', { direction: 'off' })(shipped) };
  const before = await tables(hub);
  const plan = await makePlan(other, {}, AS);
  const lines = await linesOf(hub, plan);
  expect(
    lines.map((line) => [
      line.operation,
      line.remote_id,
      Object.entries(line.fields).map(([name, { old, new: next }]) => [name, old, next]),
    ]),
  ).toEqual([
    ['change_record', world.hsId, [['city', null, 'London']]],
    ['update', world.sfId, [['city', null, 'London']]],
  ]);
  expect(await tables(hub)).toEqual(before);
  expect(await world.cycle()).toBe(0);
  const refused = await applyPlan(world.engine, plan.id, AS);
  expect(refused).toMatchObject({ kind: 'refused' });
  expect(JSON.stringify(refused)).toContain('hubspot.contact, salesforce.contact');
  expect(await applyPlan(other, plan.id, AS)).toEqual({ kind: 'applied', done: 1, drifted: 0 });
  expect(world.sf.get(world.sfId).MailingCity).toBe('London');
});

test('keys that two records of one system share are named', async ({ hub }) => {
  await using world = await openOff(hub, 0);
  const ids = ['Jo', 'Jim'].map((firstname) =>
    world.hs.contacts.add({
      ...(firstname === 'Jo' ? { email: 'j@example.com' } : {}),
      firstname,
      lastname: 'Doe',
      mobilephone: '+49 170 1234567',
    }),
  );
  const plan = await makePlan(world.engine, BOTH, AS);
  expect(plan.summary?.nonUnique).toEqual([
    { connection: 'hubspot', object: 'contact', key: { mobile_phone: '+49 170 1234567', last_name: 'Doe' }, remoteIds: ids },
  ]);
  expect(plan.summary?.nonUniqueKeys).toBe(1);
});

test('a system that is asked for and cannot be read fails the plan, with the reason', async ({ hub }) => {
  await using world = await openOff(hub, 5);
  world.sandbox('hubspot').fail({ on: 'GET *', answer: 403 });
  const plan = await makePlan(world.engine, BOTH, AS);
  expect([plan.state, plan.summary]).toEqual(['failed', null]);
  expect(plan.error).toMatch(/\.$/);
  await expect(makePlan(world.engine, { streams: [{ connection: 'nobody' }] }, AS)).rejects.toThrow('There is no connection "nobody".');
  await expect(makePlan(world.engine, {}, AS)).rejects.toThrow('No connection is switched on');
});

test('a shadow is read and reported on, writes nothing for ever, and goes live by its plan', { timeout: 60_000 }, async ({ hub }) => {
  await using world = await openOff(hub, 20);
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, true);
  await setEnabled(world.engine, 'salesforce', 'shadow');
  await world.settle();
  const reports = () => hub.selectFrom('plan').select(['id', 'state', 'asked']).orderBy('id').execute();
  const work = async () => {
    for (const { id } of await reports()) await workOnPlan(world.engine, id, AS.signal);
  };
  await work();
  const first = await reports();
  expect(first.map(({ state, asked }) => [state, asked.kind, asked.streams.map((one) => one.object)]).toSorted()).toEqual([
    ['ready', 'shadow', ['company']],
    ['ready', 'shadow', ['contact']],
    ['ready', 'shadow', ['feedback']],
  ]);
  const linked = async () =>
    Number(
      (
        await sql<{
          n: string;
        }>`select count(*) as n from link l join connection c on c.id = l.connection_id where c.name = 'salesforce'`.execute(hub)
      ).rows[0]?.n,
    );
  expect([await linked(), writesTo(world)]).toEqual([0, 0]);
  world.later(2);
  world.sf.create('Contact', { FirstName: 'New', LastName: 'Comer', Email: 'new@example.com' });
  await world.settle();
  await work();
  const second = await reports();
  expect(second).toHaveLength(3);
  expect([await linked(), writesTo(world)]).toEqual([0, 0]);
  const company = must(
    second.find(({ asked }) => asked.streams[0]?.object === 'company'),
    'the report on companies',
  );
  expect(await applyPlan(world.engine, company.id, AS)).toMatchObject({ kind: 'applied', drifted: 0 });
  expect(await linked()).toBeGreaterThan(0);
});

test('a worker finds a plan that waits, and one that somebody wants applied', async ({ hub }) => {
  await using world = await settled(hub);
  world.hs.contacts.edit(world.hsId, { jobtitle: 'Countess' });
  const begun = await beginPlan(world.engine, {}, 'somebody');
  const id = begun.ok ? begun.id : '';
  expect(await openPlans(hub)).toEqual([id]);
  await workOnPlan(world.engine, id, AS.signal);
  expect(await openPlans(hub)).toEqual([]);
  expect(world.sf.get(world.sfId).Title).toBe('Analyst');
  expect(await wantApplied(hub, id, 'admin')).toBe(true);
  expect(await openPlans(hub)).toEqual([id]);
  await workOnPlan(world.engine, id, AS.signal);
  expect(await openPlans(hub)).toEqual([]);
  expect(world.sf.get(world.sfId).Title).toBe('Countess');
  expect((await hub.selectFrom('run').select('actor').where('kind', '=', 'apply').executeTakeFirstOrThrow()).actor).toBe('admin');
});
