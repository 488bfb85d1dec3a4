import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { Plan, PlanSummary } from './plans.ts';

const UNDER_WAY = sql`('applying', 'paused', 'cancelling')`;
const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'delete', 'merge']);
/** How far back the speed of writing is measured. */
const MEASURED_S = 60;

/**
 * Whether a write on the link `l` is one that a plan under way has shown: it is that plan's alone, waits as long as the plan is paused, and is
 * nobody's business until the plan has ended.
 */
export const isOfPlanUnderWay = sql<boolean>`exists (
  select 1 from plan p join plan_line n on n.plan_id = p.id
  where p.state in ${UNDER_WAY} and n.operation in ('create', 'update', 'delete', 'merge')
    and n.record_id = l.record_id and n.connection_id = l.connection_id and n.object = l.object)`;

/** How far one system has come. `reason`: why nothing can be written there for now. */
type SystemProgress = {
  readonly connection: string;
  readonly total: number;
  readonly done: number;
  readonly underWay: number;
  readonly reason: string | null;
};

/** How far applying a plan has come, in records. `secondsLeft`: as fast as in the last minute, or as foreseen; null while it does not go on. */
export type PlanProgress = {
  readonly total: number;
  readonly done: number;
  readonly underWay: number;
  readonly secondsLeft: number | null;
  readonly systems: readonly SystemProgress[];
};

/** What was written of a plan that is or was being applied, and the run that did it; null before that. */
export async function planProgress(
  db: Db,
  plan: Pick<Plan, 'id' | 'state' | 'summary'>,
): Promise<{ readonly runId: string | null; readonly progress: PlanProgress | null }> {
  const run = await db
    .selectFrom('run')
    .select(['id', 'ended_at'])
    .where('plan_id', '=', plan.id)
    .where('kind', '=', 'apply')
    .executeTakeFirst();
  if (run === undefined || plan.summary === null) return { runId: null, progress: null };
  if (run.ended_at !== null) return { runId: run.id, progress: null };
  const rows = await measure(db, plan.id, run.id);
  return { runId: run.id, progress: progressOf(plan.summary, rows, { goesOn: plan.state === 'applying' }) };
}

/** What was measured of one system: `recent` writes within the last `measuredS` seconds. */
export type Measured = {
  readonly connection: string;
  readonly done: number;
  readonly underWay: number;
  readonly recent: number;
  readonly measuredS: number;
  readonly reason: string | null;
};

async function measure(db: Db, planId: string, runId: string): Promise<readonly Measured[]> {
  const { rows } = await sql<Measured>`
    with done as (
      select connection_id, count(distinct (object, record_id))::int as done, count(*) filter (where at > now() - ${MEASURED_S} * interval '1 s')::int as recent
      from delivery where run_id = ${runId} group by connection_id),
    sent as (
      select l.connection_id, count(*)::int as n from link l where l.sent is not null and exists (
        select 1 from plan_line n where n.plan_id = ${planId} and n.record_id = l.record_id and n.connection_id = l.connection_id and n.object = l.object
          and n.operation in ('create', 'update', 'delete', 'merge'))
      group by l.connection_id)
    select c.name as connection, coalesce(d.done, 0) as done, coalesce(s.n, 0) as "underWay", coalesce(d.recent, 0) as recent,
      least(${MEASURED_S}, extract(epoch from now() - p.moved_at))::float8 as "measuredS",
      case when c.state not in ('new', 'ready') then c.reason end as reason
    from plan p cross join connection c left join done d on d.connection_id = c.id left join sent s on s.connection_id = c.id where p.id = ${planId}`.execute(
    db,
  );
  return rows;
}

/** What a plan had to write, what of it is done, and how long the rest takes: system after system, as they are worked on. */
export function progressOf(
  { counts, forecast }: Pick<PlanSummary, 'counts' | 'forecast'>,
  measured: readonly Measured[],
  { goesOn }: { readonly goesOn: boolean },
): PlanProgress {
  const systems = [...new Set(counts.flatMap(({ connection, operation }) => (WRITES.has(operation) ? (connection ?? []) : [])))].map(
    (name) => {
      const total = counts.reduce((sum, one) => sum + (one.connection === name && WRITES.has(one.operation) ? one.records : 0), 0);
      const own = measured.find(({ connection }) => connection === name);
      const done = Math.min(total, own?.done ?? 0);
      return { system: { connection: name, total, done, underWay: own?.underWay ?? 0, reason: own?.reason ?? null }, own };
    },
  );
  const left = systems.map(({ system, own }) => {
    const rest = system.total - system.done;
    const speed = own === undefined || own.recent === 0 ? null : own.recent / Math.max(1, own.measuredS);
    const foreseen = forecast.find(({ connection }) => connection === system.connection)?.seconds;
    if (rest === 0) return 0;
    return speed === null ? (foreseen === undefined ? null : (foreseen * rest) / system.total) : rest / speed;
  });
  const all = systems.map(({ system }) => system);
  const sum = (of: 'total' | 'done' | 'underWay'): number => all.reduce((n, system) => n + system[of], 0);
  const seconds = left.reduce<number | null>((n, one) => (n === null || one === null ? null : n + one), 0);
  return {
    total: sum('total'),
    done: sum('done'),
    underWay: sum('underWay'),
    secondsLeft: !goesOn || seconds === null ? null : Math.ceil(seconds),
    systems: all,
  };
}
