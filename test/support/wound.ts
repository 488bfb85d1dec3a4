import { sql } from 'kysely';
import pg from 'pg';
import { type Hub, openHub } from '../../src/hub/database.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { shadowNow } from './shadow-now.ts';

const START = '2026-11-22T08:00:00Z';
const SHADOW = `
create schema wound;
create table wound.time (at timestamptz not null);
insert into wound.time values ('${START}');
${shadowNow('wound', '(select at from wound.time)')}
do $$ begin execute format('alter database %I set search_path = wound, public, pg_catalog', current_database()); end $$;`;

/** A hub whose database tells a time that is wound by hand, with the clock of its processes: they go on when somebody sleeps, or when they are wound. */
export type WoundHub = AsyncDisposable & { readonly hub: Hub; readonly clock: Clock; wind(ms: number): Promise<void>; ms(): number };

export async function openWoundHub(url: string): Promise<WoundHub> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(SHADOW);
  await client.end();
  const hub = openHub(url, { connections: 6 });
  let ms = Date.parse(START);
  const wind = async (byMs: number): Promise<void> => {
    ms += byMs;
    await sql`update wound.time set at = to_timestamp(${ms / 1000}::float8)`.execute(hub);
  };
  const sleep: Clock['sleep'] = async (forMs, signal) => {
    signal?.throwIfAborted();
    await wind(Math.max(1, forMs));
  };
  return { hub, clock: { now: () => new Date(ms), sleep }, wind, ms: () => ms, [Symbol.asyncDispose]: () => hub.destroy() };
}
