import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { openHolds } from '../../hub/records/holds.ts';
import type { ChangedField } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import { type Flip, type FlipLine, findFlip, MOST_FLIPS, type Turn } from '../../merge/flips.ts';
import type { Outcome } from '../reconciling/batch.ts';

/** So many lines a record has to have within the day before it can have gone back and forth: else its journal is not read. */
const FEWEST = { lines: 4, conflicts: 2 };

type Suspect = { readonly recordId: string; readonly field: string; readonly lines: readonly FlipLine[] };
type Row = {
  readonly record_id: string;
  readonly at: Date;
  readonly connection_id: string | null;
  readonly who: string | null;
  readonly fields: Readonly<Record<string, ChangedField>>;
};

/**
 * Freezes the fields of records that two writers take from each other, with what these records are about to take in counted as well; whether any
 * were found. What was released is counted afresh from then on.
 */
export async function freezeFlips(tx: Tx, hubObject: string, outcomes: readonly Outcome[]): Promise<boolean> {
  const moved = outcomes.filter(({ record, planned }) => !record.fresh && planned.plan.changes.length > 0);
  if (moved.length === 0) return false;
  const restless = await restlessRecords(
    tx,
    moved.map(({ record }) => record.id),
  );
  if (restless.length === 0) return false;
  const journal = await readLines(tx, restless);
  const at = await timeNow(tx);
  const suspects = moved.filter(({ record }) => restless.includes(record.id)).flatMap((outcome) => suspectsOf(outcome, { journal, at }));
  const released = await readReleases(tx, suspects);
  const found = suspects.flatMap((suspect) => {
    const since = released.get(keyOf(suspect)) ?? '';
    const flip = findFlip(suspect.lines.filter((line) => line.at > since));
    return flip === null ? [] : [{ ...suspect, flip }];
  });
  await hold(tx, hubObject, found);
  return found.length > 0;
}

async function restlessRecords(tx: Tx, recordIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select record_id as id from change where record_id = any(${recordIds}::uuid[]) and at > now() - interval '24 hours'
    group by record_id having count(*) >= ${FEWEST.lines} or count(*) filter (where conflict) >= ${FEWEST.conflicts}`.execute(tx);
  return rows.map(({ id }) => id);
}

async function timeNow(tx: Tx): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(tx);
  return must(rows[0], 'the time').at;
}

async function readLines(tx: Tx, recordIds: readonly string[]): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select record_id, at, connection_id, coalesce(changed_by, actor) as who, fields from change
    where record_id = any(${recordIds}::uuid[]) and at > now() - interval '24 hours' and cause <> 'rollup' order by record_id, seq`.execute(
    tx,
  );
  return rows;
}

/** Each field that a record is about to take in, with all that was written to it within the day, and that at last. */
function suspectsOf({ record, links, planned }: Outcome, { journal, at }: { journal: readonly Row[]; at: Date }): readonly Suspect[] {
  const now = planned.plan.changes.flatMap(({ linkId, fields }): readonly Omit<Row, 'record_id'>[] => {
    const link = links.find(({ id }) => id === linkId);
    return link === undefined ? [] : [{ at, connection_id: link.connectionId, who: link.changedBy, fields }];
  });
  const before = journal.filter((row) => row.record_id === record.id);
  const fields = new Set(now.flatMap((row) => Object.keys(row.fields)));
  return [...fields].map((field) => ({ recordId: record.id, field, lines: [...before, ...now].flatMap((row) => lineOf(row, field)) }));
}

function lineOf({ at, connection_id, who, fields }: Omit<Row, 'record_id'>, field: string): readonly FlipLine[] {
  const change = fields[field];
  return change === undefined ? [] : [{ by: connection_id ?? 'hub', who, at: at.toISOString(), change }];
}

const keyOf = ({ recordId, field }: Pick<Suspect, 'recordId' | 'field'>): string => `${recordId}|${field}`;

/** When each of these fields was last released. */
async function readReleases(tx: Tx, suspects: readonly Suspect[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ recordId: string; field: string; at: Date }>`
    select record_id as "recordId", field, max(closed_at) as at from hold
    where kind = 'flip' and closed_at is not null and record_id = any(${suspects.map(({ recordId }) => recordId)}::uuid[]) group by 1, 2`.execute(
    tx,
  );
  return new Map(rows.map((row) => [keyOf(row), row.at.toISOString()]));
}

async function hold(tx: Tx, hubObject: string, found: readonly (Suspect & { readonly flip: Flip })[]): Promise<void> {
  const names = await namesOf(tx, found);
  await openHolds(
    tx,
    found.map(({ recordId, field, flip }) => {
      const writers = flip.writers.map((turn) => ({ ...turn, system: names.get(turn.by) ?? 'Syncline' }));
      const between = writers.map(({ system, who }) => (who === null ? system : `${system} (${who})`)).join(' and ');
      return {
        kind: 'flip',
        connectionId: null,
        object: hubObject,
        remoteId: recordId,
        recordId,
        linkId: null,
        field,
        reason: `${field} goes back and forth between ${between}: there and back ${MOST_FLIPS} times within a day. Nothing reads or writes it here until it is released or given a value.`,
        detail: {
          told: `${field} is frozen, since it goes back and forth between ${between}`,
          since: flip.since,
          times: flip.times,
          writers,
        },
      };
    }),
  );
}

async function namesOf(
  tx: Tx,
  found: readonly { readonly flip: { readonly writers: readonly Turn[] } }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = found.flatMap(({ flip }) => flip.writers.flatMap(({ by }) => (by === 'hub' ? [] : [by])));
  if (ids.length === 0) return new Map();
  const rows = await tx.selectFrom('connection').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
