import { sql } from 'kysely';
import type { Hub, Tx } from '../../hub/database.ts';
import type { PlanDrift, PlannedFields, PlanOperation } from '../../hub/plans/plans.ts';

const PAGE = 500;

type Row = {
  seq: string;
  connection_id: string | null;
  object: string;
  record_id: string | null;
  remote_id: string | null;
  title: string | null;
  operation: PlanOperation;
  reason: string | null;
  fields: PlannedFields;
  key: string;
};

/**
 * Keeps the lines of a transaction that is to be taken back: they go out by another connection while it is open, some at a time. What the
 * lines come to is told by the digest, the same for the same lines.
 */
export async function keepLines(hub: Hub, tx: Tx, planId: string): Promise<string> {
  await hub.deleteFrom('plan_line').where('plan_id', '=', planId).execute();
  for (let after = '0'; ; ) {
    const { rows } = await sql<Row>`
      select seq, connection_id, object, record_id, remote_id, title, operation, reason, fields, key
      from planned_line where seq > ${after}::bigint order by seq limit ${PAGE}`.execute(tx);
    const last = rows.at(-1);
    if (last === undefined) return digestLines(tx);
    await hub
      .insertInto('plan_line')
      .values(rows.map((row) => ({ ...row, plan_id: planId, fields: JSON.stringify(row.fields), drift: null, now_fields: null })))
      .execute();
    after = last.seq;
  }
}

async function digestLines(tx: Tx): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    select encode(sha256(convert_to(coalesce(string_agg(encode(sha256(convert_to(key || ' ' || fields::text, 'UTF8')), 'hex'), '' order by key), ''), 'UTF8')), 'hex') as digest
    from planned_line`.execute(tx);
  return rows[0]?.digest ?? '';
}

/** Compares the lines of this transaction with those of the plan, and keeps what differs with the plan; how many do. */
export async function keepDrift(hub: Hub, tx: Tx, planId: string): Promise<number> {
  await sql`
    create temporary table planned_drift on commit drop as
    select coalesce(n.key, p.key) as key, case when p.key is null then 'added' when n.key is null then 'gone' else 'different' end as drift
    from (select key, fields from plan_line where plan_id = ${planId}) as p full join planned_line n on n.key = p.key
    where p.key is null or n.key is null or p.fields is distinct from n.fields`.execute(tx);
  let count = 0;
  for (let after = ''; ; ) {
    const { rows } = await sql<Omit<Row, 'fields'> & { fields: PlannedFields | null; drift: PlanDrift }>`
      select d.key, d.drift, n.seq, n.connection_id, n.object, n.record_id, n.remote_id, n.title, n.operation, n.reason, n.fields
      from planned_drift d left join planned_line n on n.key = d.key where d.key collate "C" > ${after} order by d.key collate "C" limit ${PAGE}`.execute(
      tx,
    );
    const last = rows.at(-1);
    if (last === undefined) return count;
    await sql`
      update plan_line p set drift = d.drift, now_fields = d.fields::jsonb
      from unnest(${rows.map((row) => row.key)}::text[], ${rows.map((row) => row.drift)}::text[], ${rows.map((row) => (row.fields === null ? null : JSON.stringify(row.fields)))}::text[]) as d (key, drift, fields)
      where p.plan_id = ${planId} and p.key = d.key`.execute(hub);
    await addLate(
      hub,
      planId,
      rows.filter((row) => row.drift === 'added'),
    );
    count += rows.length;
    after = last.key;
  }
}

/** Lines that the plan did not have, behind its own. */
async function addLate(hub: Hub, planId: string, rows: readonly (Omit<Row, 'fields'> & { fields: PlannedFields | null })[]): Promise<void> {
  if (rows.length === 0) return;
  const { rows: top } = await sql<{ seq: string }>`select coalesce(max(seq), 0) as seq from plan_line where plan_id = ${planId}`.execute(
    hub,
  );
  const base = Number(top[0]?.seq ?? 0);
  await hub
    .insertInto('plan_line')
    .values(
      rows.map((row, i) => ({
        plan_id: planId,
        seq: String(base + i + 1),
        connection_id: row.connection_id,
        object: row.object,
        record_id: row.record_id,
        remote_id: row.remote_id,
        title: row.title,
        operation: row.operation,
        reason: row.reason,
        fields: '{}',
        key: row.key,
        drift: 'added' as const,
        now_fields: JSON.stringify(row.fields),
      })),
    )
    .onConflict((c) => c.columns(['plan_id', 'key']).doNothing())
    .execute();
}
