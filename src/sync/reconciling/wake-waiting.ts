import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';

/** That the link `p` stands for something which is there. */
const isThere = sql`p.remote_id is not null and p.state <> 'gone' and not exists (
  select 1 from observation o where o.connection_id = p.connection_id and o.object = p.object and o.remote_id = p.remote_id and o.gone)`;

/**
 * Marks records whose link waits for another one that has come meanwhile; how many. It looks at what is there now rather than at what just
 * came, since the one that waits and the one that it waits for may be committed side by side. A link of a stream that is off goes on waiting: nobody
 * would plan it, and it would be woken for ever.
 */
export async function wakeWaiting(db: Db, hubObject: string, streamKeys: readonly string[]): Promise<number> {
  // What is waited for is taken apart first, so that each look-up has its index: thousands may wait, for one of thousands.
  const { numAffectedRows } = await sql`
    with waiting as materialized (
      select r.id, split_part(w.key, ':', 2)::uuid as connection_id, split_part(w.key, ':', 3) as object,
        case split_part(w.key, ':', 1) when 'record' then split_part(w.key, ':', 4)::uuid end as record_id,
        case split_part(w.key, ':', 1) when 'remote' then substring(w.key from '^[^:]*:[^:]*:[^:]*:(.*)$') end as remote_id
      from link l cross join lateral unnest(l.waits_for) as w (key) join record r on r.id = l.record_id and r.object = ${hubObject} and not r.dirty
      where l.waits_for <> '{}' and l.connection_id || '|' || l.object = any(${streamKeys}::text[])
    )
    update record set dirty = true where not dirty and id in (
      select w.id from waiting w join link p on p.record_id = w.record_id and p.connection_id = w.connection_id and p.object = w.object where ${isThere}
      union all
      select w.id from waiting w join link p on p.remote_id = w.remote_id and p.connection_id = w.connection_id and p.object = w.object where ${isThere}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}
