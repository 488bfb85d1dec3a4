import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Hub } from './database.ts';
import * as hub0001 from './migrations/0001-hub.ts';
import * as access0002 from './migrations/0002-access.ts';
import * as trust0003 from './migrations/0003-trust.ts';
import * as webhooks0004 from './migrations/0004-webhooks.ts';
import * as runs0005 from './migrations/0005-runs.ts';
import * as limits0006 from './migrations/0006-limits.ts';
import * as signIn0007 from './migrations/0007-sign-in.ts';
import * as formerRecords0008 from './migrations/0008-former-records.ts';
import * as bulkJobs0009 from './migrations/0009-bulk-jobs.ts';
import * as arrivals0010 from './migrations/0010-arrivals.ts';
import * as timeline0011 from './migrations/0011-timeline.ts';
import * as surveys0012 from './migrations/0012-surveys.ts';
import * as page0013 from './migrations/0013-page.ts';
import * as lookup0014 from './migrations/0014-lookup.ts';
import * as erasure0015 from './migrations/0015-erasure.ts';
import * as mappingTexts0016 from './migrations/0016-mapping-texts.ts';
import * as start0017 from './migrations/0017-start.ts';
import * as operators0018 from './migrations/0018-operators.ts';
import * as steering0019 from './migrations/0019-steering.ts';
import * as shelves0020 from './migrations/0020-shelves.ts';
import * as scores0021 from './migrations/0021-scores.ts';
import * as standing0022 from './migrations/0022-standing.ts';

const MIGRATIONS = {
  '0001-hub': hub0001,
  '0002-access': access0002,
  '0003-trust': trust0003,
  '0004-webhooks': webhooks0004,
  '0005-runs': runs0005,
  '0006-limits': limits0006,
  '0007-sign-in': signIn0007,
  '0008-former-records': formerRecords0008,
  '0009-bulk-jobs': bulkJobs0009,
  '0010-arrivals': arrivals0010,
  '0011-timeline': timeline0011,
  '0012-surveys': surveys0012,
  '0013-page': page0013,
  '0014-lookup': lookup0014,
  '0015-erasure': erasure0015,
  '0016-mapping-texts': mappingTexts0016,
  '0017-start': start0017,
  '0018-operators': operators0018,
  '0019-steering': steering0019,
  '0020-shelves': shelves0020,
  '0021-scores': scores0021,
  '0022-standing': standing0022,
};

/** Brings the tables up to this version, once, whoever asks at the same time: Kysely's migrator holds an advisory lock. Forward only. */
export async function migrateHub(db: Hub): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map((result) => result.migrationName);
}

/** Refuses to work on a database whose tables are older or newer than this version. */
export async function assertMigrated(db: Hub): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const known = await migrator.getMigrations();
  const waiting = known.filter((migration) => migration.executedAt === undefined).map((migration) => migration.name);
  if (waiting.length > 0) throw new Error(`The database lacks ${waiting.join(', ')}. Run: syncline migrate`);
  const { rows } = await sql<{ setting: string }>`select current_setting('synchronous_commit') as setting`.execute(db);
  if (rows[0]?.setting !== 'on') throw new Error('The database answers before it has saved: synchronous_commit must be on.');
}
