import { createRoute, z } from '@hono/zod-openapi';
import { listChanges } from '../../hub/views/journal.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow } from '../security/operator.ts';
import { veilChange, veilFor } from '../security/veil.ts';
import { Change } from '../shapes/changes.ts';
import { listOf } from '../shapes/common.ts';

const tags = ['conflicts'];
const list = createRoute({
  method: 'get',
  path: '/conflicts',
  tags,
  summary: 'Changes in which one value gave way to another',
  ...allow('viewer', { shows: 'about_records' }),
  request: { query: Listing.extend({ recordId: Guid.optional() }) },
  responses: answers(listOf(Change), 'The newest first'),
});
const restore = createRoute({
  method: 'post',
  path: '/conflicts/{id}/restore',
  tags,
  summary: 'Take back the value that gave way',
  ...allow('steward'),
  request: { params: ById, body: body(z.strictObject({ field: z.string().min(1).max(200) })) },
  responses: answers(z.object({ restored: z.literal(true) }), 'The value stands again'),
});

/** Conflicts: what lost, and how it is taken back. */
export function conflictRoutes(parts: AppParts) {
  const { hub } = parts;
  return newApi()
    .openapi(list, async (c) => {
      const { recordId, ...query } = c.req.valid('query');
      const { model } = parts.mappings();
      const veil = veilFor(c.var.operator.role, model);
      const around = { model, systems: await systemsById(hub) };
      const page = listed('conflicts', await listChanges(hub, around, { recordId, conflictsOnly: true }, afterOf('conflicts', query)));
      return c.json({ ...page, items: page.items.map((line) => veilChange(veil, line)) }, 200);
    })
    .openapi(restore, async (c) => {
      const { field } = c.req.valid('json');
      const outcome = found(await acting(parts).restore(c.req.valid('param').id, field, actorOf(c.var.operator)), 'change');
      if (outcome === 'nothing_lost')
        throw new Problem(422, 'No value of this field gave way in this change.', {
          errors: [{ pointer: '#/field', detail: 'Nothing was lost here.' }],
        });
      return c.json({ restored: true as const }, 200);
    });
}
