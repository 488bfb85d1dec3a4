import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { test as base, inject } from 'vitest';
import { type Hub, openHub } from '../../src/hub/database.ts';

type Cloned = { readonly url: string; drop(): Promise<void> };

/** A database of its own, cloned from the migrated template; dropped by `drop`. */
export async function cloneTemplate(): Promise<Cloned> {
  const adminUrl = inject('postgresUrl');
  const name = `t_${randomBytes(6).toString('hex')}`;
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

/** `test` with a hub on a fresh database of its own: `database.url` for processes, `hub` for queries. */
export const test = base.extend<{ database: { url: string }; hub: Hub }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from this pattern which fixtures a fixture needs, and throws on any other parameter; this one needs none.
  database: async ({}, use) => {
    const cloned = await cloneTemplate();
    await use({ url: cloned.url });
    await cloned.drop();
  },
  hub: async ({ database }, use) => {
    const hub = openHub(database.url, { connections: 6 });
    await use(hub);
    await hub.destroy();
  },
});
