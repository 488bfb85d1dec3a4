import { sql } from 'kysely';
import type { Db } from '../database.ts';

export type StreamKey = { readonly connectionId: string; readonly object: string };

/**
 * In what a version that was seen has ended. `awaited` is no end: it was seen after a write of ours which had not been seen yet, and is an
 * `echo` if it turns out to say nothing else.
 */
export type Outcome = 'applied' | 'no_op' | 'excluded' | 'superseded' | 'held' | 'refused' | 'echo' | 'duplicate' | 'erased';
export type Settled = { readonly connectionId: string; readonly object: string; readonly remoteId: string; readonly outcome: Outcome };

/** The equation of a run: everything that it accepted ends in exactly one of the others. `excluded` is a part of `noOp`. */
export type Equation = {
  readonly accepted: number;
  readonly applied: number;
  readonly noOp: number;
  readonly excluded: number;
  readonly superseded: number;
  readonly held: number;
  readonly refused: number;
  readonly echo: number;
  readonly duplicate: number;
  readonly erased: number;
  /** Versions that are stored and wait for their merge. */
  readonly pending: number;
  /** Whether both sides are the same number. */
  readonly holds: boolean;
};

/** Counts what a run has seen, in the transaction that stores it. Rows are only ever added, so that nobody waits for anybody. */
export async function countOutcomes(tx: Db, runId: string, counts: Readonly<Partial<Record<Outcome | 'accepted', number>>>): Promise<void> {
  const rows = Object.entries(counts).filter(([, n]) => n !== 0);
  if (rows.length === 0) return;
  await sql`
    insert into run_outcome (run_id, outcome, n)
    select ${runId}::uuid, c.outcome, c.n from unnest(${rows.map(([outcome]) => outcome)}::text[], ${rows.map(([, n]) => n)}::bigint[]) as c (outcome, n)
    where exists (select 1 from run where id = ${runId})`.execute(tx);
}

/** Versions that are about to be written over before they were merged end as superseded, in the runs that saw them. */
export async function supersede(tx: Db, key: StreamKey, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length === 0) return;
  await sql`
    with unmerged as (
      select run_id from observation
      where connection_id = ${key.connectionId} and object = ${key.object} and remote_id = any(${remoteIds}::text[])
        and dirty and run_id is not null and (outcome is null or outcome = 'awaited')
      order by remote_id for update)
    insert into run_outcome (run_id, outcome, n)
    select u.run_id, 'superseded', count(*) from unmerged u join run r on r.id = u.run_id group by u.run_id`.execute(tx);
}

/**
 * Ends versions that have been merged, each in one outcome. The caller has locked them. One that had ended before, and was looked at again,
 * leaves its former outcome.
 */
export async function settleObservations(tx: Db, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  await sql`
    with said as (
      select s.connection_id, s.object, s.remote_id, o.run_id, o.outcome as before,
        case when s.outcome = 'no_op' and o.outcome = 'awaited' then 'echo' else s.outcome end as outcome
      from unnest(${settled.map((s) => s.connectionId)}::uuid[], ${settled.map((s) => s.object)}::text[], ${settled.map((s) => s.remoteId)}::text[], ${settled.map((s) => s.outcome)}::text[])
        as s (connection_id, object, remote_id, outcome)
      join observation o on o.connection_id = s.connection_id and o.object = s.object and o.remote_id = s.remote_id),
    ended as (
      update observation o set dirty = false, outcome = s.outcome from said s
      where o.connection_id = s.connection_id and o.object = s.object and o.remote_id = s.remote_id)
    insert into run_outcome (run_id, outcome, n)
    select c.run_id, c.outcome, sum(c.n) from (
      select run_id, outcome, 1 as n from said
      union all select run_id, before, -1 from said where before <> 'awaited') c
    join run r on r.id = c.run_id
    group by c.run_id, c.outcome having sum(c.n) <> 0`.execute(tx);
}

/** The equations of some runs, as they are at this instant. */
export async function equationsOf(db: Db, runIds: readonly string[]): Promise<ReadonlyMap<string, Equation>> {
  const { rows } = await sql<{ run_id: string; outcome: string; n: number }>`
    select run_id, outcome, sum(n)::float8 as n from run_outcome where run_id = any(${runIds}::uuid[]) group by run_id, outcome
    union all
    select run_id, 'pending', count(*)::float8 from observation
    where run_id = any(${runIds}::uuid[]) and dirty and (outcome is null or outcome = 'awaited') group by run_id`.execute(db);
  const counts = new Map(runIds.map((id) => [id, new Map<string, number>()]));
  for (const row of rows) counts.get(row.run_id)?.set(row.outcome, row.n);
  return new Map([...counts].map(([id, own]) => [id, equationFrom(own)]));
}

function equationFrom(counts: ReadonlyMap<string, number>): Equation {
  const of = (outcome: string): number => counts.get(outcome) ?? 0;
  const ends = {
    applied: of('applied'),
    noOp: of('no_op') + of('excluded'),
    superseded: of('superseded'),
    held: of('held'),
    refused: of('refused'),
    echo: of('echo'),
    duplicate: of('duplicate'),
    erased: of('erased'),
    pending: of('pending'),
  };
  const sum = Object.values(ends).reduce((total, n) => total + n, 0);
  return { accepted: of('accepted'), excluded: of('excluded'), ...ends, holds: sum === of('accepted') };
}
