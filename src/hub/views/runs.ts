import { nameOfActor } from '../access/actors.ts';
import type { Db } from '../database.ts';
import { type Equation, equationsOf } from '../records/accounting.ts';
import { type After, iso, isoOrNull, mapSlice, sliceOf } from './slice.ts';

/** What the runs did, the newest first; of one connection, or of all. */
export async function listRuns(db: Db, filter: { readonly connectionId?: string | undefined }, page: After) {
  let query = runRows(db)
    .orderBy('run.id', 'desc')
    .limit(page.limit + 1);
  if (filter.connectionId !== undefined) query = query.where('stream.connection_id', '=', filter.connectionId);
  if (page.after !== null) query = query.where('run.id', '<', page.after);
  const slice = sliceOf(await query.execute(), page.limit);
  const equations = await equationsOf(
    db,
    slice.items.map((row) => row.id),
  );
  return mapSlice(slice, (row) => viewOf(row, equations.get(row.id)));
}

/** One run; null when there is none. */
export async function runById(db: Db, id: string) {
  const row = await runRows(db).where('run.id', '=', id).executeTakeFirst();
  return row === undefined ? null : viewOf(row, (await equationsOf(db, [id])).get(id));
}

const runRows = (db: Db) =>
  db
    .selectFrom('run')
    .leftJoin('stream', 'stream.id', 'run.stream_id')
    .select([
      'run.id',
      'stream.id as stream_id',
      'stream.connection_id',
      'stream.object',
      'run.kind',
      'run.started_at',
      'run.ended_at',
      'run.counts',
      'run.error',
      'run.detail',
      'run.actor',
    ])
    .select(nameOfActor<string | null>('run.actor').as('actor_name'));
type RunRow = Awaited<ReturnType<ReturnType<typeof runRows>['execute']>>[number];

const viewOf = (row: RunRow, equation: Equation | undefined) => ({
  id: row.id,
  connectionId: row.connection_id,
  streamId: row.stream_id,
  object: row.object,
  kind: row.kind,
  startedAt: iso(row.started_at),
  endedAt: isoOrNull(row.ended_at),
  counts: row.counts,
  error: row.error,
  /** What became of the versions that it saw; null where it looked at nothing. */
  accounting: accounted(equation),
  detail: row.detail,
  actor: row.actor,
  actorName: row.actor_name,
});

const accounted = (equation: Equation | undefined): Equation | null =>
  equation === undefined || equation.accepted === 0 ? null : equation;
