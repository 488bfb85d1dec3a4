import { sql } from 'kysely';
import type { Db, Tx } from '../database.ts';

/** So many of one kind on one stream; `field` is empty where the kind is not about fields. */
export type Tally = { readonly streamId: string; readonly what: string; readonly field: string; readonly n: number };
type Kind = Omit<Tally, 'n'>;

/** How long what a person released may take to happen, before it is asked about again. */
const RELEASED_HOURS = 24;

const columns = (kinds: readonly Kind[]) =>
  sql`${kinds.map((kind) => kind.streamId)}::uuid[], ${kinds.map((kind) => kind.what)}::text[], ${kinds.map((kind) => kind.field)}::text[]`;

/** Counts what has just been done. What a person released of its kind is used up first. */
export async function addTally(tx: Db, counted: readonly Tally[]): Promise<void> {
  if (counted.length === 0) return;
  // In the order of the key, so that two workers do not wait for each other.
  const rows = [...counted].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await sql`
    with done as (select * from unnest(${columns(rows)}, ${rows.map((row) => row.n)}::bigint[]) as d (stream_id, what, field, n)),
    released as (
      select t.stream_id, t.what, t.field, t.minute, t.n from tally t join done d on d.stream_id = t.stream_id and d.what = t.what and d.field = t.field
      where t.n < 0 and t.minute > now() order by t.stream_id, t.what, t.field for update of t),
    used as (
      update tally t set n = least(0, t.n + d.n) from released r join done d on d.stream_id = r.stream_id and d.what = r.what and d.field = r.field
      where t.stream_id = r.stream_id and t.what = r.what and t.field = r.field and t.minute = r.minute)
    insert into tally (stream_id, what, field, minute, n)
    select d.stream_id, d.what, d.field, date_trunc('minute', now()), d.n + coalesce(r.n, 0)
    from done d left join released r on r.stream_id = d.stream_id and r.what = d.what and r.field = d.field
    where d.n + coalesce(r.n, 0) > 0
    on conflict (stream_id, what, field, minute) do update set n = tally.n + excluded.n`.execute(tx);
  await sql`
    delete from tally t using unnest(${columns(rows)}) as d (stream_id, what, field)
    where t.stream_id = d.stream_id and t.what = d.what and t.field = d.field and t.minute <= now() - interval '1 hour'`.execute(tx);
}

const keyOf = (kind: Kind): string => `${kind.streamId}|${kind.what}|${kind.field}`;

/** How many of each kind were done within the last hour, in the order asked for; less than none where more are released. */
export async function readTallies(db: Db, kinds: readonly Kind[]): Promise<readonly number[]> {
  if (kinds.length === 0) return [];
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(t.n), 0)::int as n from unnest(${columns(kinds)}) with ordinality as k (stream_id, what, field, at)
    left join tally t on t.stream_id = k.stream_id and t.what = k.what and t.field = k.field and t.minute > now() - interval '1 hour'
    group by k.at order by k.at`.execute(db);
  return rows.map((row) => row.n);
}

/** Counts afresh, and lets so many happen beyond that as a person has released; `keepsReleased`: and what was released before. */
export async function releaseTally(tx: Tx, { streamId, what, field, n }: Tally, { keepsReleased = false } = {}): Promise<void> {
  const { rows } = await sql<{ n: number }>`
    delete from tally where stream_id = ${streamId} and what = ${what} and field = ${field} returning n::int`.execute(tx);
  const left = keepsReleased ? rows.reduce((sum, row) => sum + Math.max(0, -row.n), 0) : 0;
  if (n + left <= 0) return;
  await sql`
    insert into tally (stream_id, what, field, minute, n)
    values (${streamId}, ${what}, ${field}, date_trunc('minute', now()) + ${RELEASED_HOURS} * interval '1 hour', ${-(n + left)})`.execute(
    tx,
  );
}

/** How many records of a stream are linked: what a mass change is measured by. */
export async function countLinked(db: Db, stream: { readonly connectionId: string; readonly object: string }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from link
    where connection_id = ${stream.connectionId} and object = ${stream.object} and remote_id is not null and state <> 'gone'`.execute(db);
  return rows[0]?.n ?? 0;
}
