import { hash } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Hub } from '../../../src/hub/database.ts';
import type { Tables } from '../../../src/hub/tables.ts';
import { must } from '../../../src/kernel/must.ts';
import { shadowNow } from '../../support/shadow-now.ts';
import { LEASE_LOST, labelOf, type Moment, STORE } from './moments.ts';
import type { Actor, Schedule } from './schedule.ts';

const SESSION = `set search_path = sim, public, pg_catalog; set timezone = 'UTC'; set synchronous_commit = on; set jit = off; set deadlock_timeout = '10ms'; set plan_cache_mode = force_generic_plan; set sim.now = '2026-11-22T08:00:00Z'`;

const CLIENTS = 24;

type Client = { readonly client: pg.Client; nowMs: number };

type Watchers = {
  watch(moment: Moment): void;
  /** Told of the observations that a transaction has stored for good, by the ids of their remote records. */
  stored(remoteIds: readonly string[]): void;
};

/** A migrated database in which SQL's now() is the simulation's, and which is emptied before each history. */
export type SimDatabase = AsyncDisposable & {
  /** A hub as one actor has it: each of its statements is a step. `before` may refuse a step, or end the actor. */
  hubOf(actor: Actor, schedule: Schedule, watchers: Watchers): Hub;
  /** Reads outside the simulation. */
  query<T extends object>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /** How many sessions wait for a lock. */
  blocked(): Promise<number>;
  empty(nowMs: number): Promise<void>;
  /** Ends the transactions of dead actors. */
  bury(): Promise<void>;
};

export async function openSimDatabase(url: string): Promise<SimDatabase> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  // The server may go first when a run ends early.
  admin.on('error', () => undefined);
  await admin.query(shadowNow('sim', "current_setting('sim.now')::timestamptz"));
  await admin.query(SESSION);
  const { rows } = await admin.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename !~ '^kysely'`,
  );
  const tables = rows.map(({ name }) => name);
  // All of them are opened now: whether one is there already must not tell two runs of a history apart.
  const all = await Promise.all(Array.from({ length: CLIENTS }, () => newClient(url)));
  const free = [...all];
  const taken = new Map<Client, Actor>();
  const used = new Set<Client>();

  function takeClient(actor: Actor): Client {
    const one = must(free.pop(), 'a database connection that nobody uses');
    taken.set(one, actor);
    used.add(one);
    return one;
  }

  const database: SimDatabase = {
    hubOf(actor, schedule, { watch, stored }) {
      const pool = {
        options: {},
        end: async () => undefined,
        async connect() {
          const one = takeClient(actor);
          let inside: string[] = [];
          let isBeginning = false;
          let seen: readonly string[] = [];
          return {
            async query(sql: unknown, values: readonly unknown[] = []) {
              const text = String(sql);
              const label = labelOf(text, inside);
              inside = /^(begin|commit|rollback)/i.test(text) ? [] : [...inside, label];
              // A transaction begins with its first statement: until then nothing can have come of it.
              if (text === 'begin') {
                isBeginning = true;
                return { command: 'BEGIN', rowCount: null, rows: [] };
              }
              return schedule.turn(actor, async () => {
                watch({ label, when: 'before' });
                if (actor.dead) return must(undefined, 'a dead actor reads nothing');
                const told = tellTime(one, schedule.nowMs(), isBeginning ? 'begin; ' : '');
                isBeginning = false;
                if (/^rollback/i.test(text)) one.nowMs = 0;
                if (label === STORE) seen = [...seen, ...textsIn(values)];
                const [, result] = await Promise.all([told, one.client.query({ ...named(text), text, values: [...values] })]);
                if (/^commit/i.test(text)) stored(seen);
                if (/^(commit|rollback)/i.test(text)) seen = [];
                if (/from connection where .* for share$/s.test(text.trim()) && result.rowCount === 0)
                  watch({ label: LEASE_LOST, when: 'after' });
                watch({ label, when: 'after' });
                return result;
              });
            },
            release() {
              taken.delete(one);
              free.push(one);
            },
          };
        },
      };
      return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) });
    },
    query: async <T extends object>(text: string, values: readonly unknown[] = []) => (await admin.query<T>(text, [...values])).rows,
    async blocked() {
      // Whoever is alone waits for nobody.
      if (taken.size < 2) return 0;
      const pids = [...taken.keys()].map(({ client }) => pidOf(client));
      const { rows: found } = await admin.query<{ n: number }>(
        'select count(*)::int as n from unnest($1::int[]) as p (pid) where cardinality(pg_blocking_pids(p.pid)) > 0',
        [pids],
      );
      return found[0]?.n ?? 0;
    },
    async empty(nowMs) {
      await database.bury();
      // In any order, since nothing is checked; and then no row of the next history can take the place of one of this history.
      await admin.query(
        `set session_replication_role = replica; ${tables.map((name) => `delete from ${name}`).join('; ')}; set session_replication_role = origin`,
      );
      await admin.query(`vacuum (index_cleanup on) ${tables.join(', ')}`);
      // A plan that was made for other sizes could give rows in another order.
      await Promise.all([...used].map(({ client }) => client.query('discard plans')));
      used.clear();
      await admin.query(`select set_config('sim.now', $1, false)`, [new Date(nowMs).toISOString()]);
    },
    async bury() {
      for (const [one, actor] of taken) {
        if (!actor.dead) continue;
        taken.delete(one);
        await one.client.query('rollback');
        one.nowMs = 0;
        free.push(one);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([admin.end(), ...all.map(({ client }) => client.end())]);
    },
  };
  return database;
}

async function newClient(url: string): Promise<Client> {
  const client = new pg.Client({ connectionString: url, pipeline: true });
  await client.connect();
  client.on('error', () => undefined);
  await client.query(SESSION);
  return { client, nowMs: 0 };
}

/** `first` is done before, in the same round trip. */
async function tellTime(one: Client, nowMs: number, first: string): Promise<void> {
  if (one.nowMs === nowMs && first === '') return;
  const time = one.nowMs === nowMs ? '' : `set sim.now = '${new Date(nowMs).toISOString()}'`;
  one.nowMs = nowMs;
  await one.client.query(`${first}${time}`);
}

const textsIn = (values: readonly unknown[]): readonly string[] => values.flat().filter((value) => typeof value === 'string');

const names = new Map<string, string>();

/** What Postgres knows a statement by, so that it plans it once; the short ones are not worth it. */
function named(text: string): { readonly name?: string } {
  if (text.length <= 12) return {};
  const name = names.get(text) ?? hash('md5', text);
  names.set(text, name);
  return { name };
}

const pidOf = (client: pg.Client): number => Number((client as unknown as { processID: number }).processID);
