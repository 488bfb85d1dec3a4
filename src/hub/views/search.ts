import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST = 500;

/** What somebody looks for: the text as typed, its words, and the identities that it may stand for. */
export type Search = { readonly text: string; readonly terms: readonly string[]; readonly digests: readonly string[] };

/** The records that a search names exactly: by the hub's id, by an identity, or by the id that a connected system gives to one of theirs. */
export async function exactMatches(db: Db, { text, digests }: Search): Promise<readonly string[]> {
  const remote = await sql<{ record_id: string }>`
    select link.record_id from stream join link on link.connection_id = stream.connection_id and link.object = stream.object
    where link.remote_id = ${text} limit ${MOST}`.execute(db);
  const known = await sql<{
    record_id: string;
  }>`select record_id from identity where digest = any(${digests}::uuid[]) limit ${MOST}`.execute(db);
  const own = IS_ID.test(text) ? [text] : [];
  return [...own, ...remote.rows.map((row) => row.record_id), ...known.rows.map((row) => row.record_id)];
}

/** Records each of whose words, or parts of words, begins with a term of the search; all terms have to be there. */
export function wordMatches(terms: readonly string[]): RawBuilder<boolean> {
  if (terms.length === 0) return sql<boolean>`false`;
  const wanted = terms.map((term) => `'${term.replaceAll(/['\\\\]/g, '$&$&')}':*`).join(' & ');
  return sql<boolean>`record.id in (select record_id from record_lookup where words @@ ${wanted}::tsquery)`;
}

/** Records that refer to one. */
export const pointingAt = (id: string): RawBuilder<boolean> =>
  sql<boolean>`record.id in (select record_id from record_lookup where points_at <> '{}' and points_at @> array[${id}::uuid])`;
