import { sql } from 'kysely';
import type { Observation } from '../../contract/records.ts';
import type { Db, Tx } from '../database.ts';
import { newId } from '../ids.ts';
import { endInputs } from './looks.ts';

/** What a delivery has shown of a record, on a stream of that connection. `doorId`: the connection that it came in by. */
export type Arrival = { readonly streamId: string; readonly connectionId: string; readonly doorId: string; readonly seen: Observation };
type Stored = Omit<Arrival, 'connectionId'> & { readonly id: string; readonly inputId: string };

/** Keeps what deliveries have shown, in their order. */
export async function keepArrivals(tx: Db, arrivals: readonly (Arrival & { readonly inputId: string })[]): Promise<void> {
  if (arrivals.length === 0) return;
  await sql`
    insert into arrival (id, stream_id, door_id, input_id, seen)
    select a.id, a.stream_id, a.door_id, a.input_id, a.seen::jsonb
    from unnest(${arrivals.map(() => newId())}::uuid[], ${arrivals.map((a) => a.streamId)}::uuid[], ${arrivals.map((a) => a.doorId)}::uuid[],
      ${arrivals.map((a) => a.inputId)}::uuid[], ${arrivals.map((a) => JSON.stringify(a.seen))}::text[]) as a (id, stream_id, door_id, input_id, seen)
    join stream s on s.id = a.stream_id`.execute(tx);
}

/** What waits on a stream to be stored, in the order in which it came. */
export async function readArrivals(db: Db, streamId: string, limit: number): Promise<readonly Stored[]> {
  const { rows } = await sql<Stored>`
    select id, stream_id as "streamId", door_id as "doorId", input_id as "inputId", seen from arrival where stream_id = ${streamId} order by id limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** The streams of a connection on which something waits to be stored. */
export async function streamsWithArrivals(db: Db, connectionId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select s.id from stream s where s.connection_id = ${connectionId} and exists (select 1 from arrival a where a.stream_id = s.id)`.execute(
    db,
  );
  return new Set(rows.map(({ id }) => id));
}

/** These are stored: in the same transaction. A delivery of which nothing is left has ended, as applied when any of it was news. */
export async function endArrivals(tx: Tx, arrivals: readonly Stored[], isNews: (arrival: Stored) => boolean): Promise<void> {
  if (arrivals.length === 0) return;
  await sql`delete from arrival where id = any(${arrivals.map(({ id }) => id)}::uuid[])`.execute(tx);
  const news = [...new Set(arrivals.filter(isNews).map(({ inputId }) => inputId))];
  await sql`update input set found = true where id = any(${news}::uuid[]) and not found`.execute(tx);
  await endInputs(tx, [...new Set(arrivals.map(({ inputId }) => inputId))]);
}

/** Those of some views that tell nothing new beside what is known: the same version of the record, or a later one. */
export async function knownAsLate(
  db: Db,
  key: { readonly connectionId: string; readonly object: string },
  seen: readonly Observation[],
): Promise<ReadonlySet<Observation>> {
  const { rows } = await sql<{ at: number }>`
    select (v.at - 1)::int as at from unnest(${seen.map(({ id }) => id)}::text[], ${seen.map(({ changedAt }) => changedAt)}::timestamptz[])
      with ordinality as v (remote_id, changed_at, at)
    join observation o on o.connection_id = ${key.connectionId} and o.object = ${key.object} and o.remote_id = v.remote_id
    where o.changed_at >= v.changed_at`.execute(db);
  return new Set(rows.flatMap(({ at }) => seen[at] ?? []));
}
