import { sql } from 'kysely';
import { isTimeZone } from '../../kernel/zone.ts';
import type { Db, Tx } from '../database.ts';
import type { Ledger } from './ledger.ts';

/** What the vendor told of its day: how many calls it has, and how many were used then, by all and by us. */
export type DayHeard = { readonly max: number; readonly used: number; readonly ours: number; readonly atMs: number };

/** What a connection may still ask for. Times are the database's, in milliseconds. */
export type AllowanceRow = {
  readonly nowMs: number;
  readonly ledger: Ledger;
  readonly day: DayHeard | null;
  /** The hub's share of the day, in percent. */
  readonly share: number;
  readonly timeZone: string;
  /** How the vendor counts a day; null where it counts none. */
  readonly ends: 'midnight' | 'rolling' | null;
};

type Row = {
  now: number;
  ledger: Ledger | null;
  max: string | null;
  used: string | null;
  ours: string | null;
  heard: number | null;
  share: number;
  zone: string | null;
  ends: 'midnight' | 'rolling' | null;
};

const asked = (lock: boolean) => sql`
  extract(epoch from now())::float8 * 1000 as now, a.ledger, a.day_max as max, a.day_used as used, a.day_ours as ours, a.day_ends as ends,
  extract(epoch from a.day_heard_at)::float8 * 1000 as heard, c.daily_share as share, c.account ->> 'timeZone' as zone
  from connection c ${lock ? sql`join` : sql`left join`} allowance a on a.connection_id = c.id`;

/** The row of a connection, kept from others until the transaction ends; undefined when the connection is gone. */
export async function lockAllowance(tx: Tx, connectionId: string): Promise<AllowanceRow | undefined> {
  const read = async () =>
    (await sql<Row>`select ${asked(true)} where a.connection_id = ${connectionId} for update of a`.execute(tx)).rows[0];
  const found = await read();
  if (found !== undefined) return allowanceOf(found);
  await sql`insert into allowance (connection_id) select id from connection where id = ${connectionId} on conflict do nothing`.execute(tx);
  const made = await read();
  return made === undefined ? undefined : allowanceOf(made);
}

/** The row of a connection as it is now. */
export async function readAllowance(db: Db, connectionId: string): Promise<AllowanceRow | undefined> {
  const { rows } = await sql<Row>`select ${asked(false)} where c.id = ${connectionId}`.execute(db);
  return rows[0] === undefined ? undefined : allowanceOf(rows[0]);
}

/** The rows of all connections, by connection. */
export async function readAllowances(db: Db): Promise<ReadonlyMap<string, AllowanceRow>> {
  const { rows } = await sql<Row & { id: string }>`select c.id, ${asked(false)}`.execute(db);
  return new Map(rows.map((row) => [row.id, allowanceOf(row)]));
}

function allowanceOf({ now, ledger, max, used, ours, heard, share, zone, ends }: Row): AllowanceRow {
  return {
    nowMs: now,
    ledger: ledger ?? {},
    day: max === null || heard === null ? null : { max: Number(max), used: Number(used), ours: Number(ours), atMs: heard },
    share,
    timeZone: zone !== null && isTimeZone(zone) ? zone : 'UTC',
    ends,
  };
}

export async function writeAllowance(
  tx: Tx,
  connectionId: string,
  { ledger, day, ends }: Pick<AllowanceRow, 'ledger' | 'day' | 'ends'>,
): Promise<void> {
  await sql`
    update allowance set ledger = ${JSON.stringify(ledger)}::jsonb, day_ends = ${ends}, day_max = ${day?.max ?? null}, day_used = ${day?.used ?? null}, day_ours = ${day?.ours ?? null},
      day_heard_at = to_timestamp(${day === null ? null : day.atMs / 1000}::float8) where connection_id = ${connectionId}`.execute(tx);
}

/** Counts calls, or takes back some that were not made. */
export async function addUsage(tx: Tx, connectionId: string, calls: number): Promise<void> {
  if (calls === 0) return;
  await sql`
    insert into usage (connection_id, at, calls) values (${connectionId}, date_bin('15 minutes', now(), 'epoch'), ${calls})
    on conflict (connection_id, at) do update set calls = usage.calls + excluded.calls`.execute(tx);
}

/** How many calls were ours since a time, and when the first quarter of an hour with any of them began: of each connection that is asked for. */
export async function usageSince(
  db: Db,
  asked: readonly { readonly connectionId: string; readonly sinceMs: number }[],
): Promise<ReadonlyMap<string, { readonly calls: number; readonly firstMs: number | null }>> {
  const { rows } = await sql<{ id: string; calls: string | null; first: number | null }>`
    select a.id, sum(u.calls) as calls, extract(epoch from min(u.at) filter (where u.calls > 0))::float8 * 1000 as first
    from unnest(${asked.map(({ connectionId }) => connectionId)}::uuid[], ${asked.map(({ sinceMs }) => sinceMs / 1000)}::float8[]) as a (id, since)
      left join usage u on u.connection_id = a.id and u.at >= to_timestamp(a.since)
    group by a.id`.execute(db);
  return new Map(rows.map((row) => [row.id, { calls: Math.max(0, Number(row.calls ?? 0)), firstMs: row.first }]));
}

/** Gives the hub another share of the vendor's day; what had stopped for the old one is tried again. */
export async function setDailyShare(db: Db, connectionId: string, percent: number): Promise<void> {
  await sql`
    update connection set daily_share = ${percent}, spared_until = null, resume_at = case when cause = 'share_spent' then null else resume_at end
    where id = ${connectionId}`.execute(db);
}
