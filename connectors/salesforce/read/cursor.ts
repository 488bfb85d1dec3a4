import { HubError } from '../../../src/contract/errors.ts';
import type { Cursor } from '../../../src/contract/records.ts';
import type { Types } from '../schema/values.ts';

/**
 * Everything with an id up to `lastId` was read, `read` records so far; `startedAt` is when the first page was served. `job` gathers the others from
 * the other end, and everything from `until` on was read of it; null when there is to be none.
 */
export type Backfill = {
  readonly phase: 'backfill';
  readonly lastId: string | null;
  readonly read: number;
  readonly startedAt: string | null;
  readonly types: Types;
  readonly job?: { readonly id: string; readonly locator: string | null } | null;
  readonly until?: string;
};
/**
 * Everything up to `readAt` was read; within a read that was cut short, everything from there up to the stamp `from` as well, and of that stamp
 * everything up to `fromId`: thousands of rows may have one stamp.
 */
export type Delta = {
  readonly phase: 'delta';
  readonly readAt: string;
  readonly from: string | null;
  readonly fromId?: string;
  readonly types: Types;
};
/** Where a read stands. All times are the server's own, so that nobody's clock matters. */
export type Position = Backfill | Delta;

/** The position as the hub keeps it. */
export function toCursor(position: Position): Cursor {
  return { v: 1, ...position };
}

function unusable(why: string): HubError {
  return new HubError('cursor_expired', `the cursor is ${why}`);
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value));
}

// It becomes a part of a query.
function isRowId(value: unknown): value is string {
  return typeof value === 'string' && /^\w+$/.test(value);
}

function isJob(value: unknown): value is Backfill['job'] {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && 'id' in value && isRowId(value.id) && 'locator' in value && isLocator(value.locator);
}

const isLocator = (value: unknown): boolean => value === null || typeof value === 'string';

function isTypes(value: unknown): value is Types {
  return typeof value === 'object' && value !== null && Object.values(value).every((type) => typeof type === 'string');
}

/** The position in a cursor, or `cursor_expired` when it is not one of ours. */
export function fromCursor(cursor: Cursor): Position {
  if (cursor.v !== 1) throw unusable('of another version');
  const { phase, types, lastId, read, startedAt, readAt, from, fromId, job, until } = cursor;
  if (!isTypes(types)) throw unusable('damaged');
  if (phase === 'backfill' && isRowId(lastId) && typeof read === 'number' && isInstant(startedAt)) {
    if (!isJob(job) || (until !== undefined && !isRowId(until))) throw unusable('damaged');
    return { phase, lastId, read, startedAt, types, ...(job === undefined ? {} : { job }), ...(until === undefined ? {} : { until }) };
  }
  if (phase === 'delta' && isInstant(readAt) && (from === null || isInstant(from))) {
    if (fromId === undefined) return { phase, readAt, from, types };
    if (isRowId(fromId)) return { phase, readAt, from, fromId, types };
  }
  throw unusable('damaged');
}

const dayMs = 86_400_000;
const skewMs = 60_000;

/** Refuses a position that the server's clock contradicts, or that is older than what the recycle bin still shows (15 days). */
export function requireUsable(readAt: string, servedAt: string): void {
  const since = Date.parse(readAt);
  const now = Date.parse(servedAt);
  if (since > now + skewMs) throw unusable('from the future');
  if (since < now - 14 * dayMs) throw unusable('older than the recycle bin: deletes may have been missed');
}
