import { keptInstant, unusableCursor } from '../../src/contract/kept-cursor.ts';
import { number, text } from '../../src/contract/raw.ts';
import type { Cursor } from '../../src/contract/records.ts';

/** Reading everything, newest first: `before` is the last token seen, `read` of `total` responses were seen. */
export type Backfill = {
  readonly v: 1;
  readonly phase: 'backfill';
  readonly before: string | null;
  readonly watermark: string | null;
  readonly read: number;
  readonly total: number | null;
};

/** Reading what came since: everything submitted before `watermark` is stored, but for what the vendor shows late. Null: nothing is. */
export type Delta = { readonly v: 1; readonly phase: 'delta'; readonly watermark: string | null };

export const FROM_THE_START: Backfill = { v: 1, phase: 'backfill', before: null, watermark: null, read: 0, total: null };

const unusable = unusableCursor('form');
const instant = (value: unknown): string | null => keptInstant(value, unusable);

/** Refuses a cursor that is ahead of the vendor's own clock by more than `slackMs`: what comes meanwhile would never be read. */
export function requireUsable({ watermark }: Delta, servedAt: string | null, slackMs: number): void {
  if (watermark === null || servedAt === null) return;
  if (Date.parse(watermark) > Date.parse(servedAt) + slackMs) throw unusable('lies in the future');
}

/** Reads back a stored cursor; one that this version did not write is `cursor_expired`. */
export function readCursor(from: Cursor): Backfill | Delta {
  if (from.v !== 1) throw unusable('is of another version');
  const watermark = instant(from.watermark);
  if (from.phase === 'delta') return { v: 1, phase: 'delta', watermark };
  if (from.phase === 'backfill') {
    return { v: 1, phase: 'backfill', before: text(from.before), watermark, read: number(from.read) ?? 0, total: number(from.total) };
  }
  throw unusable('cannot be read');
}
