import { createRoute, z } from '@hono/zod-openapi';
import type { Role } from '../../hub/tables/access.ts';
import { listMergings, mergingById } from '../../hub/views/mergings.ts';
import { recordById } from '../../hub/views/records.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow } from '../security/operator.ts';
import { modelBehind, veilFor } from '../security/veil.ts';
import { listOf } from '../shapes/common.ts';
import { MergePreview, MergeWith, Merging } from '../shapes/mergings.ts';

const tags = ['records'];
const preview = createRoute({
  method: 'get',
  path: '/records/{id}/merge',
  tags,
  summary: 'What merging another record into this one would do',
  ...allow('steward', { shows: 'record' }),
  request: { params: ById, query: z.object({ with: Guid }) },
  responses: answers(MergePreview, 'Every field, link, and whatever moves; nothing is changed'),
});
const merge = createRoute({
  method: 'post',
  path: '/records/{id}/merge',
  tags,
  summary: 'Merge another record into this one',
  ...allow('steward', { fresh: true }),
  request: { params: ById, body: body(MergeWith) },
  responses: answers(Merging, 'The merge, which can be taken back'),
});
const list = createRoute({
  method: 'get',
  path: '/records/{id}/mergings',
  tags,
  summary: 'The merges that a record took part in',
  ...allow('viewer', { shows: 'record' }),
  request: { params: ById, query: Listing },
  responses: answers(listOf(Merging), 'The newest first'),
});
const undo = createRoute({
  method: 'post',
  path: '/mergings/{id}/undo',
  tags,
  summary: 'Take a merge back, as if the two had never met',
  ...allow('steward', { fresh: true }),
  request: { params: ById },
  responses: answers(Merging, 'The merge, undone'),
});

/** Merges of records: previewed, done, listed, and taken back. */
export function mergingRoutes(parts: AppParts) {
  const { hub } = parts;
  const modelFor = (role: Role) => modelBehind(veilFor(role, parts.mappings().model), parts.mappings().model);
  const read = async (id: string) => found(await mergingById(hub, parts.mappings().model, id), 'merge');
  const known = async (id: string) => void found(await recordById(hub, parts.mappings().model, await systemsById(hub), id), 'record');
  return newApi()
    .openapi(preview, async (c) => {
      const { id } = c.req.valid('param');
      await known(id);
      return c.json(accepted(await acting(parts).previewMerge(id, c.req.valid('query').with)), 200);
    })
    .openapi(merge, async (c) => {
      const { id } = c.req.valid('param');
      await known(id);
      const { mergingId } = accepted(await acting(parts).merge(id, c.req.valid('json').with, actorOf(c.var.operator)));
      return c.json(await read(mergingId), 200);
    })
    .openapi(list, async (c) => {
      const { id } = c.req.valid('param');
      await known(id);
      return c.json(
        listed('mergings', await listMergings(hub, modelFor(c.var.operator.role), id, afterOf('mergings', c.req.valid('query')))),
        200,
      );
    })
    .openapi(undo, async (c) => {
      const { id } = c.req.valid('param');
      const outcome = found(await acting(parts).unmerge(id, actorOf(c.var.operator)), 'merge');
      if (typeof outcome === 'object') accepted(outcome);
      return c.json(await read(id), 200);
    });
}

/** What was done; a refusal becomes the answer that says why, in its own words. */
function accepted<Done extends object>(outcome: Done | { readonly refused: string }): Exclude<Done, { readonly refused: string }> {
  if ('refused' in outcome) throw new Problem(422, String(outcome.refused));
  return outcome as Exclude<Done, { readonly refused: string }>;
}
