import { createRoute } from '@hono/zod-openapi';
import { erasureById, listErasures } from '../../hub/views/erasures.ts';
import { afterOf, ById, Listing, listed } from '../listing.ts';
import { acting, answers, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { actorOf, allow } from '../security/operator.ts';
import { listOf } from '../shapes/common.ts';
import { Erasure } from '../shapes/erasures.ts';

const tags = ['responses'];
const erase = createRoute({
  method: 'post',
  path: '/responses/{id}/erase',
  tags,
  summary: 'Erase a response for good',
  description:
    'What was answered goes out of the hub, its timeline entries go out of the systems, and scores are counted without it. Nothing brings it back, and it cannot be undone. ' +
    'The survey tool keeps its own.',
  ...allow('admin', { fresh: true }),
  request: { params: ById },
  responses: answers(Erasure, 'The erasure, with what systems still have to let go of'),
});
const list = createRoute({
  method: 'get',
  path: '/erasures',
  tags,
  summary: 'Responses that were erased',
  ...allow('admin'),
  request: { query: Listing },
  responses: answers(listOf(Erasure), 'The newest answer first'),
});
const read = createRoute({
  method: 'get',
  path: '/erasures/{id}',
  tags,
  summary: 'How far an erasure has come',
  ...allow('admin'),
  request: { params: ById },
  responses: answers(Erasure, 'The erasure'),
});

/** Responses are erased, and it is told what is left of them. */
export function erasureRoutes(parts: AppParts) {
  const { hub } = parts;
  const one = async (id: string) => found(await erasureById(hub, id), 'erasure');
  return newApi()
    .openapi(erase, async (c) => {
      const { id } = c.req.valid('param');
      found(await acting(parts).eraseResponse(id, actorOf(c.var.operator)), 'response');
      return c.json(await one(id), 200);
    })
    .openapi(list, async (c) => c.json(listed('erasures', await listErasures(hub, afterOf('erasures', c.req.valid('query')))), 200))
    .openapi(read, async (c) => c.json(await one(c.req.valid('param').id), 200));
}
