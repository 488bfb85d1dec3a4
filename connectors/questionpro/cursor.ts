import { keptInstant, unusableCursor } from '../../src/contract/kept-cursor.ts';
import { number, text } from '../../src/contract/raw.ts';
import type { Cursor } from '../../src/contract/records.ts';

/** What the survey's counters showed before the read that the cursor stands for. */
export type Counted = { readonly marks: string | null; readonly completed: number | null };

/** Reading everything: `again` re-reads because rows moved between pages; `read` of `total` rows were seen in this pass. */
export type Backfill = Counted & {
  readonly v: 1;
  readonly phase: 'backfill';
  readonly page: number;
  readonly again: boolean;
  readonly read: number;
  readonly total: number | null;
  readonly startedAt: string | null;
  readonly newest: string | null;
};

/**
 * Reading what came since. `missing` completed responses were counted by the vendor and not found yet, after `looks` looks; `fullAt` is
 * when everything was last read to find such.
 */
export type Delta = Counted & {
  readonly v: 1;
  readonly phase: 'delta';
  readonly startedAt: string | null;
  readonly newest: string | null;
  readonly missing: number;
  readonly looks: number;
  readonly fullAt: string | null;
};

/** Reading all of CX, like a survey. */
export type CxBackfill = Pick<Backfill, 'v' | 'page' | 'again' | 'read' | 'total' | 'startedAt'> & { readonly phase: 'cx_backfill' };
/** Reading what came to CX since; `fullAt` is when everything was last looked through, and `total` how much that was. */
export type CxDelta = Pick<Delta, 'v' | 'startedAt' | 'fullAt'> & { readonly phase: 'cx_delta'; readonly total: number | null };

const unusable = unusableCursor('survey');
const instant = (value: unknown): string | null => keptInstant(value, unusable);

/** Refuses a cursor that begins later than the vendor's own clock by more than `slackMs`: what came before would never be read. */
export function requireUsable({ startedAt }: Pick<Delta, 'startedAt'>, servedAt: string | null, slackMs: number): void {
  if (startedAt === null || servedAt === null) return;
  if (Date.parse(startedAt) > Date.parse(servedAt) + slackMs) throw unusable('lies in the future');
}

/** Reads back a stored cursor; one that this version did not write is `cursor_expired`. */
export function readCursor(from: Cursor): Backfill | Delta {
  if (from.v !== 1) throw unusable('is of another version');
  const common = {
    startedAt: instant(from.startedAt),
    newest: instant(from.newest),
    marks: text(from.marks),
    completed: number(from.completed),
  };
  if (from.phase === 'delta') {
    const [missing, looks] = [number(from.missing) ?? 0, number(from.looks) ?? 0];
    return { v: 1, phase: 'delta', ...common, missing, looks, fullAt: instant(from.fullAt) };
  }
  const page = number(from.page);
  if (from.phase === 'backfill' && page !== null && page >= 1) {
    const [read, total] = [number(from.read) ?? 0, number(from.total)];
    return { v: 1, phase: 'backfill', ...common, page, again: from.again === true, read, total };
  }
  throw unusable('cannot be read');
}

/** The same for CX. */
export function readCxCursor(from: Cursor): CxBackfill | CxDelta {
  if (from.v !== 1) throw unusable('is of another version');
  const startedAt = instant(from.startedAt);
  if (from.phase === 'cx_delta') return { v: 1, phase: 'cx_delta', startedAt, fullAt: instant(from.fullAt), total: number(from.total) };
  const page = number(from.page);
  if (from.phase !== 'cx_backfill' || page === null || page < 1) throw unusable('cannot be read');
  const [read, total] = [number(from.read) ?? 0, number(from.total)];
  return { v: 1, phase: 'cx_backfill', startedAt, page, again: from.again === true, read, total };
}
