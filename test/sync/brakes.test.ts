import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import type { EntityMapping } from '../../src/mapping/mapping.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { reconcile } from '../../src/sync/reconciling/reconcile.ts';
import { archiveRecord } from '../../src/sync/steward/presence-by-hand.ts';
import { decide, type HoldDecision } from '../../src/sync/steward/steward.ts';
import { undo } from '../../src/sync/undo/undo.ts';
import { cycleOnce } from '../../src/sync/until-quiet.ts';
import { test, untilBlocked } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Policies = Partial<Pick<EntityMapping, 'removed' | 'merged' | 'gates'>>;

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

const PEOPLE = 70;

type Person = { readonly hs: string; readonly sf: string; readonly email: string };

/** People in both systems, in step. */
async function withPeople(world: World, count = PEOPLE): Promise<readonly Person[]> {
  for (let n = 0; n < count; n += 1) {
    world.hs.contacts.add({ email: `p${n}@example.com`, firstname: `First${n}`, lastname: `Last${n}`, jobtitle: 'Clerk', city: 'London' });
  }
  await world.settle();
  const there = new Map(world.sf.all('Contact').map((row) => [String(row.Email), row.Id]));
  return world.hs.contacts.all().map(({ id, properties }) => {
    const email = properties.email ?? '';
    return { hs: id, sf: there.get(email) ?? '', email };
  });
}

type Brake = {
  id: string;
  reason: string;
  detail: { what: string; count: number; limit: number; suspects: number; examples: readonly { recordId: string }[] };
  field: string | null;
};
const brakes = async (hub: Hub): Promise<readonly Brake[]> =>
  (await sql<Brake>`select id, reason, detail, field from hold where kind = 'brake' and closed_at is null order by id`.execute(hub)).rows;
const onlyBrake = async (hub: Hub): Promise<Brake> => {
  const [brake, ...others] = await brakes(hub);
  expect(others).toEqual([]);
  if (brake === undefined) throw new Error('no brake has tripped');
  return brake;
};
const settled = async (world: World, decision: HoldDecision) => {
  const brake = await onlyBrake(world.hub);
  expect(await decide(world.engine, brake.id, decision, 'operator:kim')).toBe('decided');
  await world.settle();
  expect(await brakes(world.hub)).toEqual([]);
};
const archivedRecords = async (hub: Hub): Promise<number> =>
  Number((await sql<{ n: string }>`select count(*) as n from record where archived_at is not null`.execute(hub)).rows[0]?.n);
const linkStates = async (hub: Hub, connection: string): Promise<Readonly<Record<string, number>>> => {
  const { rows } = await sql<{ state: string; n: number }>`
    select l.state, count(*)::int as n from link l join connection c on c.id = l.connection_id where c.name = ${connection} and l.object = 'contact' group by 1`.execute(
    hub,
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
};
const inHubspot = (world: World): number => world.hs.contacts.all().filter(({ archived }) => !archived).length;
const inSalesforce = (world: World): number => world.sf.all('Contact').filter((row) => !row.IsDeleted).length;
const titlesOf = (world: World): readonly unknown[] => [...new Set(world.hs.contacts.all().map(({ properties }) => properties.jobtitle))];
const sweepNow = (hub: Hub) => sql`update stream set sweep_at = now() where backfilled_at is not null`.execute(hub);

const DELETES = { removed: { in: 'delete', out: 'delete' } } as const;

describe('removals that come in', () => {
  test('are stopped before any is taken in, everything else flows, and what is released goes on everywhere', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: withPolicies(DELETES) });
    const people = await withPeople(world);
    expect(await brakes(hub)).toEqual([]);
    for (const { sf } of people.slice(0, 60)) world.sf.remove(sf);
    world.sf.edit(people[65]?.sf ?? '', { MailingCity: 'Paris' });
    await world.settle();
    expect(await archivedRecords(hub)).toBe(0);
    expect(inHubspot(world)).toBe(PEOPLE);
    expect(world.inHubspot('city', 'Paris')).toHaveLength(1);
    const brake = await onlyBrake(hub);
    expect(brake.detail).toMatchObject({ what: 'removals_in', count: 60, limit: 50, linked: PEOPLE });
    expect(brake.detail.examples).toHaveLength(5);
    expect(brake.reason).toContain('60');
    expect(await linkStates(hub, 'salesforce')).toEqual({ held: 60, in_sync: 10 });
    // Edits of those that are held do not wake anything.
    world.hs.contacts.edit(people[0]?.hs ?? '', { city: 'Rome' });
    await world.settle();
    expect(inHubspot(world)).toBe(PEOPLE);
    await settled(world, { release: true });
    expect(await archivedRecords(hub)).toBe(59);
    expect(inHubspot(world)).toBe(11);
    expect((await world.holds()).map(({ kind }) => kind)).toEqual(['removal']);
  });

  test('can be thrown away: the records stay here and elsewhere, and are not made again', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: withPolicies(DELETES) });
    const people = await withPeople(world);
    for (const { sf } of people.slice(0, 60)) world.sf.remove(sf);
    await world.settle();
    await settled(world, { keep: true });
    expect([await archivedRecords(hub), inHubspot(world), inSalesforce(world)]).toEqual([0, PEOPLE, 10]);
    expect(await linkStates(hub, 'salesforce')).toEqual({ gone: 60, in_sync: 10 });
    world.hs.contacts.edit(people[0]?.hs ?? '', { city: 'Rome' });
    expect(await world.settle()).toBe(0);
    expect(inSalesforce(world)).toBe(10);
  });

  test('trip also in small portions within an hour, and not in those of many hours', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: withPolicies(DELETES) });
    const people = await withPeople(world, 130);
    const removeSome = async (from: number, to: number) => {
      for (const { sf } of people.slice(from, to)) world.sf.remove(sf);
      await world.settle();
    };
    await removeSome(0, 40);
    expect([await archivedRecords(hub), (await brakes(hub)).length]).toEqual([40, 0]);
    await sql`update tally set minute = minute - interval '61 minutes'`.execute(hub);
    await removeSome(40, 80);
    expect([await archivedRecords(hub), (await brakes(hub)).length]).toEqual([80, 0]);
    await removeSome(80, 100);
    expect([await archivedRecords(hub), (await brakes(hub)).length]).toEqual([80, 1]);
    await settled(world, { release: true });
    expect(await archivedRecords(hub)).toBe(100);
    // What was released is used up: from here it is counted afresh.
    await removeSome(100, 130);
    expect([await archivedRecords(hub), (await brakes(hub)).length]).toEqual([130, 0]);
  });

  test('that are taken back over there close the brake by themselves', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: withPolicies(DELETES) });
    const people = await withPeople(world);
    for (const { sf } of people.slice(0, 60)) world.sf.remove(sf);
    await world.settle();
    await onlyBrake(hub);
    for (const { sf } of people.slice(0, 60)) world.sf.undelete(sf);
    await world.settle();
    expect(await brakes(hub)).toEqual([]);
    expect(await linkStates(hub, 'salesforce')).toEqual({ in_sync: PEOPLE });
  });
});

describe('a complete look that meets half of the records', () => {
  test('asks for none of the others before it is released', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: withPolicies(DELETES) });
    const people = await withPeople(world);
    for (const { hs } of people.slice(0, 60)) world.hs.contacts.remove(hs);
    await sweepNow(hub);
    await world.settle();
    const brake = await onlyBrake(hub);
    expect(brake.detail).toMatchObject({ what: 'removals_in', count: 0, suspects: 60 });
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from observation o join connection c on c.id = o.connection_id where c.name = 'hubspot' and o.object = 'contact' and o.gone`.execute(
      hub,
    );
    expect(rows[0]?.n).toBe(0);
    expect([await archivedRecords(hub), inSalesforce(world)]).toEqual([0, PEOPLE]);
    expect(await decide(world.engine, brake.id, { release: true }, 'operator:kim')).toBe('decided');
    await world.settle();
    expect(await brakes(hub)).toEqual([]);
    expect([await archivedRecords(hub), inSalesforce(world)]).toEqual([60, 10]);
  });
});

describe('blanks that come in', () => {
  test('wait field by field, and are written over when they are not wanted', async ({ hub }) => {
    await using world = await openWorld(hub);
    const people = await withPeople(world);
    for (const { sf } of people.slice(0, 60)) world.sf.edit(sf, { Title: '', MailingCity: 'Paris' });
    await world.settle();
    expect(titlesOf(world)).toEqual(['Clerk']);
    expect(world.inHubspot('city', 'Paris')).toHaveLength(60);
    const brake = await onlyBrake(hub);
    expect([brake.field, brake.detail.what, brake.detail.count]).toEqual(['job_title', 'blanks_in', 60]);
    await settled(world, { keep: true });
    expect(world.inSalesforce('Title', 'Clerk')).toHaveLength(PEOPLE);
    expect(await world.settle()).toBe(0);
    expect(await linkStates(hub, 'salesforce')).toEqual({ in_sync: PEOPLE });
  });

  test('are taken in once they are released', async ({ hub }) => {
    await using world = await openWorld(hub);
    const people = await withPeople(world);
    for (const { sf } of people.slice(0, 60)) world.sf.edit(sf, { Title: '' });
    await world.settle();
    await settled(world, { release: true });
    expect(world.hs.contacts.all().filter(({ properties }) => !properties.jobtitle)).toHaveLength(60);
    expect(await world.settle()).toBe(0);
  });
});

describe('merges that come in', () => {
  const duplicates = async (world: World) => {
    const people = await withPeople(world, 104);
    for (let at = 0; at < 102; at += 2) world.sf.merge(people[at]?.sf ?? '', [people[at + 1]?.sf ?? '']);
    await world.settle();
    return people;
  };
  const records = async (hub: Hub) =>
    Number(
      (await sql<{ n: string }>`select count(*) as n from record where object = 'contact' and merged_into is null`.execute(hub)).rows[0]?.n,
    );

  test('are not followed before they are released, and nobody counts as deleted meanwhile', async ({ hub }) => {
    await using world = await openWorld(hub);
    const people = await duplicates(world);
    expect((await onlyBrake(hub)).detail).toMatchObject({ what: 'merges_in', count: 51 });
    expect([await records(hub), await archivedRecords(hub), inHubspot(world)]).toEqual([104, 0, 104]);
    world.sf.edit(people[103]?.sf ?? '', { MailingCity: 'Paris' });
    await world.settle();
    expect(world.inHubspot('city', 'Paris')).toHaveLength(1);
    await settled(world, { release: true });
    expect([await records(hub), await archivedRecords(hub)]).toEqual([53, 0]);
  });

  test('can be kept out: the hub’s records stay what they are', async ({ hub }) => {
    await using world = await openWorld(hub);
    await duplicates(world);
    await settled(world, { keep: true });
    expect([await records(hub), await archivedRecords(hub), inHubspot(world), inSalesforce(world)]).toEqual([104, 0, 104, 53]);
    expect(await world.settle()).toBe(0);
  });
});

describe('removals that go out', () => {
  const archiveMany = async (world: World, count: number) => {
    const { rows } = await sql<{ id: string }>`select id from record where object = 'contact' order by id limit ${count}`.execute(
      world.hub,
    );
    for (const { id } of rows) expect(await archiveRecord(world.engine, id, { from: 'policy', actor: 'kim' })).toBe('archived');
  };

  test('are not sent before they are released', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: withPolicies(DELETES) });
    const people = await withPeople(world);
    await archiveMany(world, 60);
    world.hs.contacts.edit(people[69]?.hs ?? '', { city: 'Paris' });
    await world.settle();
    expect([inHubspot(world), inSalesforce(world)]).toEqual([PEOPLE, PEOPLE]);
    expect(world.inSalesforce('MailingCity', 'Paris')).toHaveLength(1);
    const open = await brakes(hub);
    expect(open.map(({ detail }) => [detail.what, detail.count])).toEqual([
      ['removals_out', 60],
      ['removals_out', 60],
    ]);
    expect(await linkStates(hub, 'salesforce')).toEqual({ held: 60, in_sync: 10 });
    const [first, second] = open;
    await decide(world.engine, first?.id ?? '', { release: true }, 'operator:kim');
    await decide(world.engine, second?.id ?? '', { keep: true }, 'operator:kim');
    await world.settle();
    expect(await brakes(hub)).toEqual([]);
    expect([inHubspot(world), inSalesforce(world)].sort()).toEqual([10, PEOPLE]);
    expect(await world.settle()).toBe(0);
  });
});

describe('blanks that go out', () => {
  const blankMany = async (world: World) => {
    // As an import or a computation of the hub's would.
    await sql`update record set fields = fields - 'job_title', dirty = true, stamps = stamps || jsonb_build_object('job_title', jsonb_build_array(to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'hub'))
      where id in (select id from record where object = 'contact' order by id limit 60)`.execute(world.hub);
    await world.settle();
  };

  test('are not sent before they are released, one system by itself', async ({ hub }) => {
    await using world = await openWorld(hub);
    const people = await withPeople(world);
    await blankMany(world);
    expect(titlesOf(world)).toEqual(['Clerk']);
    const open = await brakes(hub);
    expect(open.map(({ detail, field }) => [detail.what, field, detail.count])).toEqual([
      ['blanks_out', 'job_title', 60],
      ['blanks_out', 'job_title', 60],
    ]);
    world.sf.edit(people[0]?.sf ?? '', { MailingCity: 'Paris' });
    await world.settle();
    expect(world.inHubspot('city', 'Paris')).toHaveLength(1);
    for (const { id } of open) await decide(world.engine, id, { release: true }, 'operator:kim');
    await world.settle();
    expect(world.inSalesforce('Title', 'Clerk')).toHaveLength(10);
    expect(await brakes(hub)).toEqual([]);
    expect(await world.settle()).toBe(0);
  });

  test('can be thrown away: the hub takes back what the systems hold', async ({ hub }) => {
    await using world = await openWorld(hub);
    await withPeople(world);
    await blankMany(world);
    for (const { id } of await brakes(hub)) expect(await decide(world.engine, id, { keep: true }, 'operator:kim')).toBe('decided');
    await world.settle();
    expect(await brakes(hub)).toEqual([]);
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from record where object = 'contact' and fields ->> 'job_title' = 'Clerk'`.execute(hub);
    expect(rows[0]?.n).toBe(PEOPLE);
    expect(await world.settle()).toBe(0);
  });
});

describe('a filter that would archive', () => {
  test('archives nobody before it is released', async ({ hub }) => {
    const open = { when: null, leaves: 'freeze', creates: true } as const;
    const own = { when: { field: 'city', operator: 'is', value: 'London' }, leaves: 'archive', creates: true } as const;
    await using world = await openWorld(hub, { remap: withPolicies({ gates: { in: own, out: open } }, ['hubspot']) });
    const people = await withPeople(world);
    for (const { hs } of people.slice(0, 60)) world.hs.contacts.edit(hs, { city: 'Paris' });
    world.hs.contacts.edit(people[65]?.hs ?? '', { jobtitle: 'Head' });
    await world.settle();
    expect(await archivedRecords(hub)).toBe(0);
    expect(world.inSalesforce('Title', 'Head')).toHaveLength(1);
    expect((await onlyBrake(hub)).detail).toMatchObject({ what: 'archives_in', count: 60 });
    await settled(world, { release: true });
    expect(await archivedRecords(hub)).toBe(60);
  });
});

test('a first load trips nothing, however much it changes', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (let n = 0; n < 120; n += 1) {
    world.hs.contacts.add({ email: `p${n}@example.com`, firstname: 'Ada', lastname: `Last${n}`, jobtitle: n % 2 === 0 ? 'Clerk' : '' });
    world.sf.create('Contact', {
      Email: `p${n}@example.com`,
      FirstName: 'Ada',
      LastName: `Last${n}`,
      ...(n % 2 === 0 ? {} : { Title: 'Head' }),
    });
  }
  await world.settle();
  expect(await brakes(hub)).toEqual([]);
  expect(await linkStates(hub, 'salesforce')).toEqual({ in_sync: 120 });
});

test('a plan that a person applies is not stopped, and says before what it will do', async ({ hub }) => {
  await using world = await openWorld(hub);
  const people = await withPeople(world);
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, false);
  for (const { sf } of people.slice(0, 60)) world.sf.edit(sf, { Title: '' });
  const AS = { actor: 'kim', signal: AbortSignal.timeout(60_000) };
  const plan = await makePlan(world.engine, { streams: [{ connection: 'hubspot' }, { connection: 'salesforce' }] }, AS);
  expect(
    plan.summary?.warnings
      .filter(({ kind }) => kind === 'mass_change')
      .map(({ connection, field, records }) => [connection, field, records])
      .sort(),
  ).toEqual([
    ['hubspot', 'job_title', 60],
    ['salesforce', 'job_title', 60],
  ]);
  expect(await applyPlan(world.engine, plan.id, AS)).toMatchObject({ kind: 'applied', drifted: 0 });
  expect(world.hs.contacts.all().filter(({ properties }) => !properties.jobtitle)).toHaveLength(60);
  expect(await brakes(hub)).toEqual([]);
});

test('the undoing of a run that blanks a field everywhere is not stopped', async ({ hub }) => {
  await using world = await openWorld(hub);
  const people = await withPeople(world);
  world.later(5);
  for (const { hs } of people.slice(0, 60)) world.hs.contacts.edit(hs, { state: 'Kent' });
  await world.settle();
  const { rows } = await sql<{ id: string }>`select run_id as id from change where fields ? 'state' order by seq desc limit 1`.execute(hub);
  const undone = await undo(world.engine, { run: rows[0]?.id ?? '' }, { actor: 'kim' });
  expect(undone).toMatchObject({ counts: { records: 60 } });
  await world.settle();
  expect(await brakes(hub)).toEqual([]);
  expect([world.inSalesforce('MailingState', 'Kent'), world.inHubspot('state', 'Kent')]).toEqual([[], []]);
});

test('a mapping that reads a field from where it is blank is stopped before any value is lost', async ({ hub }) => {
  await using world = await openWorld(hub);
  await withPeople(world);
  const remapped = { ...world.engine, mappings: readingTitleFrom('Department')(world.engine.mappings) };
  for (let round = 0; round < 4; round += 1) await cycleOnce(remapped, AbortSignal.timeout(20_000));
  expect(titlesOf(world)).toEqual(['Clerk']);
  expect((await onlyBrake(hub)).detail).toMatchObject({ what: 'blanks_in', field: 'job_title', count: PEOPLE });
});

test('what another worker stops is stopped for one that claimed its part before, too', async ({ hub }) => {
  await using world = await openWorld(hub);
  await withPeople(world);
  const signal = AbortSignal.timeout(20_000);
  await sql`
    update observation o set fields = o.fields || '{"city":null}', dirty = true from connection c
    where c.id = o.connection_id and c.name = 'hubspot' and o.object = 'contact'`.execute(hub);
  const { rows } = await sql<{ remoteId: string; recordId: string }>`
    select o.remote_id as "remoteId", l.record_id as "recordId" from observation o
    join link l on l.connection_id = o.connection_id and l.object = o.object and l.remote_id = o.remote_id where o.dirty limit 30`.execute(
    hub,
  );
  // The late one claims thirty, for the others are taken, and then waits for their records.
  const others = await hub.startTransaction().execute();
  await sql`select 1 from observation where dirty and remote_id <> all(${rows.map((row) => row.remoteId)}) for update`.execute(others);
  const records = await hub.startTransaction().execute();
  await sql`select 1 from record where id = any(${rows.map((row) => row.recordId)}::uuid[]) for update`.execute(records);
  const late = reconcile(world.engine, 'contact', signal);
  await untilBlocked(hub, 'for update', signal);
  await others.rollback().execute();
  await reconcile(world.engine, 'contact', signal);
  await records.rollback().execute();
  await late;
  expect(await sql`select id from record where object = 'contact' and fields ->> 'city' is null`.execute(hub)).toMatchObject({ rows: [] });
  expect((await onlyBrake(hub)).detail).toMatchObject({ what: 'blanks_in', field: 'city' });
});

const readingTitleFrom =
  (remote: string) =>
  (mappings: Mappings): Mappings => ({
    ...mappings,
    byStream: new Map(
      [...mappings.byStream].map(([key, mapping]) => [
        key,
        mapping.kind === 'entity' && key === 'salesforce.contact'
          ? { ...mapping, lines: mapping.lines.map((line) => (line.hub === 'job_title' ? { ...line, remote } : line)) }
          : mapping,
      ]),
    ),
  });
