import { type RawBuilder, sql } from 'kysely';
import { type Db, isTransaction } from '../database.ts';
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

// A word that many have is found among the newest; what is not has few matches, and its index names them all.
const NEWEST = 8000;

/** The newest records of which each term begins a word, or a part of one: one more than `limit` when there are more. */
export async function wordMatches(db: Db, terms: readonly string[], narrowed: Narrowed, page: After): Promise<readonly string[]> {
  if (terms.length === 0) return [];
  const wanted = sql`${terms.map((term) => `'${term.replaceAll(/['\\]/g, '$&$&')}':*`).join(' & ')}::tsquery`;
  const among = await amongNewest(db, wanted, narrowed, page);
  return among.length > page.limit ? among : byIndex(db, wanted, narrowed, page);
}

type Row = { readonly id: string };

async function amongNewest(db: Db, wanted: RawBuilder<unknown>, narrowed: Narrowed, { after, limit }: After) {
  const { rows } = await sql<Row>`
    select r.id from (select id from record r where ${isIn(narrowed, after)} order by id desc limit ${NEWEST}) r
    join record_lookup l on l.record_id = r.id where l.words @@ ${wanted} order by r.id desc limit ${limit + 1}`.execute(db);
  return rows.map((row) => row.id);
}

async function byIndex(db: Db, wanted: RawBuilder<unknown>, narrowed: Narrowed, { after, limit }: After) {
  const read = async (tx: Db) => {
    // The planner believes that a word that it does not know stands in every fiftieth record, and would read them all, here and there.
    await sql`
      select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(
      tx,
    );
    return sql<Row>`
      with found as materialized (select record_id from record_lookup where words @@ ${wanted})
      select r.id from found join record r on r.id = found.record_id where ${isIn(narrowed, after)} order by r.id desc limit ${limit + 1}`.execute(
      tx,
    );
  };
  const { rows } = await (isTransaction(db) ? read(db) : db.transaction().execute(read));
  return rows.map((row) => row.id);
}

function isIn({ object, archived, pointsAt }: Narrowed, after: string | null): RawBuilder<unknown> {
  return sql.join(
    [
      sql`r.merged_into is null`,
      archived === true ? sql`r.archived_at is not null` : sql`r.archived_at is null`,
      ...(object === undefined ? [] : [sql`r.object = ${object}`]),
      ...(after === null ? [] : [sql`r.id < ${after}`]),
      ...(pointsAt === undefined ? [] : [sql`r.id in (select record_id from record_lookup where ${pointing(pointsAt)})`]),
    ],
    sql` and `,
  );
}

const pointing = (id: string) => sql`points_at <> '{}' and points_at @> array[${id}::uuid]`;

/** Records that refer to one. */
export const pointingAt = (id: string): RawBuilder<boolean> =>
  sql<boolean>`record.id in (select record_id from record_lookup where ${pointing(id)})`;
