import type { Fields, FieldValue } from '../contract/records.ts';
import type { JournalLine } from '../hub/records/journal.ts';
import type { Archived } from '../hub/stored.ts';
import { sameValue } from './same.ts';

/** What the journal of one record, oldest line first, tells of a moment. */
export type Then = { readonly fields: Fields; readonly archived: Archived | null };

/** The lines that had been written by a time, and those that came after. A line whose clock ran late stands where it was written. */
export function splitAt(journal: readonly JournalLine[], time: string): { before: readonly JournalLine[]; after: readonly JournalLine[] } {
  const ms = Date.parse(time);
  const first = journal.findIndex((line) => Date.parse(line.at) > ms);
  return first < 0 ? { before: journal, after: [] } : { before: journal.slice(0, first), after: journal.slice(first) };
}

/** The record as it was: what it is now, with every line that came after taken back, the newest first. */
export function foldBack(now: Then, journal: readonly JournalLine[], time: string): Then {
  const { before, after } = splitAt(journal, time);
  const fields: Record<string, FieldValue> = { ...now.fields };
  for (const line of after.toReversed()) {
    for (const [field, { old }] of Object.entries(line.fields)) {
      if (old === null) delete fields[field];
      else fields[field] = old;
    }
  }
  return { fields, archived: after.some(movesPresence) ? archivedBy(before) : now.archived };
}

/** The record as the lines up to a time made it: the same as folding back, from the other end. */
export function foldForward(journal: readonly JournalLine[], time: string): Then {
  const { before } = splitAt(journal, time);
  const fields: Record<string, FieldValue> = {};
  for (const line of before) {
    for (const [field, change] of Object.entries(line.fields)) {
      if (change.new === null) delete fields[field];
      else fields[field] = change.new;
    }
  }
  return { fields, archived: archivedBy(before) };
}

/** How the last line that speaks of it left the record: out of use, or in use. */
export function archivedBy(lines: readonly JournalLine[]): Archived | null {
  const last = lines.findLast(movesPresence);
  return last === undefined ? null : presenceAfter(last);
}

/** Whether a line tells that the record was taken out of use, or brought back. */
export const movesPresence = (line: JournalLine): boolean =>
  line.cause === 'removed' || line.cause === 'restored' || 'archived' in line.detail;

function presenceAfter({ cause, detail }: JournalLine): Archived | null {
  if ('archived' in detail) return detail.archived as Archived | null;
  return cause === 'removed' ? (detail as unknown as Archived) : null;
}

/** Whether a line gave a field another value; a line may also tell of a value that stood its ground. */
export function moves(line: JournalLine, field: string): boolean {
  const change = line.fields[field];
  return change !== undefined && !sameValue(change.old, change.new);
}
