import { must } from '../../kernel/must.ts';
import { dayAround } from '../../kernel/zone.ts';
import type { Db } from '../database.ts';
import { type AllowanceRow, usageSince } from './allowances.ts';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

/** A connection's day: what the vendor allows all together, what was used of it, and what the hub may still use. */
export type Day = {
  readonly max: number | null;
  readonly ours: number;
  /** What others have used, as far as the vendor has told. */
  readonly others: number;
  /** How many calls the hub's share is; null when the vendor has not told how long its day is. */
  readonly share: number | null;
  readonly percent: number;
  /** When there is more again. */
  readonly resetsInMs: number;
  readonly resetsAt: string;
};

/** Adds up the day of a connection. */
export async function dayOf(db: Db, connectionId: string, row: AllowanceRow): Promise<Day> {
  return must((await daysOf(db, new Map([[connectionId, row]]))).get(connectionId), 'the day of a connection');
}

/** Adds up the days of connections; where the vendor counts none, the last 24 hours. */
export async function daysOf(db: Db, rows: ReadonlyMap<string, AllowanceRow>): Promise<ReadonlyMap<string, Day>> {
  const around = new Map([...rows].map(([id, row]) => [id, row.ends === 'midnight' ? dayAround(row.nowMs, row.timeZone) : null]));
  const startOf = (id: string, { nowMs }: AllowanceRow) => around.get(id)?.startMs ?? nowMs - DAY_MS;
  const usage = await usageSince(
    db,
    [...rows].map(([connectionId, row]) => ({ connectionId, sinceMs: startOf(connectionId, row) })),
  );
  return new Map(
    [...rows].map(([id, row]) => {
      const { calls, firstMs } = usage.get(id) ?? { calls: 0, firstMs: null };
      const endMs = around.get(id)?.endMs ?? (firstMs ?? row.nowMs) + DAY_MS + QUARTER_MS;
      return [id, addedUp(row, { ours: calls, startMs: startOf(id, row), endMs })];
    }),
  );
}

/** What was heard on another day tells how long a day is, and nothing of this one. */
function addedUp(
  { nowMs, day, share }: AllowanceRow,
  { ours, startMs, endMs }: Readonly<Record<'ours' | 'startMs' | 'endMs', number>>,
): Day {
  const isToday = day !== null && day.atMs >= startMs;
  return {
    max: day?.max ?? null,
    ours,
    others: isToday ? Math.max(0, day.used - day.ours) : 0,
    share: day === null ? null : Math.floor((day.max * share) / 100),
    percent: share,
    resetsInMs: Math.max(1, endMs - nowMs),
    resetsAt: new Date(endMs).toISOString(),
  };
}

/** How many calls are left of the hub's share, and of the vendor's day for all together; infinite where the vendor counts none. */
export const leftOf = ({ max, ours, others, share }: Day): { readonly share: number; readonly day: number } => ({
  share: share === null ? Number.POSITIVE_INFINITY : share - ours,
  day: max === null ? Number.POSITIVE_INFINITY : max - ours - others,
});
