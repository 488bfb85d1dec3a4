import { sql } from 'kysely';
import type { Db, Tx } from '../../hub/database.ts';
import { readTallies } from '../../hub/records/tally.ts';
import type { Stranger } from '../../merge/recognise.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { exceeds, openBrake } from './brakes.ts';
import type { Example } from './count-mass.ts';
import { isBraked, type OpenBrakes, readBrakes } from './open.ts';

type Place = { readonly connectionId: string; readonly object: string };

/**
 * The streams on which merges over there may be followed. Where so many wait that it is a mass change, none of them is followed, and a person is
 * asked.
 */
export async function unbrakedStreams(tx: Tx, streams: readonly EntityStream[]): Promise<readonly EntityStream[]> {
  const brakes = await readBrakes(tx, { lock: true });
  const free: EntityStream[] = [];
  for (const one of streams) {
    const place = { connectionId: one.connection.id, object: one.stream.object };
    if (isBraked(brakes, place, 'merges_in')) continue;
    const { n, examples } = await pendingMerges(tx, place);
    const [done = 0] = n === 0 ? [] : await readTallies(tx, [{ streamId: one.stream.id, what: 'merges_in', field: '' }]);
    const limits = n === 0 ? null : await exceeds(tx, one, n + done);
    if (limits === null) free.push(one);
    else await openBrake(tx, one, { kind: 'merges_in', field: null, n, examples, ...limits });
  }
  return free;
}

/** How many records of a stream were merged into others and are still linked, of all that nothing has followed yet. */
export async function pendingMerges(db: Db, { connectionId, object }: Place): Promise<{ n: number; examples: readonly Example[] }> {
  // Where the survivor is new, the first of the merged ones becomes it: only the others are merged.
  const { rows } = await sql<{ n: number; examples: readonly Example[] }>`
    with merged as (
      select a.remote_id as into_id, l.record_id, l.remote_id, exists (
        select 1 from link s where s.connection_id = a.connection_id and s.object = coalesce(a.into_object, a.object) and s.remote_id = a.remote_id) as known
      from alias a join link l on l.connection_id = a.connection_id and l.object = a.object and l.remote_id = a.alias_id and l.state <> 'gone'
      where a.connection_id = ${connectionId} and a.object = ${object} and not a.followed)
    select coalesce((select sum(g.n) from (select count(*) - case when bool_or(known) then 0 else 1 end as n from merged group by into_id) g), 0)::int as n,
      coalesce((select jsonb_agg(jsonb_build_object('recordId', e.record_id, 'remoteId', e.remote_id)) from (select record_id, remote_id from merged limit 5) e), '[]') as examples`.execute(
    db,
  );
  return rows[0] ?? { n: 0, examples: [] };
}

/** Those of these strangers whom known records were merged into, where nothing follows such merges for now: who they are is decided with that. */
export async function survivorsApart(db: Db, brakes: OpenBrakes, strangers: readonly Stranger[]): Promise<ReadonlySet<Stranger>> {
  const held = strangers.filter((one) => isBraked(brakes, one, 'merges_in'));
  if (held.length === 0) return new Set();
  const { rows } = await sql<{ connection_id: string; object: string; remote_id: string }>`
    select s.connection_id, s.object, s.remote_id
    from unnest(${held.map((s) => s.connectionId)}::uuid[], ${held.map((s) => s.object)}::text[], ${held.map((s) => s.remoteId)}::text[]) as s (connection_id, object, remote_id)
    where exists (select 1 from alias a where a.connection_id = s.connection_id and coalesce(a.into_object, a.object) = s.object and a.remote_id = s.remote_id and not a.followed)`.execute(
    db,
  );
  const keys = new Set(rows.map((row) => `${streamKey(row.connection_id, row.object)}|${row.remote_id}`));
  return new Set(held.filter((one) => keys.has(`${streamKey(one.connectionId, one.object)}|${one.remoteId}`)));
}
