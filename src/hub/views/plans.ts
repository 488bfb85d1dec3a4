import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { listPlans as listRows, type Plan, type PlanDrift, type PlannedFields, type PlanOperation } from '../plans/plans.ts';
import { iso, isoOrNull, mapSlice, type Slice, sliceOf } from './slice.ts';

/** Which lines of a plan are wanted. `text`: part of a title or an id. */
export type PlanLineQuery = {
  readonly operation?: string | undefined;
  readonly connection?: string | undefined;
  readonly object?: string | undefined;
  readonly field?: string | undefined;
  readonly text?: string | undefined;
  readonly drift?: string | undefined;
};
export type PlanLineView = {
  readonly seq: number;
  readonly connection: string | null;
  readonly object: string;
  readonly hubObject: string;
  readonly recordId: string | null;
  readonly remoteId: string | null;
  readonly title: string | null;
  readonly operation: PlanOperation;
  readonly reason: string | null;
  readonly fields: PlannedFields;
  readonly drift: PlanDrift | null;
  readonly nowFields: PlannedFields | null;
};

/** A plan as it is shown. */
export const planView = (plan: Plan) => ({
  id: plan.id,
  kind: plan.asked.kind,
  streams: plan.asked.streams.map(({ connection, object }) => ({ connection, object })),
  changes: (plan.asked.changes ?? []).map(({ name, id }) => ({ name, id })),
  actor: plan.actor,
  actorName: plan.actorName,
  state: plan.state,
  summary: plan.summary,
  digest: plan.digest,
  error: plan.error,
  wantedBy: plan.wantedBy,
  steeredBy: plan.steeredBy,
  createdAt: iso(plan.createdAt),
  endedAt: isoOrNull(plan.endedAt),
});
export type PlanView = ReturnType<typeof planView>;

/** The plans, the newest first. */
export async function listPlanViews(db: Db, page: { readonly after: string | null; readonly limit: number }): Promise<Slice<PlanView>> {
  return mapSlice(sliceOf(await listRows(db, { after: page.after, limit: page.limit + 1 }), page.limit), planView);
}

/** Lines of a plan in their order, from behind the line `after`. */
export async function planLines(
  db: Db,
  planId: string,
  { wanted, after, limit }: { readonly wanted: PlanLineQuery; readonly after: number; readonly limit: number },
): Promise<readonly PlanLineView[]> {
  let query = db
    .selectFrom('plan_line as p')
    .leftJoin('connection as c', 'c.id', 'p.connection_id')
    .leftJoin('stream as s', (j) => j.onRef('s.connection_id', '=', 'p.connection_id').onRef('s.object', '=', 'p.object'))
    .select([
      'p.seq',
      'c.name as connection',
      'p.object',
      's.hub_object as hubObject',
      'p.record_id as recordId',
      'p.remote_id as remoteId',
      'p.title',
      'p.operation',
      'p.reason',
      'p.fields',
      'p.drift',
      'p.now_fields as nowFields',
    ])
    .where('p.plan_id', '=', planId)
    .where('p.seq', '>', String(after))
    .orderBy('p.seq')
    .limit(limit);
  if (wanted.operation !== undefined) query = query.where(sql<boolean>`p.operation = ${wanted.operation}`);
  if (wanted.connection !== undefined)
    query = query.where(sql<boolean>`(c.name = ${wanted.connection} or c.id::text = ${wanted.connection})`);
  if (wanted.object !== undefined) query = query.where('p.object', '=', wanted.object);
  if (wanted.field !== undefined) query = query.where(sql<boolean>`(p.fields ? ${wanted.field} or p.now_fields ? ${wanted.field})`);
  if (wanted.drift !== undefined) query = query.where(sql<boolean>`p.drift = ${wanted.drift}`);
  if (wanted.text !== undefined) {
    const pattern = `%${wanted.text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where(sql<boolean>`(p.title ilike ${pattern} or p.remote_id = ${wanted.text} or p.record_id::text = ${wanted.text})`);
  }
  return (await query.execute()).map((row) => ({ ...row, seq: Number(row.seq), hubObject: row.hubObject ?? row.object }));
}

const EXPORT_AT_ONCE = 1000;

/** All lines of a plan that are wanted, some at a time. */
export async function* allPlanLines(db: Db, planId: string, wanted: PlanLineQuery): AsyncGenerator<readonly PlanLineView[]> {
  for (let after = 0; ; ) {
    const lines = await planLines(db, planId, { wanted, after, limit: EXPORT_AT_ONCE });
    const last = lines.at(-1);
    if (last === undefined) return;
    yield lines;
    after = last.seq;
  }
}
