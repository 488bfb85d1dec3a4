import { sql } from 'kysely';
import type { MappingProblem } from '../../mapping/problems.ts';
import type { Db, Tx } from '../database.ts';
import { digest, newId } from '../ids.ts';
import type { MappingOrigin } from '../tables/mappings.ts';

/** One document as it is active; `text` is null once it was removed. */
export type ActiveDocument = {
  readonly name: string;
  readonly id: string;
  readonly text: string | null;
  readonly digest: string;
  readonly folderDigest: string | null;
  readonly waitingId: string | null;
};
/** A version that is still to be kept. `baseId`: the one that was active when it was written. */
export type NewVersion = {
  readonly name: string;
  readonly text: string | null;
  readonly origin: MappingOrigin;
  readonly author: string;
  readonly reason: string;
  readonly baseId: string | null;
};
export type MappingSet = { readonly revision: number; readonly folder: string | null; readonly folderProblems: readonly MappingProblem[] };

/** By what versions are compared: what was removed is like nothing else. */
export const digestOfText = (text: string | null): string => digest(text === null ? '\0removed' : text);

/** Which versions are active, as a number: it grows with each change of them. `share`: it stays so until the transaction ends. */
export async function activeRevision(db: Db, { share }: { readonly share: boolean } = { share: false }): Promise<number> {
  const query = db.selectFrom('mapping_set').select('revision');
  const { revision } = await (share ? query.forShare() : query).executeTakeFirstOrThrow();
  return Number(revision);
}

/** What is known of the active versions as a whole. `lock`: nobody else changes them, or works by them, until the transaction ends. */
export async function mappingSet(db: Db, { lock }: { readonly lock: boolean } = { lock: false }): Promise<MappingSet> {
  const query = db.selectFrom('mapping_set').select(['revision', 'folder', 'folder_problems']);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirstOrThrow();
  return { revision: Number(row.revision), folder: row.folder, folderProblems: row.folder_problems ?? [] };
}

/** Every document that is active or was. */
export async function activeDocuments(db: Db): Promise<readonly ActiveDocument[]> {
  return db
    .selectFrom('mapping_document as d')
    .innerJoin('mapping_text as t', 't.id', 'd.active_id')
    .select(['d.name', 'd.active_id as id', 't.text', 't.digest', 'd.folder_digest as folderDigest', 'd.waiting_id as waitingId'])
    .orderBy('d.name')
    .execute();
}

/** Keeps versions, none of them active yet; their ids, in order. */
export async function keepVersions(db: Db, versions: readonly NewVersion[]): Promise<readonly string[]> {
  const rows = versions.map(({ name, text, origin, author, reason, baseId }) => ({
    ...{ id: newId(), name, text, digest: digestOfText(text), origin, author, reason },
    base_id: baseId,
  }));
  if (rows.length > 0) await db.insertInto('mapping_text').values(rows).execute();
  return rows.map(({ id }) => id);
}

/**
 * Makes versions the active ones, under the lock of `mappingSet`. The names of documents of which another version has become active since theirs
 * was written; then nothing was done.
 */
export async function activateVersions(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ name: string }>`
    select t.name from mapping_text t left join mapping_document d on d.name = t.name
    where t.id = any(${ids}::uuid[]) and d.active_id is distinct from t.base_id order by t.name`.execute(tx);
  if (rows.length > 0) return rows.map(({ name }) => name);
  await sql`
    insert into mapping_document (name, active_id) select name, id from mapping_text where id = any(${ids}::uuid[])
    on conflict (name) do update set active_id = excluded.active_id`.execute(tx);
  await sql`update mapping_text set activated_at = now() where id = any(${ids}::uuid[])`.execute(tx);
  // What its file says has come to be, by whichever way.
  await sql`
    update mapping_document d set waiting_id = null from mapping_text t
    where t.id = d.active_id and t.digest = d.folder_digest and d.waiting_id is not null`.execute(tx);
  await sql`
    delete from mapping_draft d using mapping_text t
    where t.id = any(${ids}::uuid[]) and t.name = d.name and d.text is not distinct from t.text`.execute(tx);
  await tx.updateTable('mapping_set').set({ revision: sql`revision + 1` }).execute();
  return [];
}

/** Notes what the file of a document says now, and the version that waits because the document was edited here as well. */
export async function noteFolder(
  tx: Tx,
  name: string,
  { folderDigest, waitingId }: { readonly folderDigest: string | null; readonly waitingId: string | null },
): Promise<void> {
  await tx.updateTable('mapping_document').set({ folder_digest: folderDigest, waiting_id: waitingId }).where('name', '=', name).execute();
}

/** Notes which folder was looked at, and what is wrong with it. */
export async function noteFolderLook(tx: Tx, folder: string, problems: readonly MappingProblem[]): Promise<void> {
  await tx
    .updateTable('mapping_set')
    .set({ folder, folder_problems: problems.length === 0 ? null : JSON.stringify(problems) })
    .execute();
}

/** What versions say, by id. */
export async function versionTexts(db: Db, ids: readonly string[]): Promise<readonly { id: string; name: string; text: string | null }[]> {
  return ids.length === 0 ? [] : db.selectFrom('mapping_text').select(['id', 'name', 'text']).where('id', 'in', ids).execute();
}

/** Stays with what is active, where a file says something else; until that changes once more. */
export async function dropWaiting(db: Db, name: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mapping_document')
    .set({ waiting_id: null })
    .where('name', '=', name)
    .where('waiting_id', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
