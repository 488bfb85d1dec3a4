import { z } from '@hono/zod-openapi';
import { PLAN_OPERATIONS, PLAN_STATES, PLAN_WARNINGS } from '../../hub/plans/plans.ts';
import { ActorName, Count, Fields, FieldValue, Time } from './common.ts';

const PlannedFields = z.record(
  z.string(),
  z.object({ old: FieldValue, new: FieldValue, rule: z.string().nullable(), source: z.string().nullable() }),
);

const Place = { connection: z.string().nullable(), object: z.string() };
const PlanSummary = z.object({
  counts: z.array(z.object({ ...Place, operation: z.enum([...PLAN_OPERATIONS, 'unchanged']), records: Count })).readonly(),
  blanked: z.array(z.object({ ...Place, field: z.string(), records: Count })).readonly(),
  touched: z
    .array(z.object({ field: z.string(), records: Count }))
    .readonly()
    .optional(),
  nonUnique: z
    .array(z.object({ connection: z.string(), object: z.string(), key: Fields, remoteIds: z.array(z.string()).readonly() }))
    .readonly(),
  nonUniqueKeys: Count,
  matching: z
    .array(
      z.object({
        connection: z.string(),
        object: z.string(),
        records: Count,
        without: Count,
        rules: z.array(z.object({ on: z.array(z.string()).readonly(), records: Count, shared: Count })).readonly(),
      }),
    )
    .readonly()
    .optional(),
  warnings: z
    .array(
      z.object({
        kind: z.enum(PLAN_WARNINGS),
        connection: z.string().nullable(),
        object: z.string().nullable(),
        field: z.string().nullable(),
        records: Count,
        text: z.string(),
      }),
    )
    .readonly(),
  forecast: z.array(z.object({ connection: z.string(), calls: Count, seconds: Count, latencyMs: Count, measured: z.boolean() })).readonly(),
  applied: z.object({ done: Count, drifted: Count }).optional(),
});

/**
 * What a sync would do: computed first, then applied as it is or not at all. `wantedBy`: who has asked for that, until it is done. `steeredBy`: who
 * has paused, resumed, or cancelled it last.
 */
export const Plan = z
  .object({
    id: z.string(),
    kind: z.enum(['plan', 'shadow']),
    streams: z.array(z.object({ connection: z.string(), object: z.string() })),
    changes: z
      .array(z.object({ name: z.string(), id: z.string() }))
      .openapi({ description: 'The versions of mappings that it makes active.' }),
    actor: z.string(),
    actorName: ActorName,
    state: z.enum(PLAN_STATES),
    summary: PlanSummary.nullable(),
    digest: z.string().nullable(),
    error: z.string().nullable(),
    wantedBy: z.string().nullable(),
    steeredBy: z.string().nullable(),
    createdAt: Time,
    endedAt: Time.nullable(),
  })
  .openapi('Plan');

/** How far applying it has come, in records; the run that does it, to be undone. Null before that, and the progress after it as well. */
export const PlanDetail = Plan.extend({
  runId: z.string().nullable(),
  progress: z
    .object({
      total: Count,
      done: Count,
      underWay: Count,
      secondsLeft: Count.nullable(),
      systems: z
        .array(z.object({ connection: z.string(), total: Count, done: Count, underWay: Count, reason: z.string().nullable() }))
        .readonly(),
    })
    .nullable(),
}).openapi('PlanDetail');

/** The connections that are to go live, each as a whole or one object of it; none plans what is live already. */
export const PlanWish = z
  .strictObject({
    streams: z
      .array(z.strictObject({ connection: z.string().min(1).max(100), object: z.string().min(1).max(100).optional() }))
      .max(200)
      .optional(),
  })
  .openapi('PlanWish');

export const PlanLine = z
  .object({
    seq: z.int(),
    connection: z.string().nullable(),
    object: z.string(),
    recordId: z.string().nullable(),
    remoteId: z.string().nullable(),
    title: z.string().nullable(),
    operation: z.enum(PLAN_OPERATIONS),
    reason: z.string().nullable(),
    fields: PlannedFields,
    drift: z.enum(['added', 'gone', 'different']).nullable(),
    nowFields: PlannedFields.nullable(),
  })
  .openapi('PlanLine');
