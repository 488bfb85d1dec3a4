import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Db, Hub } from '../../hub/database.ts';
import { notePlaced, type Shelved, shelvesFor } from '../../hub/records/shelves.ts';
import { must } from '../../kernel/must.ts';
import { lookupOf } from '../../mapping/lookup.ts';
import type { HubModel } from '../../mapping/mapping.ts';

const AT_ONCE = 500;
// A first load makes records faster than they are looked into; it is not to be slowed by that.
const MOST_LOTS = 6;

/** Brings by what records are found in step with what they hold; for how many. The rest is done the next time. */
export async function refreshLookups(hub: Hub, model: HubModel, signal?: AbortSignal): Promise<number> {
  let done = 0;
  for (let lot = 0; lot < MOST_LOTS && signal?.aborted !== true; lot += 1) {
    const some = await refreshSome(hub, model);
    done += some;
    if (some < AT_ONCE) break;
  }
  return done;
}

// One at a time: of two who look into the same record, the one who has read it earlier may write later.
const ALONE = sql<{ alone: boolean }>`select pg_try_advisory_xact_lock(hashtext('syncline look up')) as alone`;

async function refreshSome(hub: Hub, model: HubModel): Promise<number> {
  return hub.transaction().execute(async (tx) => {
    const { rows: locked } = await ALONE.execute(tx);
    if (locked[0]?.alone !== true) return 0;
    const { rows: due } = await sql<{ record_id: string }>`
      delete from record_due where ctid = any (array(select ctid from record_due limit ${AT_ONCE})) returning record_id`.execute(tx);
    if (due.length === 0) return 0;
    const ids = [...new Set(due.map((row) => row.record_id))];
    const { rows } = await sql<Due>`
      select r.id, r.object, r.fields, r.archived_at is not null as archived, l.shelf from record r left join record_lookup l on l.record_id = r.id
      where r.id = any(${ids}::uuid[])`.execute(tx);
    await keep(tx, model, rows);
    return due.length;
  });
}

type Due = Shelved & { readonly fields: Fields; readonly shelf: number | null };

async function keep(tx: Db, model: HubModel, due: readonly Due[]): Promise<void> {
  const shelves = await shelvesFor(tx, due);
  const found = due.flatMap((record) => {
    const declared = model.get(record.object);
    if (declared === undefined) return [];
    const to = must(shelves.get(record.id), 'the shelf of a record');
    const { words, pointsAt, at } = lookupOf(declared, record.fields);
    // Arrays of arrays have to be of one length: each list travels as JSON.
    return [{ ...record, to, at, lists: JSON.stringify([words.map((word) => to.code + word), pointsAt]) }];
  });
  await sql`
    insert into record_lookup (record_id, object, shelf, words, points_at, at)
    select f.id, f.object, f.shelf, array_to_tsvector(array(select jsonb_array_elements_text(f.lists -> 0))),
      array(select jsonb_array_elements_text(f.lists -> 1)::uuid), f.at
    from (select t.id, t.object, t.shelf, t.lists::jsonb as lists, t.at from unnest(${found.map((one) => one.id)}::uuid[],
      ${found.map((one) => one.object)}::text[], ${found.map((one) => one.to.number)}::int[], ${found.map((one) => one.lists)}::text[],
      ${found.map((one) => one.at)}::timestamptz[]) as t (id, object, shelf, lists, at)) f
    on conflict (record_id) do update set shelf = excluded.shelf, words = excluded.words, points_at = excluded.points_at, at = excluded.at`.execute(
    tx,
  );
  await notePlaced(tx, new Map(found.filter(({ shelf, to }) => shelf !== to.number).map(({ id, to }) => [id, to])));
}
