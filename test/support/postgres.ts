import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openHub } from '../../src/hub/database.ts';
import { openEmbeddedPostgres } from '../../src/hub/embedded-postgres.ts';
import { migrateHub } from '../../src/hub/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One Postgres for all tests, with one migrated template database that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = join(tmpdir(), `syncline-test-${process.pid}-${project.name}`);
  const postgres = await openEmbeddedPostgres(folder, { settings: ['fsync=off', 'full_page_writes=off'] });
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query('create database template_hub');
  const templateUrl = new URL(postgres.url);
  templateUrl.pathname = '/template_hub';
  const template = openHub(templateUrl.toString());
  await migrateHub(template);
  await sql`select 1`.execute(template);
  await template.destroy();
  await admin.end();
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.close();
    await rm(folder, { recursive: true, force: true });
  };
}
