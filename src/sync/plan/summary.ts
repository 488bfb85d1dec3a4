import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import type { PlanOperation, PlanSummary, PlanWarning } from '../../hub/plans/plans.ts';
import { misfits } from '../../mapping/fit.ts';
import { massLimit } from '../../merge/brakes.ts';
import { forecast, type Latencies } from './forecast.ts';
import { findSharedKeys } from './keys.ts';
import type { Stage } from './stage.ts';

/** The connections that could not be looked at before the plan was made, with the reason. */
export type NotLookedAt = readonly { readonly connection: string; readonly reason: string }[];

/** What a plan comes to: counts, what people would miss, what to look at before it is applied, and how long that takes. */
export async function summarisePlan(stage: Stage, about: { latencies: Latencies; notLookedAt: NotLookedAt }): Promise<PlanSummary> {
  const counts = await countLines(stage.tx);
  const blanked = await countBlanked(stage.tx);
  const shared = await findSharedKeys(stage);
  return {
    counts,
    blanked,
    touched: await countTouched(stage.tx),
    nonUnique: shared.keys,
    nonUniqueKeys: shared.count,
    matching: shared.matching,
    warnings: [
      ...about.notLookedAt.map(notLookedAt),
      ...(await massChanges(stage.tx, counts, blanked)),
      ...blanked.filter(({ operation }) => operation !== 'change_record').map(blanks),
      ...misfitting(stage),
      ...(await unfitting(stage.tx)),
    ],
    forecast: forecast(stage, counts, about.latencies),
  };
}

async function countLines(tx: Tx): Promise<PlanSummary['counts']> {
  const { rows } = await sql<{ connection: string | null; object: string; operation: PlanOperation | 'unchanged'; records: number }>`
    select c.name as connection, n.object, n.operation, n.records::int as records from (
      select connection_id, object, operation, count(*) as records from planned_line group by connection_id, object, operation
      union all
      select s.connection_id, s.object, 'unchanged', count(*) from planned_seen s
      where s.linked and not exists (
        select 1 from unnest(array['change_record', 'freeze', 'unlink']) as o (operation)
          join planned_line p on p.key = o.operation || '|' || s.connection_id || '|' || s.object || '|' || s.remote_id)
      group by s.connection_id, s.object) as n
    left join connection c on c.id = n.connection_id order by c.name nulls first, n.object, n.operation`.execute(tx);
  return rows;
}

type Blanked = PlanSummary['blanked'][number] & { readonly operation: PlanOperation };

async function countBlanked(tx: Tx): Promise<readonly Blanked[]> {
  const { rows } = await sql<Blanked>`
    select c.name as connection, p.object, p.operation, f.name as field, count(*)::int as records
    from planned_line p cross join lateral jsonb_each(p.fields) as f (name, field) left join connection c on c.id = p.connection_id
    where p.operation in ('update', 'change_record', 'match') and f.field -> 'new' = 'null' and f.field -> 'old' <> 'null'
    group by c.name, p.object, p.operation, f.name order by 5 desc, 1, 2, 4`.execute(tx);
  return rows;
}

async function countTouched(tx: Tx): Promise<NonNullable<PlanSummary['touched']>> {
  const { rows } = await sql<{ field: string; records: number }>`
    select f as field, count(*)::int as records from planned_line p cross join lateral jsonb_object_keys(p.fields) as f group by f order by 2 desc, 1`.execute(
    tx,
  );
  return rows;
}

const about = (connection: string | null, object: string | null, field: string | null) => ({ connection, object, field });

const notLookedAt = ({ connection, reason }: NotLookedAt[number]): PlanWarning => ({
  kind: 'not_looked_at',
  ...about(connection, null, null),
  records: 0,
  text: `${connection} could not be looked at, so the plan knows only what it showed before: ${reason}`,
});

const blanks = ({ connection, object, field, records }: Blanked): PlanWarning => ({
  kind: 'blanks',
  ...about(connection, object, field),
  records,
  text: `${field} is cleared on ${records} ${object} records in ${connection ?? 'the hub'}`,
});

/** What a brake would ask about: more deletes, or more clears of one field, than a mass change begins with. */
async function massChanges(tx: Tx, counts: PlanSummary['counts'], blanked: readonly Blanked[]): Promise<readonly PlanWarning[]> {
  const { rows } = await sql<{ connection: string; object: string; linked: number }>`
    select c.name as connection, l.object, count(*)::int as linked from link l join connection c on c.id = l.connection_id
    where l.remote_id is not null and l.remote_id not like 'new:%' group by c.name, l.object`.execute(tx);
  const linked = new Map(rows.map((row) => [`${row.connection}|${row.object}`, row.linked]));
  const isMass = (one: { connection: string | null; object: string; records: number }): boolean =>
    one.records > massLimit(linked.get(`${one.connection}|${one.object}`) ?? 0);
  const removals = counts.filter(
    ({ operation }) => operation === 'delete' || operation === 'archive_record' || operation === 'merge' || operation === 'merge_record',
  );
  return [
    ...removals.filter(isMass).map(
      (one): PlanWarning => ({
        kind: 'mass_change',
        ...about(one.connection, one.object, null),
        records: one.records,
        text: `${one.records} ${one.object} records are removed or merged in ${one.connection ?? 'the hub'}: that is a mass change`,
      }),
    ),
    ...blanked.filter(isMass).map(
      (one): PlanWarning => ({
        kind: 'mass_change',
        ...about(one.connection, one.object, one.field),
        records: one.records,
        text: `${one.field} is cleared on so many ${one.object} records in ${one.connection ?? 'the hub'} (${one.records}) that it is a mass change`,
      }),
    ),
  ];
}

/** Lines of the mapping that the live schema has no use for. */
const misfitting = ({ engine, streams }: Stage): readonly PlanWarning[] => {
  const systems = new Set([...engine.connectors.keys(), ...streams.map(({ connection }) => connection.name)]);
  return streams.flatMap(({ connection, stream, mapping, traits }) =>
    misfits(mapping, {
      model: engine.mappings.model,
      schema: stream.schema ?? [],
      write: stream.direction === 'in' ? null : (traits.write ?? null),
      systems,
    }).map(
      ({ remote, reason, advice }): PlanWarning => ({
        kind: 'misfit',
        ...about(connection.name, stream.object, remote),
        records: 0,
        text: `${connection.name} ${stream.object}.${remote}: ${reason}. ${advice}.`,
      }),
    ),
  );
};

/** Values that a system would not take. */
async function unfitting(tx: Tx): Promise<readonly PlanWarning[]> {
  const { rows } = await sql<{ connection: string; object: string; field: string; records: number; reason: string }>`
    select c.name as connection, h.object, h.field, count(*)::int as records, min(h.reason) as reason from hold h join connection c on c.id = h.connection_id
    where h.opened_at = now() and h.closed_at is null and h.kind = 'refused_field' group by c.name, h.object, h.field order by 4 desc, 1, 2, 3`.execute(
    tx,
  );
  return rows.map((row) => ({
    kind: 'does_not_fit',
    ...about(row.connection, row.object, row.field),
    records: row.records,
    text: `${row.field} of ${row.records} ${row.object} records does not fit ${row.connection}, such as: ${row.reason}`,
  }));
}
