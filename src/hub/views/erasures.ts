import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { type After, iso, mapSlice, type Slice, sliceOf } from './slice.ts';

type Left = { readonly connection: string; readonly what: 'entry' | 'counted'; readonly reason: string | null };
type Row = { readonly id: string; readonly at: Date; readonly actor: string; readonly isDone: boolean; readonly left: readonly Left[] };
export type ErasureView = ReturnType<typeof viewOf>;

/** Erasures, the newest first; `left`: systems that have not let go of it yet. */
export async function listErasures(db: Db, { after, limit }: After): Promise<Slice<ErasureView>> {
  return mapSlice(sliceOf(await readErasures(db, { after, limit, id: null }), limit), viewOf);
}

export async function erasureById(db: Db, id: string): Promise<ErasureView | null> {
  const [row] = await readErasures(db, { after: null, limit: 1, id });
  return row === undefined ? null : viewOf(row);
}

async function readErasures(db: Db, { after, limit, id }: After & { readonly id: string | null }): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select e.id, e.at, e.actor, not exists (select 1 from erasure_trace t where t.erasure_id = e.id) as "isDone",
      coalesce((select jsonb_agg(jsonb_build_object('connection', c.name, 'what', case when t.whole then 'entry' else 'counted' end,
          'reason', case when c.enabled then l.reason else 'the connection is switched off' end) order by c.name)
        from erasure_trace t join link l on l.record_id = t.record_id and l.state <> 'gone' join connection c on c.id = l.connection_id
        where t.erasure_id = e.id and (l.sent is not null or case when t.whole then l.remote_id is not null
          else l.due or l.expected is not null or l.state <> 'in_sync' or not c.enabled end)), '[]') as left
    from erasure e where (${id}::uuid is null or e.id = ${id}::uuid) and (${after}::uuid is null or e.id < ${after}::uuid) order by e.id desc limit ${limit + 1}`.execute(
    db,
  );
  return rows;
}

const viewOf = ({ id, at, actor, isDone, left }: Row) => ({ id, at: iso(at), by: actor, isDone, left: [...left] });
