import { sql } from 'kysely';
import type { Clock } from '../kernel/clock.ts';
import { must } from '../kernel/must.ts';
import type { Hub } from './database.ts';

export const CHECKS = ['database', 'clock', 'queue', 'workers', 'keys', 'disk', 'connections'] as const;
/** What a hub needs, looked at: whether it is well, and the figure or names that tell. */
export type Finding = { readonly check: (typeof CHECKS)[number]; readonly ok: boolean; readonly figure: string };

const OLDEST_POSTGRES = 160_000;
const MOST_SKEW_MS = 5_000;
const LATE_MIN = 30;

/** What the database itself can tell. */
export async function examineDatabase(hub: Hub, clock: Pick<Clock, 'now'>): Promise<readonly Finding[]> {
  const before = clock.now().getTime();
  const { rows } = await sql<{ n: number; version: string; now: Date }>`
    select current_setting('server_version_num')::int as n, current_setting('server_version') as version, clock_timestamp() as now`.execute(
    hub,
  );
  const after = clock.now().getTime();
  const { n = 0, version = '', now = new Date(0) } = rows[0] ?? {};
  // The answer was written somewhere between the question and its arrival.
  const skew = Math.max(before - now.getTime(), now.getTime() - after, 0);
  return [
    { check: 'database', ok: n >= OLDEST_POSTGRES, figure: `Postgres ${version}` },
    { check: 'clock', ok: skew <= MOST_SKEW_MS, figure: String(skew) },
    await examineWorkers(hub),
    await examineConnections(hub),
  ];
}

async function examineWorkers(hub: Hub): Promise<Finding> {
  const { rows } = await sql<{ at: Date; ok: boolean }>`
    select changed_at as at, changed_at > now() - ${LATE_MIN} * interval '1 minute' as ok from setting where name = 'retention_looked'`.execute(
    hub,
  );
  return { check: 'workers', ok: rows[0]?.ok ?? false, figure: rows[0]?.at.toISOString() ?? '' };
}

async function examineConnections(hub: Hub): Promise<Finding> {
  const ill = await hub
    .selectFrom('connection')
    .select('name')
    .where('state', 'not in', ['ready', 'new'])
    .where('enabled', '=', true)
    .orderBy('name')
    .execute();
  return { check: 'connections', ok: ill.length === 0, figure: ill.map(({ name }) => name).join(', ') };
}

/** Up to how many lines of the journal are counted one by one; of more, the database knows about how many there are. */
const MOST_COUNTED = 10_000;

/** How much there is: counted, or as near as the database knows without counting. */
export async function sizesOf(hub: Hub) {
  const { rows } = await sql<{ bytes: string; counted: number; about: string }>`
    select pg_database_size(current_database()) as bytes, (select count(*)::int from (select from change limit ${MOST_COUNTED + 1}) c) as counted,
      (select greatest(reltuples, 0)::bigint from pg_class where oid = 'change'::regclass) as about`.execute(hub);
  const { bytes, counted, about } = must(rows[0], 'the sizes');
  const isCounted = counted <= MOST_COUNTED;
  return { bytes: Number(bytes), changes: isCounted ? counted : Math.max(counted, Number(about)), isCounted };
}
