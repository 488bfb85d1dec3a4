import { sql } from 'kysely';
import { expect } from 'vitest';
import { assertLease, LeaseLost, releaseLease, renewLease, takeLease } from '../../src/hub/connections/leases.ts';
import { openHub } from '../../src/hub/database.ts';
import { assertMigrated, migrateHub } from '../../src/hub/migrate.ts';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { addConnection } from './rows.ts';

test('of many who want a connection at the same time one gets it', async ({ hub }) => {
  const id = await addConnection(hub);
  const leases = await Promise.all(Array.from({ length: 8 }, () => takeLease(hub, id)));
  expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
  expect(await takeLease(hub, id)).toBeNull();
});

test('a connection that was given back can be taken at once, and the fence has grown', async ({ hub }) => {
  const id = await addConnection(hub);
  const first = must(await takeLease(hub, id), 'a lease');
  await releaseLease(hub, first);
  const second = must(await takeLease(hub, id), 'a lease');
  expect(BigInt(second.fence)).toBeGreaterThan(BigInt(first.fence));
  // A late one gives back nothing that is not its own.
  await releaseLease(hub, first);
  expect(await takeLease(hub, id)).toBeNull();
  await assertLease(hub, second);
});

test('who lost the lease can neither keep it nor write under it', async ({ hub }) => {
  const id = await addConnection(hub);
  const late = must(await takeLease(hub, id), 'a lease');
  await hub.updateTable('connection').set({ lease_until: sql`now() - interval '1 second'` }).where('id', '=', id).execute();
  expect(await renewLease(hub, late)).toBe(false);
  const next = must(await takeLease(hub, id), 'a lease');
  expect(await renewLease(hub, late)).toBe(false);
  await expect(hub.transaction().execute((tx) => assertLease(tx, late))).rejects.toThrow(LeaseLost);
  expect(await renewLease(hub, next)).toBe(true);
});

test('migrating twice, and from several processes, does it once', async ({ hub, database }) => {
  expect(await migrateHub(hub)).toEqual([]);
  const other = openHub(database.url, { connections: 1 });
  try {
    expect(await Promise.all([migrateHub(hub), migrateHub(other)])).toEqual([[], []]);
    await assertMigrated(other);
  } finally {
    await other.destroy();
  }
});

test('a database without the tables is refused, with what it lacks', async ({ hub, database }) => {
  const name = `bare_${process.pid}`;
  await sql`create database ${sql.id(name)}`.execute(hub);
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  const bare = openHub(url.toString(), { connections: 1 });
  try {
    await expect(assertMigrated(bare)).rejects.toThrow('0001-hub');
    expect(await migrateHub(bare)).toContain('0001-hub');
    await assertMigrated(bare);
  } finally {
    await bare.destroy();
    await sql`drop database ${sql.id(name)}`.execute(hub);
  }
});
