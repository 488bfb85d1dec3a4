import { createRoute, z } from '@hono/zod-openapi';
import { CAUSE_IDS } from '../../causes/causes.ts';
import { holdById, listHolds } from '../../hub/views/holds.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow, holds, type Operator } from '../security/operator.ts';
import { modelBehind, type Veil, veilFor, veilHold } from '../security/veil.ts';
import { listOf } from '../shapes/common.ts';
import { Hold, HoldDecision, HoldsDecided, HoldsDecision } from '../shapes/holds.ts';
import { strangersOf } from '../strangers.ts';
import { listenerOf, tellHold } from '../telling.ts';

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
  ...allow('viewer', { shows: 'about_records' }),
  request: { query: Wanted },
  responses: answers(listOf(Hold), 'The newest first'),
});
const read = createRoute({
  method: 'get',
  path: '/holds/{id}',
  tags,
  summary: 'One hold, open or closed',
  ...allow('viewer', { shows: 'record' }),
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

const decideMany = createRoute({
  method: 'post',
  path: '/holds/decide',
  tags,
  summary: 'Decide several holds alike; each by itself, so that one that cannot be decided stands in nobody’s way',
  ...allow('steward'),
  request: { body: body(HoldsDecision) },
  responses: answers(HoldsDecided, 'Which were decided, and why others were not'),
});

/** Holds: listed, read, and decided. */
export function holdRoutes(parts: AppParts) {
  const { hub } = parts;
  const around = async (veil?: Veil) => {
    const { model } = parts.mappings();
    return { model: veil === undefined ? model : modelBehind(veil, model), systems: await systemsById(hub) };
  };
  const refusalOf = async (id: string, decision: z.infer<typeof HoldDecision>, operator: Operator): Promise<string | null> => {
    const asked = await holdById(hub, await around(), id);
    if (asked === null) return NONE;
    const missing = lackingFor(asked, operator);
    if (missing !== null) return missing;
    const outcome = await acting(parts).decide(id, decision, actorOf(operator));
    if (typeof outcome === 'object') return outcome.refused;
    return outcome === 'decided' ? null : NONE;
  };
  return newApi()
    .openapi(list, async (c) => {
      const { state, kind, cause, connectionId, recordId, ...query } = c.req.valid('query');
      const veil = veilFor(c.var.operator.role, parts.mappings().model);
      const page = listed(
        'holds',
        await listHolds(hub, await around(veil), { state: state ?? 'open', kind, cause, connectionId, recordId }, afterOf('holds', query)),
      );
      const listener = listenerOf(c, parts.mappings().model);
      const strangers = await strangersOf(parts, veil, page.items);
      const told = page.items.map((hold) => ({ ...tellHold(listener, veilHold(veil, hold)), stranger: strangers.get(hold.id) ?? null }));
      return c.json({ ...page, items: told }, 200);
    })
    .openapi(read, async (c) => {
      const { model } = parts.mappings();
      const veil = veilFor(c.var.operator.role, model);
      const { id } = c.req.valid('param');
      const hold = found(await holdById(hub, await around(veil), id), 'hold');
      const stranger = (await strangersOf(parts, veil, [hold])).get(id) ?? null;
      return c.json({ ...tellHold(listenerOf(c, model), veilHold(veil, hold)), stranger }, 200);
    })
    .openapi(decideMany, async (c) => {
      const { ids, decision } = c.req.valid('json');
      const decided: string[] = [];
      const refused: { id: string; reason: string }[] = [];
      for (const id of new Set(ids)) {
        const reason = await refusalOf(id, decision, c.var.operator);
        if (reason === null) decided.push(id);
        else refused.push({ id, reason });
      }
      return c.json({ decided, refused }, 200);
    })
    .openapi(decide, async (c) => {
      const { id } = c.req.valid('param');
      const asked = found(await holdById(hub, await around(), id), 'hold');
      const missing = lackingFor(asked, c.var.operator);
      if (missing !== null) throw new Problem(403, missing);
      const outcome = found(await acting(parts).decide(id, c.req.valid('json'), actorOf(c.var.operator)), 'hold');
      if (typeof outcome === 'object') throw new Problem(422, outcome.refused);
      const told = tellHold(listenerOf(c, parts.mappings().model), found(await holdById(hub, await around(), id), 'hold'));
      return c.json({ ...told, stranger: null }, 200);
    });
}

const NONE = 'There is no such hold.';

/** Which role somebody lacks to decide this; null when none. */
const lackingFor = ({ kind }: { readonly kind: string }, { role }: Operator): string | null =>
  kind === 'brake' && !holds(role, 'admin') ? `Deciding a brake takes the role admin; you have ${role}.` : null;
