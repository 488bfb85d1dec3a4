import { sql } from 'kysely';
import type { HubModel } from '../../mapping/mapping.ts';
import { nameOfActor } from '../access/actors.ts';
import type { Db } from '../database.ts';
import { type After, iso, isoOrNull, mapSlice, type Slice, sliceOf } from './slice.ts';
import { titleOf } from './titles.ts';

const COLUMNS = [
  'merging.id',
  'merging.winner_id',
  'merging.loser_id',
  'merging.at',
  'merging.cause',
  'merging.actor',
  'merging.undone_at',
  'merging.undone_by',
  'winner.object',
  'winner.fields as winner_fields',
  'loser.fields as loser_fields',
] as const;
type Row = Awaited<ReturnType<typeof readMergings>>[number];
export type MergingView = ReturnType<typeof viewOf>;

/** The merges that made a record what it is, or that it ended in; the newest first. */
export async function listMergings(db: Db, model: HubModel, recordId: string, page: After): Promise<Slice<MergingView>> {
  let query = mergings(db)
    .where(
      sql<boolean>`(merging.winner_id in (select id from record where id = ${recordId} or merged_into = ${recordId}) or merging.loser_id = ${recordId})`,
    )
    .orderBy('merging.id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query = query.where('merging.id', '<', page.after);
  return mapSlice(sliceOf(await query.execute(), page.limit), (row) => viewOf(row, model));
}

/** One merge of two records. */
export async function mergingById(db: Db, model: HubModel, id: string): Promise<MergingView | null> {
  const row = await mergings(db).where('merging.id', '=', id).executeTakeFirst();
  return row === undefined ? null : viewOf(row, model);
}

const mergings = (db: Db) =>
  db
    .selectFrom('merging')
    .innerJoin('record as winner', 'winner.id', 'merging.winner_id')
    .innerJoin('record as loser', 'loser.id', 'merging.loser_id')
    .select(COLUMNS)
    .select([
      nameOfActor<string | null>('merging.actor').as('actor_name'),
      nameOfActor<string | null>('merging.undone_by').as('undone_by_name'),
    ]);
const readMergings = (db: Db) => mergings(db).execute();

function viewOf(row: Row, model: HubModel) {
  return {
    id: row.id,
    object: row.object,
    winner: { id: row.winner_id, title: titleOf(model, row.object, row.winner_fields) },
    loser: { id: row.loser_id, title: titleOf(model, row.object, row.loser_fields) },
    at: iso(row.at),
    cause: row.cause,
    actor: row.actor,
    actorName: row.actor_name,
    undoneAt: isoOrNull(row.undone_at),
    undoneBy: row.undone_by,
    undoneByName: row.undone_by_name,
  };
}
