import { sql } from 'kysely';
import { expect } from 'vitest';
import { listStreams } from '../../src/hub/connections/connections.ts';
import { dropCursors } from '../../src/hub/connections/cursors.ts';
import type { Hub } from '../../src/hub/database.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

const TABLES = ['observation', 'record', 'link', 'change', 'hold', 'response', 'identity', 'response_key'] as const;

/** Every row of the hub's picture with the transaction that wrote it last: a row that was written again differs, whatever it says. */
async function written(hub: Hub): Promise<readonly string[]> {
  const all: string[] = [];
  for (const table of TABLES) {
    const { rows } = await sql<{
      version: string;
    }>`select ctid::text || ' ' || xmin::text as version from ${sql.table(table)} order by 1`.execute(hub);
    all.push(...rows.map((row) => `${table} ${row.version}`));
  }
  return all;
}

test('after quiet, more looks cause no write, no change, and touch no row', async ({ hub }) => {
  await using world = await openWorld(hub, {
    connectors: ['hubspot', 'salesforce', 'questionpro', 'typeform'],
    people: 60,
    remap: (mappings) => mappings,
  });
  await world.settle();
  const before = await written(hub);
  expect(before.length).toBeGreaterThan(200);
  expect(await world.cycle()).toBe(0);
  expect(await world.cycle()).toBe(0);
  expect(await written(hub)).toEqual(before);
});

test('everything read again from the start touches no row', async ({ hub }) => {
  await using world = await openWorld(hub, { connectors: ['hubspot', 'salesforce'], people: 60 });
  await world.settle();
  const before = await written(hub);
  for (const stream of await listStreams(hub)) await dropCursors(hub, stream.id);
  const calls = world.sandbox('salesforce').calls();
  expect(await world.cycle()).toBe(0);
  expect(world.sandbox('salesforce').calls()).toBeGreaterThan(calls);
  expect(await written(hub)).toEqual(before);
});

test('a process of the vendor that moves dates and nothing else causes no write and no change', async ({ hub }) => {
  await using world = await openWorld(hub, { connectors: ['hubspot', 'salesforce'], people: 30 });
  await world.settle();
  const changes = await world.changes();
  world.later(5);
  world.hs.contacts.touch();
  for (const row of world.sf.all('Contact')) world.sf.touch(row.Id);
  expect(await world.settle()).toBe(0);
  expect(await world.changes()).toEqual(changes);
});

test('a town of people who are spelled differently comes to rest in agreement', async ({ hub }) => {
  await using world = await openWorld(hub, { people: 120 });
  await world.settle();
  expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0 });
  for (const id of ['hubspot', 'salesforce']) {
    let draw = 0;
    const random = () => {
      draw = (draw * 16_807 + 11) % 2_147_483_647;
      return (draw % 1_000) / 1_000;
    };
    for (let times = 0; times < 20; times += 1) world.sandbox(id).sandbox.life.stir(random);
  }
  await world.settle();
  expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0 });
  expect(await world.settle()).toBe(0);
});
