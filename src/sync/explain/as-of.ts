import { sql } from 'kysely';
import { validate } from 'uuid';
import type { Fields, FieldValue } from '../../contract/records.ts';
import type { Db } from '../../hub/database.ts';
import { type JournalLine, readJournal } from '../../hub/records/journal.ts';
import type { Archived, Stamps } from '../../hub/stored.ts';
import { foldBack, moves, splitAt } from '../../merge/history.ts';
import { sameValue } from '../../merge/same.ts';
import type { Engine } from '../engine.ts';

/** A record as it was at a time. A record that had been merged by then stands under the one that it was merged into. */
export type RecordThen = {
  readonly id: string;
  readonly object: string;
  readonly at: string;
  readonly fields: Fields;
  readonly archived: Archived | null;
  readonly mergedInto: string | null;
};

/** One field that two times of a record differ in, with everything that happened to it between them. */
export type DifferingField = {
  readonly field: string;
  readonly from: FieldValue;
  readonly to: FieldValue;
  readonly changes: readonly JournalLine[];
};
export type Difference = { readonly from: RecordThen | null; readonly to: RecordThen; readonly fields: readonly DifferingField[] };

/** A record with its journal, oldest line first: all that its past is told from. */
export type Past = {
  readonly record: { readonly object: string; readonly fields: Fields; readonly stamps: Stamps; readonly archived: Archived | null };
  readonly beganAt: string;
  readonly mergedInto: string | null;
  readonly journal: readonly JournalLine[];
  readonly mergings: readonly { readonly at: string; readonly winnerId: string; readonly undoneAt: string | null }[];
};

/** Reads a record and its past in one snapshot, so that no line is told of a record that does not have it yet. Null when there is none. */
export async function readPast(engine: Engine, recordId: string): Promise<Past | null> {
  if (!validate(recordId)) return null;
  return engine.hub
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((tx) => readPastIn(tx, recordId));
}

async function readPastIn(tx: Db, recordId: string): Promise<Past | null> {
  type Row = Past['record'] & { createdAt: Date; mergedInto: string | null };
  const { rows } = await sql<Row>`
    select object, fields, stamps, archived, created_at as "createdAt", merged_into as "mergedInto" from record where id = ${recordId}`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { createdAt, mergedInto, ...record } = row;
  const { rows: mergings } = await sql<{ at: Date; winnerId: string; undoneAt: Date | null }>`
    select at, winner_id as "winnerId", undone_at as "undoneAt" from merging where loser_id = ${recordId} order by id`.execute(tx);
  return {
    record,
    mergedInto,
    beganAt: createdAt.toISOString(),
    journal: await readJournal(tx, [recordId]),
    mergings: mergings.map((one) => ({ ...one, at: one.at.toISOString(), undoneAt: one.undoneAt?.toISOString() ?? null })),
  };
}

/** The record as it was at a time; null when there was none yet. */
export async function recordAt(engine: Engine, recordId: string, time: string): Promise<RecordThen | null> {
  const past = await readPast(engine, recordId);
  return past === null ? null : thenOf(recordId, past, time);
}

/** The same, out of a past that has been read. */
export function thenOf(id: string, past: Past, time: string): RecordThen | null {
  const at = new Date(time).toISOString();
  if (Date.parse(past.beganAt) > Date.parse(at)) return null;
  return { id, object: past.record.object, at, ...foldBack(past.record, past.journal, at), mergedInto: mergedIntoAt(past, at) };
}

function mergedIntoAt({ mergings, mergedInto }: Past, at: string): string | null {
  // A merge from before merges were noted has no time: it is told of every time.
  if (mergings.length === 0) return mergedInto;
  return mergings.findLast((one) => one.at <= at && (one.undoneAt === null || one.undoneAt > at))?.winnerId ?? null;
}

/** What differs between two times of a record, and why. Null when there was none at the later one. */
export async function difference(
  engine: Engine,
  recordId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Difference | null> {
  const past = await readPast(engine, recordId);
  const [earlier, later] = past === null ? [null, null] : [thenOf(recordId, past, from), thenOf(recordId, past, to)];
  if (past === null || later === null) return null;
  const between = splitAt(splitAt(past.journal, later.at).before, new Date(from).toISOString()).after;
  const names = new Set([...Object.keys(earlier?.fields ?? {}), ...Object.keys(later.fields)]);
  const fields = [...names].flatMap((field): readonly DifferingField[] => {
    const [before, after] = [earlier?.fields[field] ?? null, later.fields[field] ?? null];
    if (sameValue(before, after)) return [];
    return [{ field, from: before, to: after, changes: between.filter((line) => moves(line, field)) }];
  });
  return { from: earlier, to: later, fields };
}
