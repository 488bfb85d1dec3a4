import { type RawBuilder, sql } from 'kysely';
import { groupBy, indexBy } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import type { Db } from '../database.ts';

/** What decides on which shelf a record stands. */
export type Shelved = { readonly id: string; readonly object: string; readonly archived: boolean };
/** `code` stands before each of its words, in four characters. */
export type Shelf = { readonly number: number; readonly code: string };

/** About how many stand on one: as few as one search reads in some milliseconds when it finds them all, and no fewer, for it may have to ask each shelf. */
export const SHELF_HOLDS = 8_192;
// Before any id.
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * The shelf of each record, by its id; the first of a kind is made where there is none. For one at a time, who then says what was put there: see
 * `notePlaced`.
 */
export async function shelvesFor(tx: Db, records: readonly Shelved[]): Promise<ReadonlyMap<string, Shelf>> {
  const kinds = sql`(select distinct object, archived from unnest(${records.map((one) => one.object)}::text[],
    ${records.map((one) => one.archived)}::boolean[]) as kind (object, archived)) as kind`;
  await sql`
    insert into record_shelf (object, archived, after_id, held, last_id) select kind.object, kind.archived, ${FIRST}, 0, ${FIRST} from ${kinds}
    where not exists (select from record_shelf s where s.object = kind.object and s.archived = kind.archived)`.execute(tx);
  const { rows } = await sql<Shelf & { id: string }>`
    select t.id, s.number, s.code from unnest(${records.map((one) => one.id)}::uuid[], ${records.map((one) => one.object)}::text[],
      ${records.map((one) => one.archived)}::boolean[]) as t (id, object, archived)
    cross join lateral (select number, code from record_shelf s where s.object = t.object and s.archived = t.archived and s.after_id < t.id
      order by s.after_id desc limit 1) s`.execute(tx);
  return indexBy(rows, (row) => row.id);
}

/** Counts what was put on shelves where it did not stand before; once the newest shelf of a kind is full, what comes after has another one. */
export async function notePlaced(tx: Db, placed: ReadonlyMap<string, Shelf>): Promise<void> {
  const lots = [...groupBy(placed, ([, shelf]) => shelf.number)].map(([number, some]) => ({
    number,
    held: some.length,
    last: must(
      some
        .map(([id]) => id)
        .toSorted()
        .at(-1),
      'the last of a lot',
    ),
  }));
  await sql`
    with put as (
      update record_shelf s set held = s.held + t.held, last_id = greatest(s.last_id, t.last)
      from unnest(${lots.map((lot) => lot.number)}::int[], ${lots.map((lot) => lot.held)}::int[], ${lots.map((lot) => lot.last)}::uuid[]) as t (number, held, last)
      where s.number = t.number returning s.object, s.archived, s.after_id, s.held, s.last_id)
    insert into record_shelf (object, archived, after_id, held, last_id)
    select object, archived, last_id, 0, last_id from put
    where held >= ${SHELF_HOLDS}
      and not exists (select from record_shelf later where later.object = put.object and later.archived = put.archived and later.after_id > put.after_id)
  `.execute(tx);
}

/** Which records that look-ups were made of match: `wanted` is what to ask of each shelf, where `§` stands for the shelf's code. */
export type Asked = {
  readonly objects: readonly string[] | null;
  readonly archived: boolean;
  readonly wanted: string;
  readonly before: string | null;
};

/**
 * The newest of those that match, at most `limit` of each kind, as a table with the column `id`. Shelf after shelf is asked, from the newest, until there
 * are enough; `holds` says of `l`, a lookup, and `r`, its record, what else has to be true.
 */
export function newestOnShelves(
  { objects, archived, wanted, before }: Asked,
  holds: RawBuilder<unknown>,
  limit: number,
): RawBuilder<unknown> {
  const ofKind = objects === null ? sql`true` : sql`object = any(${objects}::text[])`;
  const earlier = (column: string) => (before === null ? sql`true` : sql`${sql.ref(column)} < ${before}::uuid`);
  // Each shelf is sorted by itself ("offset 0" keeps it so), and only the records of those that are wanted are looked at: a join might read them all.
  return sql`
    (select distinct object from record_shelf where archived = ${archived} and ${ofKind}) as kind
    cross join lateral (
      select l.id from record_shelf s
      cross join lateral (
        select l.record_id as id, l.points_at from record_lookup l
        where l.words @@ replace(${wanted}, '§', s.code)::tsquery and ${earlier('l.record_id')} order by l.record_id desc offset 0) as l
      where s.object = kind.object and s.archived = ${archived} and ${earlier('s.after_id')} and (select ${holds} from record r where r.id = l.id)
      order by s.after_id desc, l.id desc limit ${limit}) as newest`;
}
