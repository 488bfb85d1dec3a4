import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';
import { newestOnShelves } from '../records/shelves.ts';
import type { After } from './slice.ts';

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

/** Which records a list is about, apart from what is looked for in them. */
export type Narrowed = {
  readonly object?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly pointsAt?: string | undefined;
};

/** The newest records of which each term begins a word, or a part of one: one more than `limit` when there are more. */
export async function wordMatches(
  db: Db,
  terms: readonly string[],
  narrowed: Narrowed,
  { after, limit }: After,
): Promise<readonly string[]> {
  if (terms.length === 0) return [];
  const { rows } = await newestMatches(terms, narrowed, { after, limit }).execute(db);
  return rows.map((row) => row.id);
}

/** The statement that finds them. */
export function newestMatches(terms: readonly string[], { object, archived = false, pointsAt }: Narrowed, { after, limit }: After) {
  const wanted = terms.map((term) => `'§${term.replaceAll(/['\\]/g, '$&$&')}':*`).join(' & ');
  const asked = { objects: object === undefined ? null : [object], archived, wanted, before: after };
  const holds = sql.join(
    [
      sql`r.merged_into is null`,
      archived ? sql`r.archived_at is not null` : sql`r.archived_at is null`,
      ...(pointsAt === undefined ? [] : [sql`l.points_at @> array[${pointsAt}::uuid]`]),
    ],
    sql` and `,
  );
  return sql<{ id: string }>`select newest.id from ${newestOnShelves(asked, holds, limit + 1)} order by newest.id desc limit ${limit + 1}`;
}

const pointing = (id: string) => sql`points_at <> '{}' and points_at @> array[${id}::uuid]`;

/** Records that refer to one. */
export const pointingAt = (id: string): RawBuilder<boolean> =>
  sql<boolean>`record.id in (select record_id from record_lookup where ${pointing(id)})`;
