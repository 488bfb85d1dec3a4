import { createRoute, z } from '@hono/zod-openapi';
import { CAUSE_IDS } from '../../causes/causes.ts';
import { holdById, listHolds } from '../../hub/views/holds.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import { actorOf, allow, holds } from '../operator.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { listOf } from '../shapes/common.ts';
import { Hold, HoldDecision } from '../shapes/holds.ts';
import { listenerOf, tellHold } from '../telling.ts';
import { veilFor, veilHold } from '../veil.ts';

const tags = ['holds'];
const Wanted = Listing.extend({
  state: z.enum(['open', 'closed']).optional().openapi({ default: 'open' }),
  kind: Hold.shape.kind.optional(),
  cause: z.enum(CAUSE_IDS).optional(),
  connectionId: Guid.optional(),
  recordId: Guid.optional(),
});
const list = createRoute({
  method: 'get',
  path: '/holds',
  tags,
  summary: 'What waits for a person',
  ...allow('viewer'),
  request: { query: Wanted },
  responses: answers(listOf(Hold), 'The newest first'),
});
const read = createRoute({
  method: 'get',
  path: '/holds/{id}',
  tags,
  summary: 'One hold, open or closed',
  ...allow('viewer'),
  request: { params: ById },
  responses: answers(Hold, 'The hold'),
});
const decide = createRoute({
  method: 'post',
  path: '/holds/{id}/decide',
  tags,
  summary: 'Decide a hold',
  ...allow('steward'),
  request: { params: ById, body: body(HoldDecision) },
  responses: answers(Hold, 'The hold, closed'),
});

/** Holds: listed, read, and decided. */
export function holdRoutes(parts: AppParts) {
  const { hub } = parts;
  const around = async () => ({ model: parts.mappings().model, systems: await systemsById(hub) });
  return newApi()
    .openapi(list, async (c) => {
      const { state, kind, cause, connectionId, recordId, ...query } = c.req.valid('query');
      const veil = veilFor(c.var.operator.role, parts.mappings().model);
      const page = listed(
        'holds',
        await listHolds(hub, await around(), { state: state ?? 'open', kind, cause, connectionId, recordId }, afterOf('holds', query)),
      );
      const listener = listenerOf(c, parts.mappings().model);
      return c.json({ ...page, items: page.items.map((hold) => tellHold(listener, veilHold(veil, hold))) }, 200);
    })
    .openapi(read, async (c) => {
      const hold = found(await holdById(hub, await around(), c.req.valid('param').id), 'hold');
      const { model } = parts.mappings();
      return c.json(tellHold(listenerOf(c, model), veilHold(veilFor(c.var.operator.role, model), hold)), 200);
    })
    .openapi(decide, async (c) => {
      const { id } = c.req.valid('param');
      const { role } = c.var.operator;
      const asked = found(await holdById(hub, await around(), id), 'hold');
      if (asked.kind === 'brake' && !holds(role, 'admin'))
        throw new Problem(403, `Deciding a brake takes the role admin; you have ${role}.`);
      const outcome = found(await acting(parts).decide(id, c.req.valid('json'), actorOf(c.var.operator)), 'hold');
      if (typeof outcome === 'object') throw new Problem(422, outcome.refused);
      return c.json(tellHold(listenerOf(c, parts.mappings().model), found(await holdById(hub, await around(), id), 'hold')), 200);
    });
}
