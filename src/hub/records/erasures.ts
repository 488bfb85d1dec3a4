import { sql } from 'kysely';
import { must } from '../../kernel/must.ts';
import type { Db, Tx } from '../database.ts';

/** A record that still holds something of a response that was erased at that time. */
export type Trace = {
  readonly erasureId: string;
  readonly recordId: string;
  readonly object: string;
  readonly whole: boolean;
  readonly since: Date;
};

const STORING = sql`hashtext('syncline erasing')`;

/** Whoever stores responses takes this first: what is erased meanwhile waits, and whoever comes after an erasure sees it. */
export async function storingResponses(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${STORING})`.execute(tx);
}

/** Waits for whoever is storing responses, and keeps others from it until the transaction ends. */
export async function nobodyStores(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${STORING})`.execute(tx);
}

/** Which of these are known as erased. */
export async function erasedAmong(db: Db, digests: readonly string[]): Promise<ReadonlySet<string>> {
  if (digests.length === 0) return new Set();
  const { rows } = await sql<{ digest: string }>`select digest from erasure where digest = any(${digests}::uuid[])`.execute(db);
  return new Set(rows.map(({ digest }) => digest));
}

/** The id that the erasure goes by. */
export async function keepErasure(
  tx: Tx,
  erasure: { readonly id: string; readonly digest: string; readonly actor: string },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into erasure (id, digest, actor) values (${erasure.id}, ${erasure.digest}, ${erasure.actor})
    on conflict (digest) do update set actor = excluded.actor, at = excluded.at returning id`.execute(tx);
  return must(rows[0], 'the erasure that was kept').id;
}

export async function keepTraces(
  tx: Tx,
  erasureId: string,
  { whole, counted, since }: { readonly whole: string | null; readonly counted: readonly string[]; readonly since: Date },
): Promise<void> {
  const ids = [...(whole === null ? [] : [whole]), ...counted];
  await sql`
    insert into erasure_trace (erasure_id, record_id, whole, since)
    select ${erasureId}::uuid, t.id, t.id = ${whole}::uuid is true, ${since}::timestamptz from unnest(${ids}::uuid[]) as t (id) on conflict do nothing`.execute(
    tx,
  );
}

/** Traces whose records nobody is at, locked until the transaction ends. */
export async function claimTraces(tx: Tx, after: string, limit: number): Promise<readonly Trace[]> {
  const { rows } = await sql<Trace>`
    select t.erasure_id as "erasureId", t.record_id as "recordId", r.object, t.whole, t.since
    from erasure_trace t join record r on r.id = t.record_id
    where (${after} = '' or t.record_id > nullif(${after}, '')::uuid) and not r.dirty
    order by t.record_id limit ${limit} for update of r skip locked`.execute(tx);
  return rows;
}

export async function hasTraces(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from erasure_trace limit 1`.execute(db);
  return rows.length > 0;
}

/** Nothing is left of it there. */
export async function dropTrace(tx: Tx, { erasureId, recordId }: Trace): Promise<void> {
  await tx.deleteFrom('erasure_trace').where('erasure_id', '=', erasureId).where('record_id', '=', recordId).execute();
}
