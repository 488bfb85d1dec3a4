import { sql } from 'kysely';
import { expect } from 'vitest';
import { findConnection, listStreams } from '../../../src/hub/connections/connections.ts';
import { setStream } from '../../../src/hub/connections/set-stream.ts';
import { readAllowance, setDailyShare } from '../../../src/hub/limits/allowances.ts';
import { dayOf } from '../../../src/hub/limits/day.ts';
import { must } from '../../../src/kernel/must.ts';
import type { Engine } from '../../../src/sync/engine.ts';
import { tend } from '../../../src/sync/tend.ts';
import { CLAIM } from '../../../src/sync/writing/claim.ts';
import { test } from '../../support/database.ts';
import { openWorld, type World } from '../world.ts';

const signal = AbortSignal.timeout(120_000);
const MANY = 4_000;
/** A page that is under way, what is left of a lot of five, the look, the write, and their associations. */
const CALLS_UNTIL_SENT = 8;

const idOf = async (world: World, name: string): Promise<string> => must(await findConnection(world.hub, name), name).id;

/** The paces of the product, where the tests of other things have none. */
const paced = (world: World): Engine => ({ ...world.engine, paces: new Map(), opened: new Map() });

async function setCompanies(world: World, enabled: boolean): Promise<void> {
  for (const stream of await listStreams(world.hub, { connectionId: await idOf(world, 'hubspot') }))
    if (stream.object === 'company') await setStream(world.hub, stream.id, { enabled });
}

async function isLoaded(world: World): Promise<boolean> {
  const streams = await listStreams(world.hub, { connectionId: await idOf(world, 'hubspot') });
  return streams.every((stream) => stream.backfilled || !stream.enabled);
}

test('while thousands of records are loaded, an edit on the other side arrives within some calls', async ({ hub }) => {
  await using world = await openWorld(hub);
  await setCompanies(world, false);
  world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  for (let nth = 0; nth < MANY; nth += 1) world.hs.companies.add({ name: `Company ${nth}`, domain: `c${nth}.example.com` });
  await setCompanies(world, true);
  const [hubspot, salesforce] = [await idOf(world, 'hubspot'), await idOf(world, 'salesforce')];
  const portal = world.sandbox('hubspot');
  const title = () => world.hs.contacts.all()[0]?.properties.jobtitle;

  let edited: Promise<number> | null = null;
  let sentAfter: number | null = null;
  let readWhenSent = 0;
  const edit = async (): Promise<number> => {
    world.later(5);
    world.sf.edit(must(world.sf.all('Contact')[0], 'Ada').Id, { Title: 'Countess' });
    await tend(engine, salesforce, { signal, look: () => true });
    return portal.calls();
  };
  const engine: Engine = {
    ...paced(world),
    live: (event) => {
      if (event.event !== 'progress' || event.connectionId !== hubspot) return;
      if (event.object === 'company' && event.phase === 'reading' && event.done >= 1_000) edited ??= edit();
      if (event.object === 'company' && event.phase === 'reading' && sentAfter === null) readWhenSent = event.done;
      if (title() === 'Countess') sentAfter ??= portal.calls();
    },
  };
  let rounds = 0;
  while (!(await isLoaded(world))) {
    rounds += 1;
    await tend(engine, hubspot, { signal });
  }
  expect(readWhenSent).toBeGreaterThanOrEqual(1_000);
  expect(readWhenSent).toBeLessThan(MANY);
  expect(Number(sentAfter) - Number(await edited)).toBeLessThanOrEqual(CALLS_UNTIL_SENT);
  // Nothing was read twice or left out for it.
  const { rows } = await sql<{
    n: string;
  }>`select count(*) as n from observation where connection_id = ${hubspot} and object = 'company'`.execute(hub);
  expect(Number(rows[0]?.n)).toBe(MANY);
  expect(rounds).toBeLessThan(8);
});

test('a first load that nobody disturbs is read in one go, and its own writes do not hold it up', async ({ hub }) => {
  await using world = await openWorld(hub, { people: 700 });
  const engine = paced(world);
  await tend(engine, await idOf(world, 'salesforce'), { signal });
  await tend(engine, await idOf(world, 'hubspot'), { signal });
  expect(await isLoaded(world)).toBe(true);
  const runs = await hub.selectFrom('run').select('stream_id').where('kind', '=', 'first_load').execute();
  expect(new Set(runs.map(({ stream_id }) => stream_id)).size).toBe(runs.length);
});

test('what a first load brings is sent after what somebody waits for', async ({ hub }) => {
  await using world = await openWorld(hub);
  world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  const contacts = sql`connection_id = ${await idOf(world, 'salesforce')} and object = 'contact'`;
  await sql`update stream set enabled = false where ${contacts}`.execute(hub);
  const ada = must(world.hs.contacts.all()[0], 'Ada').id;
  // So many that they do not go out in one go.
  for (let nth = 0; nth < CLAIM + 100; nth += 1)
    world.hs.contacts.add({ email: `p${nth}@example.com`, firstname: `P${nth}`, lastname: `New ${nth}` });
  world.hs.contacts.edit(ada, { jobtitle: 'Countess' });
  await tend(world.engine, await idOf(world, 'hubspot'), { signal, look: () => true });
  await sql`update stream set enabled = true, placed = false where ${contacts}`.execute(hub);
  await sql`update record set dirty = true where fields ->> 'email' = 'ada@example.com'`.execute(hub);
  const order: string[] = [];
  const before = world.sf.all('Contact').length;
  await tend(
    {
      ...world.engine,
      live: (event) => {
        if (event.event !== 'progress' || event.phase !== 'writing') return;
        if (world.inSalesforce('Title', 'Countess').length > 0) order.push('edit');
        if (world.sf.all('Contact').length > before) order.push('load');
      },
    },
    await idOf(world, 'salesforce'),
    { signal, look: () => false },
  );
  expect(order[0]).toBe('edit');
  expect(order).toContain('load');
});

test('a share that is used up stops the connection with the reason and the time, without a call more, and a larger one lets it go on', async ({
  hub,
}) => {
  await using world = await openWorld(hub, { switches: { hubspot: { dailyLimit: 60 } } });
  const hubspot = await idOf(world, 'hubspot');
  await setDailyShare(hub, hubspot, 10);
  const engine = paced(world);
  const portal = world.sandbox('hubspot');
  const before = portal.calls();
  let stopped = null;
  for (let times = 0; times < 12 && stopped === null; times += 1)
    stopped = (await tend(engine, hubspot, { signal, look: () => true }))?.error ?? null;
  expect(stopped).toMatchObject({ kind: 'quota_spent', code: 'SHARE_SPENT' });
  expect(portal.calls() - before).toBe(6);

  const row = await hub
    .selectFrom('connection')
    .select(['state', 'cause', 'reason', 'resume_at', 'lease_until'])
    .where('id', '=', hubspot)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ state: 'waiting', cause: 'share_spent', reason: expect.stringContaining('10 % of 60 calls') });
  const day = await dayOf(hub, hubspot, must(await readAllowance(hub, hubspot), 'the allowance'));
  expect(day).toMatchObject({ max: 60, ours: 6, share: 6, percent: 10 });
  expect(Math.abs(must(row.resume_at, 'when').getTime() - Date.parse(day.resetsAt))).toBeLessThan(5_000);
  // At midnight in Berlin, where the portal says that it is.
  expect(new Date(day.resetsAt).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })).toBe('00:00:00');
  expect(must(await findConnection(hub, hubspot), 'hs').waitMs).toBeGreaterThan(0);
  expect(Number(row.lease_until)).toBe(Number.NEGATIVE_INFINITY);

  await setDailyShare(hub, hubspot, 50);
  expect(must(await findConnection(hub, hubspot), 'hs').waitMs).toBe(0);
  expect((await tend(engine, hubspot, { signal, look: () => true }))?.error).toBeNull();
});

test("others' calls leave the hub less of the day, as every answer tells, and it stops before anything is refused", async ({ hub }) => {
  await using world = await openWorld(hub, { switches: { salesforce: { dailyLimit: 400 } } });
  const salesforce = await idOf(world, 'salesforce');
  const engine = paced(world);
  expect((await tend(engine, salesforce, { signal, look: () => true }))?.error).toBeNull();
  world.sf.callElsewhere(395 - world.sandbox('salesforce').calls());
  let stopped = null;
  for (let times = 0; times < 12 && stopped === null; times += 1)
    stopped = (await tend(engine, salesforce, { signal, look: () => true }))?.error ?? null;
  expect(stopped).toMatchObject({ kind: 'quota_spent', code: 'DAY_SPENT' });
  const day = await dayOf(hub, salesforce, must(await readAllowance(hub, salesforce), 'the allowance'));
  expect(day.ours + day.others).toBeLessThanOrEqual(400);
  expect(day.others).toBeGreaterThan(300);
});

test('before the share is used up a first load and sweeps rest, and edits still come through', async ({ hub }) => {
  await using world = await openWorld(hub, { switches: { hubspot: { dailyLimit: 10_000 } } });
  await setCompanies(world, false);
  world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  const [hubspot, salesforce] = [await idOf(world, 'hubspot'), await idOf(world, 'salesforce')];
  // Searches tell of no limits; the next look at the schema does.
  await sql`update stream set schema_at = null`.execute(hub);
  const engine = paced(world);
  await tend(engine, hubspot, { signal, look: () => true });
  // The part of a day that is left for edits has begun.
  await sql`update usage set calls = 4600 where connection_id = ${hubspot}`.execute(hub);
  for (let nth = 0; nth < 300; nth += 1) world.hs.companies.add({ name: `Company ${nth}`, domain: `c${nth}.example.com` });
  await setCompanies(world, true);
  await sql`update stream set sweep_at = now() where connection_id = ${hubspot} and object = 'contact'`.execute(hub);
  world.sf.edit(must(world.sf.all('Contact')[0], 'Ada').Id, { Title: 'Countess' });
  await tend(engine, salesforce, { signal, look: () => true });
  expect((await tend(engine, hubspot, { signal, look: () => true }))?.error).toBeNull();

  expect(world.hs.contacts.all()[0]?.properties.jobtitle).toBe('Countess');
  expect(await isLoaded(world)).toBe(false);
  const streams = await listStreams(hub, { connectionId: hubspot });
  expect(streams.every(({ sweepInMs }) => sweepInMs > 0)).toBe(true);
  expect(must(await findConnection(hub, hubspot), 'hs').sparedMs).toBeGreaterThan(0);
});

test('a sweep gives way to an edit and goes on after it, without looking at anything twice', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (let nth = 0; nth < 1_200; nth += 1) world.hs.companies.add({ name: `Company ${nth}`, domain: `c${nth}.example.com` });
  world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await sql`update stream set direction = 'in' where object = 'company'`.execute(hub);
  await world.settle();
  const [hubspot, salesforce] = [await idOf(world, 'hubspot'), await idOf(world, 'salesforce')];
  world.later(5);
  world.sf.edit(must(world.sf.all('Contact')[0], 'Ada').Id, { Title: 'Countess' });
  await tend(world.engine, salesforce, { signal, look: () => true });
  await sql`update stream set sweep_at = now() where connection_id = ${hubspot} and object = 'company'`.execute(hub);
  const isSwept = async () =>
    (await listStreams(hub, { connectionId: hubspot })).every(({ object, sweepInMs }) => object !== 'company' || sweepInMs > 0);
  await tend(world.engine, hubspot, { signal, look: () => false });
  expect(world.hs.contacts.all()[0]?.properties.jobtitle).toBe('Countess');
  expect(await isSwept()).toBe(false);
  const calls = world.sandbox('hubspot').calls();
  await tend(world.engine, hubspot, { signal, look: () => false });
  expect(await isSwept()).toBe(true);
  // Twelve pages, of which five were read before; each may bring its associations.
  expect(world.sandbox('hubspot').calls() - calls).toBeLessThanOrEqual(9);
  const { rows } = await sql<{
    n: string;
  }>`select count(*) as n from run r join stream s on s.id = r.stream_id where r.kind = 'sweep' and s.object = 'company' and s.connection_id = ${hubspot} and r.error is not null`.execute(
    hub,
  );
  expect(Number(rows[0]?.n)).toBe(0);
});
