import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import type { PlannedField, PlannedFields, PlanOperation } from '../../hub/plans/plans.ts';

/** A line of a plan before it has its place in it. `key` tells it apart, the same whenever it is computed. */
export type DraftLine = {
  readonly key: string;
  readonly connectionId: string | null;
  readonly object: string;
  readonly recordId: string | null;
  readonly remoteId: string | null;
  readonly title: string | null;
  readonly operation: PlanOperation;
  readonly reason: string | null;
  readonly fields: PlannedFields;
};

/** Makes the table that holds the lines of a plan while its transaction lasts: they may be more than fit the memory. */
export async function openLines(tx: Tx): Promise<void> {
  await sql`
    create temporary table planned_line (
      key text collate "C" primary key, connection_id uuid, object text not null, record_id uuid, remote_id text, title text,
      operation text not null, reason text, fields jsonb not null, seq bigint) on commit drop`.execute(tx);
}

/** Adds lines; of a line that is there already the fields are joined: what each held first, and what it holds last. */
export async function addLines(tx: Tx, lines: readonly DraftLine[]): Promise<void> {
  const folded = new Map<string, DraftLine>();
  for (const line of lines) {
    const before = folded.get(line.key);
    folded.set(line.key, before === undefined ? line : { ...before, fields: joined(before.fields, line.fields) });
  }
  const all = [...folded.values()];
  if (all.length === 0) return;
  await sql`
    insert into planned_line as p (key, connection_id, object, record_id, remote_id, title, operation, reason, fields)
    select n.key, n.connection_id, n.object, n.record_id, n.remote_id, n.title, n.operation, n.reason, n.fields::jsonb
    from unnest(${all.map((l) => l.key)}::text[], ${all.map((l) => l.connectionId)}::uuid[], ${all.map((l) => l.object)}::text[],
      ${all.map((l) => l.recordId)}::uuid[], ${all.map((l) => l.remoteId)}::text[], ${all.map((l) => l.title)}::text[],
      ${all.map((l) => l.operation)}::text[], ${all.map((l) => l.reason)}::text[], ${all.map((l) => JSON.stringify(l.fields))}::text[])
      as n (key, connection_id, object, record_id, remote_id, title, operation, reason, fields)
    on conflict (key) do update set fields = p.fields || (
      select coalesce(jsonb_object_agg(f.name, case when p.fields ? f.name then f.field || jsonb_build_object('old', p.fields -> f.name -> 'old') else f.field end), '{}')
      from jsonb_each(excluded.fields) as f (name, field))`.execute(tx);
}

function joined(before: PlannedFields, after: PlannedFields): PlannedFields {
  const fields: Record<string, PlannedField> = { ...before };
  for (const [name, field] of Object.entries(after)) fields[name] = { ...field, old: (before[name] ?? field).old };
  return fields;
}

/** Gives the lines their order: by system, object, and what is done. */
export async function orderLines(tx: Tx): Promise<void> {
  await sql`
    update planned_line p set seq = o.seq from (
      select l.key, row_number() over (order by c.name nulls first, l.object, l.operation, l.title, l.key) as seq
      from planned_line l left join connection c on c.id = l.connection_id) as o
    where o.key = p.key`.execute(tx);
  await sql`create index on planned_line (seq)`.execute(tx);
  await sql`analyze planned_line`.execute(tx);
}
