import type { Db } from '../database.ts';
import { type After, iso, isoOrNull, mapSlice, type Slice, sliceOf } from './slice.ts';

/** The import of a file. `state`: going on, done, or cut off, until the same file is given again. */
export type ImportView = {
  readonly id: string;
  readonly connectionId: string;
  readonly object: string;
  readonly file: string;
  readonly size: number | null;
  readonly rows: number;
  readonly refused: number;
  readonly line: number;
  readonly state: 'running' | 'done' | 'cut_off';
  readonly reason: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly startedAt: string;
  readonly doneAt: string | null;
};

/** Imports of files that were given to a connection, the newest first. */
export async function listImports(db: Db, connectionId: string, { after, limit }: After): Promise<Slice<ImportView>> {
  let query = imports(db)
    .where('file_import.door_id', '=', connectionId)
    .orderBy('file_import.id', 'desc')
    .limit(limit + 1);
  if (after !== null) query = query.where('file_import.id', '<', after);
  return mapSlice(sliceOf(await query.execute(), limit), viewOf);
}

export async function importById(db: Db, id: string): Promise<ImportView | null> {
  const row = await imports(db).where('file_import.id', '=', id).executeTakeFirst();
  return row === undefined ? null : viewOf(row);
}

const imports = (db: Db) =>
  db
    .selectFrom('file_import')
    .innerJoin('run', 'run.id', 'file_import.id')
    .innerJoin('stream', 'stream.id', 'file_import.stream_id')
    .select([
      'file_import.id',
      'file_import.door_id',
      'stream.object',
      'file_import.file',
      'file_import.size',
      'file_import.rows',
      'file_import.refused',
      'file_import.line',
      'file_import.started_at',
      'file_import.done_at',
      'run.counts',
      'run.error',
      'run.ended_at',
    ]);
type Row = Awaited<ReturnType<ReturnType<typeof imports>['execute']>>[number];

function viewOf({ door_id, started_at, done_at, ended_at, error, counts, ...row }: Row): ImportView {
  const state = done_at !== null ? 'done' : ended_at === null ? 'running' : 'cut_off';
  const reason = error === null ? null : error.message;
  return { ...row, connectionId: door_id, state, reason, counts, startedAt: iso(started_at), doneAt: isoOrNull(done_at) };
}
