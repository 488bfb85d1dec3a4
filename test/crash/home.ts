import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openHub } from '../../src/hub/database.ts';
import { openEmbeddedPostgres } from '../../src/hub/embedded-postgres.ts';
import { migrateHub } from '../../src/hub/migrate.ts';
import { until } from './until.ts';

/** A Postgres of the matrix's own, whose processes may be killed; `url` follows it to wherever it is started again. */
export type Home = AsyncDisposable & {
  readonly folder: string;
  url(): URL;
  /** A fresh, migrated database. */
  database(): Promise<string>;
  /** The database that a process with this data folder and no `DATABASE_URL` uses. */
  builtIn(): string;
  /** Kills the postmaster with -9, and with it everything that it runs. */
  killPostmaster(): Promise<void>;
  /** Starts it again on what is there. */
  startAgain(): Promise<void>;
};

export async function openHome(): Promise<Home> {
  const folder = join(tmpdir(), `syncline-crash-${randomBytes(4).toString('hex')}`);
  let postgres = await openEmbeddedPostgres(folder);
  const asAdmin = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await asAdmin('create database template_hub');
  const template = openHub(databaseAt(postgres.url, 'template_hub'));
  await migrateHub(template);
  await template.destroy();
  return {
    folder,
    url: () => new URL(postgres.url),
    database: async () => {
      const name = `c_${randomBytes(6).toString('hex')}`;
      await asAdmin(`create database ${name} template template_hub`);
      return databaseAt(postgres.url, name);
    },
    builtIn: () => postgres.url,
    killPostmaster: () => killPostmaster(folder),
    startAgain: async () => {
      postgres = await openEmbeddedPostgres(folder);
    },
    async [Symbol.asyncDispose]() {
      // A cell may have left it in the middle of its recovery.
      await until('Postgres answers, so that it can be ended', () =>
        asAdmin('select 1').then(
          () => true,
          () => false,
        ),
      );
      await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function databaseAt(url: string, name: string): string {
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.toString();
}

async function killPostmaster(folder: string): Promise<void> {
  const [pid] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
}
