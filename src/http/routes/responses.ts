import { createRoute, z } from '@hono/zod-openapi';
import { listResponses, responseById } from '../../hub/views/responses.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import { actorOf, allow } from '../operator.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { listOf } from '../shapes/common.ts';
import { ResponseDetail, ResponseRow } from '../shapes/responses.ts';

const tags = ['responses'];
const Wanted = Listing.extend({
  attachment: ResponseRow.shape.attachment.optional(),
  connectionId: Guid.optional(),
  surveyId: z.string().max(200).optional(),
  recordId: Guid.optional(),
});
const list = createRoute({
  method: 'get',
  path: '/responses',
  tags,
  summary: 'Survey responses',
  ...allow('viewer'),
  request: { query: Wanted },
  responses: answers(listOf(ResponseRow), 'The newest first'),
});
const read = createRoute({
  method: 'get',
  path: '/responses/{id}',
  tags,
  summary: 'One response with its answers',
  ...allow('viewer'),
  request: { params: ById },
  responses: answers(ResponseDetail, 'The response'),
});
const attach = createRoute({
  method: 'post',
  path: '/responses/{id}/attach',
  tags,
  summary: 'Say whose response it is',
  ...allow('steward'),
  request: { params: ById, body: body(z.strictObject({ recordId: z.guid() })) },
  responses: answers(ResponseDetail, 'The response as it is now'),
});
const detach = createRoute({
  method: 'post',
  path: '/responses/{id}/detach',
  tags,
  summary: 'Say that it is not the response of whom it was attached to',
  ...allow('steward'),
  request: { params: ById },
  responses: answers(ResponseDetail, 'The response as it is now'),
});

/** Responses: listed, read, and attached to the person who gave them. */
export function responseRoutes(parts: AppParts) {
  const { hub } = parts;
  const around = async () => ({ model: parts.mappings().model, systems: await systemsById(hub) });
  const detail = async (id: string) => found(await responseById(hub, await around(), id), 'response');
  return newApi()
    .openapi(list, async (c) => {
      const { attachment, connectionId, surveyId, recordId, ...query } = c.req.valid('query');
      return c.json(
        listed(
          'responses',
          await listResponses(hub, await around(), { attachment, connectionId, surveyId, recordId }, afterOf('responses', query)),
        ),
        200,
      );
    })
    .openapi(read, async (c) => c.json(await detail(c.req.valid('param').id), 200))
    .openapi(attach, async (c) => {
      const { id } = c.req.valid('param');
      const { recordId } = c.req.valid('json');
      await detail(id);
      const record = await hub.selectFrom('record').select('id').where('id', '=', recordId).executeTakeFirst();
      if (record === undefined)
        throw new Problem(422, 'There is no such record.', { errors: [{ pointer: '#/recordId', detail: 'There is no such record.' }] });
      found(await acting(parts).attach(id, recordId, actorOf(c.var.operator)), 'response');
      return c.json(await detail(id), 200);
    })
    .openapi(detach, async (c) => {
      const { id } = c.req.valid('param');
      found(await acting(parts).attach(id, null, actorOf(c.var.operator)), 'response');
      return c.json(await detail(id), 200);
    });
}
