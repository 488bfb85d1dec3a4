import { HubError } from '../../../src/contract/errors.ts';
import type { Cursor } from '../../../src/contract/records.ts';
import { shift } from './times.ts';

/**
 * How a backfill goes on: by the list; by the search, as far as the index surely has everything; then into the list again, and along the
 * rest of it, which the index may not have yet.
 */
const WAYS = ['list', 'search', 'enter', 'rest'] as const;
export type Way = (typeof WAYS)[number];

/** All times are HubSpot's own. `after` is where the list goes on, or the last id that the search has passed. */
export type BackfillCursor = {
  readonly v: 1;
  readonly phase: 'backfill';
  readonly after: string;
  readonly startedAt: string;
  /** Missing: by the list. */
  readonly way?: Way;
};

/** A search that was not finished: what it looks for, when it began, and the last id that it has passed. */
export type Pass = { readonly from: string; readonly startedAt: string; readonly deep: boolean; readonly after: string };

/** `since`: from when on changes are still unread. `deepSince`: from when on the next search for stragglers looks. */
export type DeltaCursor = {
  readonly v: 1;
  readonly phase: 'delta';
  readonly since: string;
  readonly deepSince: string;
  readonly pass?: Pass;
};

/** What is older than this is in the index. */
export const DEEP_REACH_MS = 600_000;
const DEEP_EVERY_MS = 300_000;

/** The cursor of a backfill that is complete: everything since it began is still to be read. */
export function afterBackfill(startedAt: string, indexLagMs: number): DeltaCursor {
  return { v: 1, phase: 'delta', since: shift(startedAt, -indexLagMs), deepSince: shift(startedAt, -DEEP_REACH_MS) };
}

/** The cursor after a finished pass. */
export function afterPass({ deepSince }: DeltaCursor, pass: { startedAt: string; deep: boolean }, indexLagMs: number): DeltaCursor {
  const next = pass.deep ? shift(pass.startedAt, -DEEP_REACH_MS) : deepSince;
  return { v: 1, phase: 'delta', since: shift(pass.startedAt, -indexLagMs), deepSince: next };
}

/** Whether it is time to look for what the index showed later than the usual lag: at most once in five minutes. */
export function isDeepDue({ since, deepSince }: DeltaCursor): boolean {
  return Date.parse(since) - Date.parse(deepSince) >= DEEP_REACH_MS + DEEP_EVERY_MS;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isTime = (raw: unknown): raw is string => typeof raw === 'string' && ISO.test(raw) && !Number.isNaN(Date.parse(raw));
const isId = (raw: unknown): raw is string => typeof raw === 'string' && raw !== '';

/** A stored cursor, checked; `cursor_expired` when it is not one of this version. */
export function parseCursor(raw: Cursor): BackfillCursor | DeltaCursor {
  const { v, phase, after, startedAt, way, since, deepSince, pass } = raw;
  if (v === 1 && phase === 'backfill' && isId(after) && isTime(startedAt)) {
    const known = WAYS.find((one) => one === (way ?? 'list'));
    if (known !== undefined) return { v, phase, after, startedAt, way: known };
  }
  if (v === 1 && phase === 'delta' && isTime(since) && isTime(deepSince)) {
    if (pass === undefined) return { v, phase, since, deepSince };
    if (isPass(pass)) return { v, phase, since, deepSince, pass };
  }
  throw new HubError('cursor_expired', 'The stored position in HubSpot is of another version or damaged');
}

function isPass(raw: unknown): raw is Pass {
  if (typeof raw !== 'object' || raw === null) return false;
  const { from, startedAt, deep, after }: Partial<Record<keyof Pass, unknown>> = raw;
  return isTime(from) && isTime(startedAt) && typeof deep === 'boolean' && isId(after);
}
