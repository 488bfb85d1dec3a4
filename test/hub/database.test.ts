import { sql } from 'kysely';
import pg from 'pg';
import { expect } from 'vitest';
import { openHub } from '../../src/hub/database.ts';
import { openPostgresGate } from '../crash/postgres-gate.ts';
import { test } from '../support/database.ts';

test('a connection that breaks while it is being set up makes room for another one', async ({ database }) => {
  await using gate = await openPostgresGate(() => new URL(database.url));
  const hub = openHub(gate.urlOf(database.url), { connections: 1 });
  const stop = gate.stopAt({ on: /set synchronous_commit = on/, when: 'before' });
  const first = sql`select 1`.execute(hub);
  first.catch(() => undefined);
  await stop.reached;
  stop.release('is lost');
  await expect(first).rejects.toThrow();
  const { rows } = await sql<{ on: string }>`select current_setting('synchronous_commit') as on`.execute(hub);
  expect(rows).toEqual([{ on: 'on' }]);
  await hub.destroy();
});

test('a connection that breaks inside a transaction fails that transaction and nothing else', async ({ database }) => {
  const hub = openHub(database.url, { connections: 1 });
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const broken = hub.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    // Until the end of the connection has arrived here, while nothing is being asked.
    await expect.poll(async () => (await admin.query('select 1 from pg_stat_activity where pid = $1', [rows[0]?.pid])).rowCount).toBe(0);
    await sql`select 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  expect((await sql<{ one: number }>`select 1 as one`.execute(hub)).rows).toEqual([{ one: 1 }]);
  await hub.destroy();
  await admin.end();
});
