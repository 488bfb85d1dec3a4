import { sql } from 'kysely';
import type { HubModel } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';
import { type LinkView, linksOf } from './links.ts';
import { exactMatches, pointingAt, type Search, wordMatches } from './search.ts';
import { type After, iso, mapSlice, type Slice, sliceOf } from './slice.ts';
import { type Systems, systemsById } from './systems.ts';
import { titleOf } from './titles.ts';

const COLUMNS = ['id', 'object', 'fields', 'stamps', 'merged_into', 'archived_at', 'archived', 'created_at', 'updated_at'] as const;
type Row = Awaited<ReturnType<typeof readRecords>>[number];
export type RecordView = ReturnType<typeof viewOf>;
export type RecordQuery = {
  readonly object?: string | undefined;
  readonly search?: Search | undefined;
  readonly pointsAt?: string | undefined;
  /** Those out of use instead of those in use. */
  readonly archived?: boolean | undefined;
};
type Around = { readonly model: HubModel; readonly links: Map<string, LinkView[]>; readonly holds: Map<string, number> };

/** Records in use that are not merged into others, the newest first; `search` finds by any id, e-mail, phone, or part of a name. */
export async function listRecords(db: Db, model: HubModel, wanted: RecordQuery, page: After): Promise<Slice<RecordView>> {
  let query = records(db)
    .where('merged_into', 'is', null)
    .where('archived_at', wanted.archived === true ? 'is not' : 'is', null)
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (wanted.object !== undefined) query = query.where('object', '=', wanted.object);
  if (page.after !== null) query = query.where('id', '<', page.after);
  if (wanted.pointsAt !== undefined) query = query.where(pointingAt(wanted.pointsAt));
  if (wanted.search !== undefined) query = await matching(db, query, { ...wanted, search: wanted.search }, page);
  const slice = sliceOf(await query.execute(), page.limit);
  const around = await aroundOf(db, model, slice.items, await systemsById(db));
  return mapSlice(slice, (row) => viewOf(row, around));
}

/** One record with its links, also when it was merged into another. */
export async function recordById(db: Db, model: HubModel, systems: Systems, id: string) {
  const row = await records(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const around = await aroundOf(db, model, [row], systems);
  return { ...viewOf(row, around), mergedInto: row.merged_into, stamps: row.stamps };
}

const records = (db: Db) => db.selectFrom('record').select(COLUMNS);
const readRecords = (db: Db) => records(db).execute();

/** What is named exactly is found alone; else what each word of the search is a part of. */
async function matching(db: Db, query: ReturnType<typeof records>, { search, ...narrowed }: Searched, page: After) {
  const exact = await exactMatches(db, search);
  const ids = exact.length > 0 ? exact : await wordMatches(db, search.terms, narrowed, page);
  return query.where(sql<boolean>`record.id = any(${ids}::uuid[])`);
}
type Searched = RecordQuery & { readonly search: Search };

async function aroundOf(db: Db, model: HubModel, rows: readonly Row[], systems: Systems): Promise<Around> {
  const ids = rows.map((row) => row.id);
  return { model, links: await linksOf(db, ids, systems), holds: await openHoldsOf(db, ids) };
}

async function openHoldsOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('hold')
    .select(['record_id', sql<number>`count(*)::int`.as('count')])
    .where('closed_at', 'is', null)
    .where('record_id', 'in', ids)
    .groupBy('record_id')
    .execute();
  return new Map(rows.flatMap((row) => (row.record_id === null ? [] : [[row.record_id, row.count] as const])));
}

function archivedOf({ archived_at: at, archived }: Row) {
  return at === null || archived === null ? null : { at: iso(at), by: archived.by, reason: archived.reason, removes: archived.removes };
}

function viewOf(row: Row, around: Around) {
  return {
    id: row.id,
    object: row.object,
    title: titleOf(around.model, row.object, row.fields),
    fields: row.fields,
    links: around.links.get(row.id) ?? [],
    openHolds: around.holds.get(row.id) ?? 0,
    archived: archivedOf(row),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  };
}
