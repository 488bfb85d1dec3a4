import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import { openEmbeddedPostgres } from '../hub/embedded-postgres.ts';
import { isAlive } from '../hub/is-alive.ts';
import { parseRanges } from '../sync/connecting/private-addresses.ts';

/**
 * A place for a demo that starts from nothing, since its sandboxes do: a folder of its own for the embedded Postgres, or a database of its
 * own on the server that DATABASE_URL names. Neither outlives it.
 */
export async function freshDatabase(given: Config): Promise<AsyncDisposable & { readonly config: Config }> {
  // The sandboxes live on this machine.
  const config = { ...given, allowPrivate: [...given.allowPrivate, ...parseRanges('127.0.0.0/8')] };
  const name = `syncline_demo_${process.pid}`;
  const { databaseUrl } = config;
  if (databaseUrl === null) {
    await removeLeftovers(config.dataFolder);
    return {
      config: { ...config, dataFolder: join(config.dataFolder, `demo-${process.pid}`) },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  await administer(databaseUrl, `create database ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return {
    config: { ...config, databaseUrl: url.toString() },
    [Symbol.asyncDispose]: () => administer(databaseUrl, `drop database if exists ${name} with (force)`),
  };
}

/** What demos left behind that were killed: their Postgres may still run. */
async function removeLeftovers(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder).catch(() => [])) {
    const pid = Number(/^demo-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid === 0 || isAlive(pid)) continue;
    const postgres = await openEmbeddedPostgres(join(dataFolder, name), { temporary: true });
    await postgres.close();
  }
}

async function administer(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
