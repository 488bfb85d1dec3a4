import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Tables } from './tables.ts';

export type Hub = Kysely<Tables>;
export type Tx = Transaction<Tables>;
/** What a query needs, whether inside a transaction or not. */
export type Db = Hub | Tx;

export const isTransaction = (db: Db): db is Tx => db.isTransaction;

const IDLE_TIMEOUT_MS = 60_000;

/** The hub's database. A commit that was answered is on disk: `synchronous_commit` is asserted on every connection. */
export function openHub(databaseUrl: string, options: { readonly connections?: number; readonly statementTimeoutMs?: number } = {}): Hub {
  const session = `set synchronous_commit = on; set timezone = 'UTC'; set statement_timeout = ${options.statementTimeoutMs ?? 60_000}; set idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.connections ?? 10,
    application_name: 'syncline',
    // Set here and not as start-up parameters, which poolers in between refuse; and by the pool, which takes a connection back that breaks meanwhile.
    verify: (client, done) => void client.query(session).then(() => done(), done),
  });
  // A connection that breaks while idle is replaced by the pool; the queries that need one say what is wrong.
  pool.on('error', () => undefined);
  // So does one that breaks inside a transaction while nothing is being asked: its next query fails, and the process lives on.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
