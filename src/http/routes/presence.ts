import { createRoute } from '@hono/zod-openapi';
import { recordById } from '../../hub/views/records.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { ById } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow } from '../security/operator.ts';
import { ArchiveFrom, RecordPresence } from '../shapes/records.ts';

const tags = ['records'];
const archive = createRoute({
  method: 'post',
  path: '/records/{id}/archive',
  tags,
  summary: 'Take a record out of use, here alone or in its systems as well',
  ...allow('steward'),
  request: { params: ById, body: body(ArchiveFrom) },
  responses: answers(RecordPresence, 'The record is archived; what its systems are to do is carried out by and by'),
});
const restore = createRoute({
  method: 'post',
  path: '/records/{id}/restore',
  tags,
  summary: 'Bring a record back into use, and make it again wherever it was removed',
  ...allow('steward'),
  request: { params: ById },
  responses: answers(RecordPresence, 'The record is in use'),
});

/** Records taken out of use, and brought back. */
export function presenceRoutes(parts: AppParts) {
  const { hub } = parts;
  const read = async (id: string) => {
    const record = found(await recordById(hub, parts.mappings().model, await systemsById(hub), id), 'record');
    return { id: record.id, archived: record.archived };
  };
  return newApi()
    .openapi(archive, async (c) => {
      const { id } = c.req.valid('param');
      const outcome = found(await acting(parts).archive(id, c.req.valid('json').from, actorOf(c.var.operator)), 'record');
      if (typeof outcome === 'object') throw new Problem(422, outcome.refused);
      return c.json(await read(id), 200);
    })
    .openapi(restore, async (c) => {
      const { id } = c.req.valid('param');
      const outcome = found(await acting(parts).bringBack(id, actorOf(c.var.operator)), 'record');
      if (typeof outcome === 'object') throw new Problem(422, outcome.refused);
      return c.json(await read(id), 200);
    });
}
