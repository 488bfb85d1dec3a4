import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import { canonical } from '../../kernel/json.ts';
import type { HubModel } from '../../mapping/mapping.ts';
import { nameOfActor } from '../access/actors.ts';
import type { Db } from '../database.ts';
import type { ChangedField } from '../stored.ts';
import { type After, iso, mapSlice, type Slice, sliceOf } from './slice.ts';
import { nameOf, type Systems, systemOf } from './systems.ts';
import { labelOf, titleOf } from './titles.ts';

const COLUMNS = [
  'change.id',
  'change.record_id',
  'change.at',
  'change.cause',
  'change.connection_id',
  'change.remote_id',
  'change.run_id',
  'change.actor',
  'change.fields',
  'change.conflict',
  'record.object',
  'record.fields as now',
] as const;
const WHO = nameOfActor<string | null>('change.actor').as('actor_name');
type Row = Awaited<ReturnType<typeof readChanges>>[number];
export type ChangeView = ReturnType<typeof viewOf>;
export type JournalQuery = {
  readonly recordId?: string | undefined;
  readonly ids?: readonly string[];
  readonly until?: string | undefined;
  readonly conflictsOnly: boolean;
};
type Around = { readonly model: HubModel; readonly systems: Systems };

/** The journal, the newest first: of one record or of all; all lines, or only those in which a value gave way to another. */
export async function listChanges(db: Db, around: Around, wanted: JournalQuery, page: After): Promise<Slice<ChangeView>> {
  let query = changes(db)
    .orderBy('change.id', 'desc')
    .limit(page.limit + 1);
  if (wanted.recordId !== undefined) query = query.where(ofRecord(wanted.recordId));
  if (wanted.ids !== undefined) query = query.where(sql<boolean>`change.id = any(${wanted.ids}::uuid[])`);
  if (wanted.until !== undefined) query = query.where('change.at', '<=', new Date(wanted.until));
  if (wanted.conflictsOnly) query = query.where('change.conflict', '=', true);
  if (page.after !== null) query = query.where('change.id', '<', page.after);
  return mapSlice(sliceOf(await query.execute(), page.limit), (row) => viewOf(row, around));
}

/** Lines of a record, and of those that were merged into it. */
const ofRecord = (id: string) => sql<boolean>`change.record_id in (select r.id from record r where r.id = ${id} or r.merged_into = ${id})`;

const changes = (db: Db) => db.selectFrom('change').innerJoin('record', 'record.id', 'change.record_id').select(COLUMNS).select(WHO);
const readChanges = (db: Db) => changes(db).execute();

function viewOf(row: Row, around: Around) {
  return {
    id: row.id,
    recordId: row.record_id,
    recordTitle: titleOf(around.model, row.object, row.now),
    object: row.object,
    at: iso(row.at),
    cause: row.cause,
    connection: row.connection_id === null ? null : systemOf(around.systems, row.connection_id),
    remoteId: row.remote_id,
    runId: row.run_id,
    actor: row.actor,
    actorName: row.actor_name,
    conflict: row.conflict,
    fields: inModelOrder(around.model, row).map(([field, change]) => ({
      field,
      label: labelOf(around.model, row.object, field),
      old: change.old,
      new: change.new,
      rule: change.rule ?? null,
      lost: change.lost === undefined ? null : lostView(field, change.lost, row.now, around.systems),
    })),
  };
}

// jsonb forgets the order of its keys; people read the fields in the order in which the model names them.
function inModelOrder(model: HubModel, row: Row): readonly (readonly [string, ChangedField])[] {
  const order = [...(model.get(row.object)?.fields.keys() ?? [])];
  return Object.entries(row.fields).toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

function lostView(field: string, lost: NonNullable<ChangedField['lost']>, now: Fields, systems: Systems) {
  const restorable = canonical(now[field] ?? null) !== canonical(lost.value);
  return { value: lost.value, by: lost.by, byName: nameOf(systems, lost.by), at: lost.at, restorable };
}
