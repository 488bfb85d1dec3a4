import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Completeness } from '../../src/hub/views/completeness.ts';
import { must } from '../../src/kernel/must.ts';
import { checkCompleteness } from '../../src/sync/check/check-completeness.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

async function check(world: World, connection: string, sample = 100): Promise<Completeness> {
  const result = await checkCompleteness(world.engine, connection, { signal: AbortSignal.timeout(20_000), object: 'contact', sample });
  if (result === null || !result.ok) throw new Error(JSON.stringify(result));
  return must(result.found[0], 'what was found');
}

const somebody = (world: World, nth: number) =>
  world.hs.contacts.add({ firstname: `First ${nth}`, lastname: `Last ${nth}`, email: `p${nth}@acme.test` });

test('two sides that agree are complete, also when it is only a sample', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (let nth = 0; nth < 12; nth += 1) somebody(world, nth);
  await world.settle();
  for (const connection of ['hubspot', 'salesforce']) {
    expect(await check(world, connection)).toMatchObject({ there: 12, linked: 12, sampled: 12, complete: true, missingHere: { count: 0 } });
    expect(await check(world, connection, 5)).toMatchObject({ sampled: 5, complete: true });
  }
  const { rows } = await sql<{
    counts: unknown;
    detail: Completeness;
  }>`select counts, detail from run where kind = 'check' order by id desc limit 1`.execute(hub);
  expect(rows[0]).toMatchObject({ counts: { sampled: 5, linked: 12, differing: 0 }, detail: { complete: true } });
  expect(await world.settle()).toBe(0);
});

test('a first load is checked by itself', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (let nth = 0; nth < 3; nth += 1) somebody(world, nth);
  await world.cycle();
  const { rows } = await sql<{ name: string; detail: Completeness }>`
    select c.name, r.detail from run r join stream s on s.id = r.stream_id join connection c on c.id = s.connection_id where r.kind = 'check' and s.object = 'contact' order by c.name`.execute(
    hub,
  );
  expect(rows.map(({ name, detail }) => [name, detail.complete])).toEqual([
    ['hubspot', true],
    ['salesforce', true],
  ]);
});

test('a change that no look told of is named, and merged afterwards', async ({ hub }) => {
  await using world = await openWorld(hub);
  const ids = [0, 1, 2].map((nth) => somebody(world, nth));
  await world.settle();
  const id = must(ids[1], 'somebody');
  world.hs.contacts.edit(id, { jobtitle: 'Missed' });
  // The look that should have told of it is long past.
  await sql`update stream set observed_at = now() + interval '1 hour'`.execute(hub);
  const found = await check(world, 'hubspot');
  expect(found).toMatchObject({ complete: false, differing: { count: 1, ids: [id] } });
  expect(found.differing.fields[id]).toEqual(['job_title']);
  await world.settle();
  expect((await world.inSalesforce('Title', 'Missed')).length).toBe(1);
  expect(await check(world, 'hubspot')).toMatchObject({ complete: true });
});

test('what changed only since the last look is no gap', async ({ hub }) => {
  await using world = await openWorld(hub);
  const id = somebody(world, 0);
  await world.settle();
  world.later(2);
  world.hs.contacts.edit(id, { jobtitle: 'Just now' });
  expect(await check(world, 'hubspot')).toMatchObject({ complete: true, moved: 1 });
});

test('ids that one side lacks are named: over there, and here', async ({ hub }) => {
  await using world = await openWorld(hub);
  const ids = [0, 1, 2].map((nth) => somebody(world, nth));
  await world.settle();
  const lost = must(ids[0], 'somebody');
  const gone = must(ids[1], 'somebody');
  await sql`delete from link where remote_id = ${lost}`.execute(hub);
  world.hs.contacts.remove(gone);
  await sql`update stream set observed_at = now() + interval '1 hour'`.execute(hub);
  const found = await check(world, 'hubspot');
  expect(found).toMatchObject({ complete: false, there: 2, linked: 1, missingHere: { count: 1, ids: [lost] } });
  expect(found.missingThere.ids).toEqual([gone]);
  expect(found.missingThere.records.length).toBe(1);
});

test('a comparison of every id finds what was removed where nobody reports it, before the next sweep', async ({ hub }) => {
  await using world = await openWorld(hub);
  const ids = Array.from({ length: 5 }, (_, nth) => somebody(world, nth));
  await world.settle();
  world.hs.contacts.remove(must(ids[0], 'somebody'));
  const result = await checkCompleteness(world.engine, 'hubspot', {
    signal: AbortSignal.timeout(20_000),
    object: 'contact',
    sample: 0,
    everyId: true,
  });
  expect(result).toMatchObject({ ok: true, found: [{ there: 4 }] });
  const record = must(await world.record('p0@acme.test'), 'their record');
  expect((await world.links(record.id)).find(({ connection }) => connection === 'hubspot')?.state).toBe('gone');
});
