import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { test as base, inject } from 'vitest';
import { type Hub, openHub } from '../../src/hub/database.ts';

type Cloned = { readonly url: string; drop(): Promise<void> };

/** A database of its own, cloned from the migrated template; dropped by `drop`. `owner`: whose it is, by which one that was left behind is known. */
export async function cloneTemplate(owner: string): Promise<Cloned> {
  const adminUrl = inject('postgresUrl');
  const name = `t_${randomBytes(6).toString('hex')}_${owner
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40)}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await asAdmin(adminUrl, `create database ${name} template template_hub`);
  return { url: url.toString(), drop: () => asAdmin(adminUrl, `drop database ${name} with (force)`) };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Until somebody waits for a lock with a statement that speaks of this. */
export async function untilBlocked(hub: Hub, subject: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike ${`%${subject}%`}`.execute(
      hub,
    );
    if (rows.length > 0) return;
  }
}

/** `test` with a hub on a fresh database of its own: `database.url` for processes, `hub` for queries. */
export const test = base.extend<{ database: { url: string }; hub: Hub }>({
  database: async ({ task }, use) => {
    const cloned = await cloneTemplate(task.name);
    await use({ url: cloned.url });
    await cloned.drop();
  },
  hub: async ({ database }, use) => {
    const hub = openHub(database.url, { connections: 6 });
    await use(hub);
    await hub.destroy();
  },
});
