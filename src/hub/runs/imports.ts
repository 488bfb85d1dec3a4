import { sql } from 'kysely';
import type { FilePlace } from '../../contract/files.ts';
import type { Observation } from '../../contract/records.ts';
import type { Db, Tx } from '../database.ts';
import { digestOf, newId } from '../ids.ts';
import type { RunCounts } from '../stored.ts';

/** A file that is being read into a stream. */
export type OpenImport = {
  readonly id: string;
  readonly place: FilePlace | null;
  readonly rows: number;
  readonly refused: number;
  readonly counts: RunCounts;
  /** How old what it holds is taken to be, where rows say nothing: the same when it is gone on with. */
  readonly receivedAt: string;
};
/** A file by its beginning, and by whose mapping it is read. */
export type ImportOf = {
  readonly streamId: string;
  readonly doorId: string;
  readonly file: string;
  readonly head: string;
  readonly mappingHash: string;
  readonly size: number | null;
  readonly actor: string;
};
export type ImportError = { readonly line: number; readonly field: string; readonly reason: string; readonly cells: readonly string[] };

/** How many errors of a file are kept; all are counted. */
export const MOST_ERRORS = 10_000;
const MOST_LETTERS = 8_192;

/** The import of this very file that was cut off, its run open again; null when there is none. */
export async function reopenImport(tx: Tx, of: ImportOf): Promise<OpenImport | null> {
  const { rows } = await sql<{
    id: string;
    at: number;
    digest: string | null;
    line: number;
    rows: number;
    refused: number;
    receivedAt: Date;
  }>`
    select id, at, digest, line, rows, refused, received_at as "receivedAt" from file_import i
    where stream_id = ${of.streamId} and door_id = ${of.doorId} and done_at is null and head = ${of.head} and mapping_hash = ${of.mappingHash}
      and (size is null or ${of.size}::float8 is null or size = ${of.size}::float8)
      and not exists (select 1 from file_import l where l.stream_id = i.stream_id and l.id > i.id)
    for update`.execute(tx);
  const [open] = rows;
  if (open === undefined) return null;
  const run = await tx
    .updateTable('run')
    .set({ ended_at: null, error: null })
    .where('id', '=', open.id)
    .returning('counts')
    .executeTakeFirstOrThrow();
  const place = open.digest === null ? null : { at: open.at, digest: open.digest, line: open.line };
  return { id: open.id, place, rows: open.rows, refused: open.refused, counts: run.counts, receivedAt: open.receivedAt.toISOString() };
}

export async function beginImport(tx: Tx, of: ImportOf, receivedAt: string): Promise<OpenImport> {
  const id = newId();
  await tx
    .insertInto('run')
    .values({ id, stream_id: of.streamId, kind: 'import', actor: of.actor, counts: '{}', error: null, ended_at: null })
    .execute();
  await tx
    .insertInto('file_import')
    .values({
      id,
      stream_id: of.streamId,
      door_id: of.doorId,
      file: of.file,
      head: of.head,
      mapping_hash: of.mappingHash,
      size: of.size,
      actor: of.actor,
      digest: null,
      received_at: receivedAt,
    })
    .execute();
  return { id, place: null, rows: 0, refused: 0, counts: {}, receivedAt };
}

/** What was read up to a place: in the transaction that stores it. */
export async function noteRead(
  tx: Tx,
  id: string,
  {
    place,
    rows,
    refused,
    errors,
  }: { readonly place: FilePlace; readonly rows: number; readonly refused: number; readonly errors: readonly ImportError[] },
): Promise<void> {
  await sql`
    update file_import set at = ${place.at}, digest = ${place.digest}, line = ${place.line}, rows = rows + ${rows}, refused = refused + ${refused}
    where id = ${id}`.execute(tx);
  if (errors.length === 0) return;
  const cells = errors.map((error) => (error.cells.join('').length > MOST_LETTERS ? null : JSON.stringify(error.cells.map(storable))));
  await sql`
    insert into import_error (import_id, line, field, reason, cells)
    select ${id}::uuid, e.line, e.field, e.reason, case when e.cells is null then null else array(select jsonb_array_elements_text(e.cells::jsonb)) end
    from unnest(${errors.map((e) => e.line)}::int[], ${errors.map((e) => e.field)}::text[], ${errors.map((e) => storable(e.reason))}::text[], ${cells}::text[])
      as e (line, field, reason, cells)
    where (select count(*) from import_error where import_id = ${id}) < ${MOST_ERRORS}
    on conflict do nothing`.execute(tx);
}

/** What no text may hold is shown as what it is: damaged. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd');

/** The errors of an import, in the order of its lines, some at a time. */
export async function* readImportErrors(db: Db, id: string): AsyncGenerator<readonly ImportError[]> {
  let after = { line: 0, field: '' };
  for (;;) {
    const some = await importErrors(db, id, { after, limit: 1000 });
    const last = some.at(-1);
    if (last === undefined) return;
    yield some;
    after = last;
  }
}

export async function importErrors(
  db: Db,
  id: string,
  { after, limit }: { readonly after: { readonly line: number; readonly field: string }; readonly limit: number },
): Promise<readonly ImportError[]> {
  const { rows } = await sql<ImportError>`
    select line, field, reason, coalesce(cells, '{}') as cells from import_error
    where import_id = ${id} and (line, field) > (${after.line}::int, ${after.field}) order by line, field limit ${limit}`.execute(db);
  return rows;
}

export async function endImport(db: Db, id: string): Promise<void> {
  await db.updateTable('file_import').set({ done_at: sql`now()` }).where('id', '=', id).execute();
}

/** Views without a time of their own whose content is known are as old as what is known: nothing of them is written. */
export async function asOldAsKnown(
  db: Db,
  key: { readonly connectionId: string; readonly object: string },
  seen: readonly Observation[],
): Promise<readonly Observation[]> {
  const { rows } = await sql<{ id: string; hash: string; changedAt: Date }>`
    select remote_id as id, hash, changed_at as "changedAt" from observation
    where connection_id = ${key.connectionId} and object = ${key.object} and remote_id = any(${seen.map(({ id }) => id)}::text[])`.execute(
    db,
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return seen.map((one) => {
    const before = known.get(one.id);
    return before === undefined || one.kind === 'gone' || before.hash !== digestOf(one.fields)
      ? one
      : { ...one, changedAt: before.changedAt.toISOString() };
  });
}
