import { dayAround } from '../kernel/zone.ts';
import { type AllowanceRow, usageSince } from './allowances.ts';
import type { Db } from './database.ts';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

/** How a vendor counts a day's calls. */
export type DayKind = { readonly ends: 'midnight' | 'rolling' };

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

/** Adds up the day of a connection. What was heard on another day tells how long a day is, and nothing of this one. */
export async function dayOf(
  db: Db,
  connectionId: string,
  { nowMs, day, share: percent, timeZone }: AllowanceRow,
  kind: DayKind,
): Promise<Day> {
  const around = kind.ends === 'midnight' ? dayAround(nowMs, timeZone) : null;
  const startMs = around?.startMs ?? nowMs - DAY_MS;
  const { calls: ours, firstMs } = await usageSince(db, connectionId, startMs);
  const isToday = day !== null && day.atMs >= startMs;
  const resetsAtMs = around?.endMs ?? (firstMs ?? nowMs) + DAY_MS + QUARTER_MS;
  const max = day?.max ?? null;
  return {
    max,
    ours,
    others: isToday ? Math.max(0, day.used - day.ours) : 0,
    share: max === null ? null : Math.floor((max * percent) / 100),
    percent,
    resetsInMs: Math.max(1, resetsAtMs - nowMs),
    resetsAt: new Date(resetsAtMs).toISOString(),
  };
}

/** How many calls are left of the hub's share, and of the vendor's day for all together; infinite where the vendor counts none. */
export const leftOf = ({ max, ours, others, share }: Day): { readonly share: number; readonly day: number } => ({
  share: share === null ? Number.POSITIVE_INFINITY : share - ours,
  day: max === null ? Number.POSITIVE_INFINITY : max - ours - others,
});
