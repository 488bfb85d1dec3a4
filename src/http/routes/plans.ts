import { createRoute, z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import { exportPlan, PLAN_FORMATS } from '../../hub/plans/export.ts';
import { findPlan, movePlan, PLAN_OPERATIONS, type Steering, steerPlan, wantApplied } from '../../hub/plans/plans.ts';
import { planProgress } from '../../hub/plans/progress.ts';
import { allPlanLines, listPlanViews, type PlanLineView, planLines, planView } from '../../hub/views/plans.ts';
import { afterOf, ById, behindOf, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi, starts } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow } from '../security/operator.ts';
import { type Veil, veilFor, withoutKeys } from '../security/veil.ts';
import { listOf } from '../shapes/common.ts';
import { Plan, PlanDetail, PlanLine, PlanWish } from '../shapes/plans.ts';

const tags = ['plans'];
const Text = z.string().trim().min(1).max(300).optional();
const Wanted = z.object({
  operation: z.enum(PLAN_OPERATIONS).optional(),
  connection: Text,
  object: Text,
  field: Text,
  drift: z.enum(['added', 'gone', 'different']).optional(),
  text: Text.openapi({ description: 'Part of a title, or any id.' }),
});
const list = createRoute({
  method: 'get',
  path: '/plans',
  tags,
  summary: 'The plans that were made',
  ...allow('admin'),
  request: { query: Listing },
  responses: answers(listOf(Plan), 'The newest first'),
});
const make = createRoute({
  method: 'post',
  path: '/plans',
  tags,
  summary: 'Plan what a sync would do, without doing it',
  ...allow('admin'),
  request: { body: body(PlanWish) },
  responses: starts(Plan, 'The plan, which is being computed'),
});
const read = createRoute({
  method: 'get',
  path: '/plans/{id}',
  tags,
  summary: 'One plan, what it comes to, and how far applying it has come',
  ...allow('admin'),
  request: { params: ById },
  responses: answers(PlanDetail, 'The plan'),
});
const lines = createRoute({
  method: 'get',
  path: '/plans/{id}/lines',
  tags,
  summary: 'What a plan does, record by record and field by field',
  ...allow('admin', { shows: 'about_records' }),
  request: { params: ById, query: Listing.extend(Wanted.shape) },
  responses: answers(listOf(PlanLine), 'By system, object, and operation'),
});
const download = createRoute({
  method: 'get',
  path: '/plans/{id}/export',
  tags,
  summary: 'The lines of a plan as a file',
  ...allow('admin', { shows: 'file' }),
  request: { params: ById, query: Wanted.extend({ format: z.enum(PLAN_FORMATS).optional().openapi({ default: 'csv' }) }) },
  responses: {
    200: {
      description: 'CSV, or one JSON a line',
      content: { 'text/csv': { schema: z.string() }, 'application/jsonl': { schema: z.string() } },
    },
  },
});
const apply = createRoute({
  method: 'post',
  path: '/plans/{id}/apply',
  tags,
  summary: 'Do exactly what a plan has shown, or nothing when it has drifted',
  ...allow('admin'),
  request: { params: ById },
  responses: starts(Plan, 'The plan; look at its state for what came of it'),
});
const abandon = createRoute({
  method: 'post',
  path: '/plans/{id}/abandon',
  tags,
  summary: 'Throw a plan away',
  ...allow('admin'),
  request: { params: ById },
  responses: answers(Plan, 'The plan as it is now'),
});

const steer = <Path extends string>(path: Path, summary: string, description: string) =>
  createRoute({ method: 'post', path, tags, summary, ...allow('admin'), request: { params: ById }, responses: starts(Plan, description) });
const pause = steer(
  '/plans/{id}/pause',
  'Pause applying a plan',
  'From now on nothing more of it is written; what was under way is settled',
);
const resume = steer('/plans/{id}/resume', 'Go on applying a plan that was paused', 'The plan; the workers go on');
const cancel = steer(
  '/plans/{id}/cancel',
  'Stop applying a plan for good',
  'From now on nothing more of it is written. What is done stays done, and its run can be undone; the rest is set aside, and named under failures',
);

/** Plans: made, read, exported, applied, steered, and thrown away. Computing and applying is done by the workers. */
export function planRoutes(parts: AppParts) {
  const { hub } = parts;
  const planned = async (id: string) => found(await findPlan(hub, id), 'plan');
  const steered = async (id: string, steering: Steering, actor: string) => {
    const { state } = await planned(id);
    if (!(await steerPlan(hub, id, steering, actor))) throw new Problem(409, `A plan that is ${state} cannot be ${STEERED[steering]}.`);
    await parts.nudge({ name: 'reconcile' });
    return planView(await planned(id));
  };
  return newApi()
    .openapi(list, async (c) => c.json(listed('plans', await listPlanViews(hub, afterOf('plans', c.req.valid('query')))), 200))
    .openapi(make, async (c) => {
      const { streams = [] } = c.req.valid('json');
      const begun = await acting(parts).beginPlan({ streams }, actorOf(c.var.operator));
      if (!begun.ok) throw new Problem(422, begun.reason);
      await parts.nudge({ name: 'reconcile' });
      return c.json(planView(await planned(begun.id)), 202);
    })
    .openapi(read, async (c) => {
      const plan = await planned(c.req.valid('param').id);
      return c.json({ ...planView(plan), ...(await planProgress(hub, plan)) }, 200);
    })
    .openapi(lines, async (c) => {
      const { id } = c.req.valid('param');
      const { cursor, limit, ...wanted } = c.req.valid('query');
      await planned(id);
      const page = behindOf('plan-lines', { cursor, limit });
      const rows = await planLines(hub, id, { wanted, after: page.after, limit: page.limit + 1 });
      const items = rows.slice(0, page.limit);
      const last = rows.length > page.limit ? String(items.at(-1)?.seq) : null;
      const veil = veilFor(c.var.operator.role, parts.mappings().model);
      return c.json(listed('plan-lines', { items: items.map((line) => shown(veil, line)), last }), 200);
    })
    .openapi(download, async (c) => {
      const { id } = c.req.valid('param');
      const { format = 'csv', ...wanted } = c.req.valid('query');
      await planned(id);
      // The edge lets go of its database with the answer, before a long file has been read.
      acting(parts);
      const veil = veilFor(c.var.operator.role, parts.mappings().model);
      const text = exportPlan(format, veiled(veil, allPlanLines(hub, id, wanted)));
      c.header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl');
      c.header('content-disposition', `attachment; filename="plan-${id}.${format}"`);
      return stream(c, async (out) => {
        for await (const piece of text) {
          if (out.aborted) return;
          await out.write(piece);
        }
      });
    })
    .openapi(apply, async (c) => {
      const { id } = c.req.valid('param');
      const { state } = await planned(id);
      if (!(await wantApplied(hub, id, actorOf(c.var.operator)))) throw new Problem(409, `A plan that is ${state} cannot be applied.`);
      await parts.nudge({ name: 'reconcile' });
      return c.json(planView(await planned(id)), 202);
    })
    .openapi(pause, async (c) => c.json(await steered(c.req.valid('param').id, 'pause', actorOf(c.var.operator)), 202))
    .openapi(resume, async (c) => c.json(await steered(c.req.valid('param').id, 'resume', actorOf(c.var.operator)), 202))
    .openapi(cancel, async (c) => c.json(await steered(c.req.valid('param').id, 'cancel', actorOf(c.var.operator)), 202))
    .openapi(abandon, async (c) => {
      const { id } = c.req.valid('param');
      const { state } = await planned(id);
      if (!(await movePlan(hub, id, ['computing', 'ready', 'drifted', 'failed', 'abandoned'], { state: 'abandoned' })))
        throw new Problem(409, `A plan that is ${state} cannot be thrown away.`);
      return c.json(planView(await planned(id)), 200);
    });
}

const STEERED: Readonly<Record<Steering, string>> = { pause: 'paused', resume: 'resumed', cancel: 'cancelled' };

/** A line without the values of veiled fields. */
function shown(veil: Veil, { hubObject, ...line }: PlanLineView) {
  const hidden = veil(hubObject);
  return {
    ...line,
    fields: withoutKeys(line.fields, hidden),
    nowFields: line.nowFields === null ? null : withoutKeys(line.nowFields, hidden),
  };
}

async function* veiled(veil: Veil, all: AsyncIterable<readonly PlanLineView[]>): AsyncGenerator<readonly PlanLineView[]> {
  for await (const some of all) yield some.map((line) => ({ ...shown(veil, line), hubObject: line.hubObject }));
}
