import { createRoute, z } from '@hono/zod-openapi';
import { UNMATCHED_REASONS } from '../../feedback/whose.ts';
import type { ResponseQuery } from '../../hub/views/response-filter.ts';
import { listResponses, responseById } from '../../hub/views/responses.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { METRICS } from '../../mapping/mapping.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { dimensionOf, NatureWanted } from '../metric-query.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow, type Operator } from '../security/operator.ts';
import { modelBehind, type Veil, veilAnswers, veilFor, veilResponses } from '../security/veil.ts';
import { listOf } from '../shapes/common.ts';
import { ResponseDetail, ResponseRow, ResponseSuggestions } from '../shapes/responses.ts';

const tags = ['responses'];
const Word = z.string().min(1).max(200).optional();
const Instant = z.iso.datetime({ offset: true }).optional();
const Points = z.coerce.number().min(-1000).max(1000).optional();
const Wanted = Listing.extend({
  attachment: ResponseRow.shape.attachment.optional(),
  connectionId: Guid.optional(),
  surveyId: z.string().max(200).optional(),
  recordId: Guid.optional(),
  reason: z.enum(UNMATCHED_REASONS).optional(),
  rejected: z.enum(['true']).optional().openapi({ description: 'Only those with an answer that could not be counted' }),
  counted: z.enum(['true']).optional().openapi({ description: 'Only those that figures are computed from: complete, and with a time' }),
  from: Instant,
  to: Instant,
  language: Word,
  channel: Word,
  key: Word.openapi({ description: 'The metric key of a score; all that is said of a score has to be true of one of them' }),
  metric: z.enum(METRICS).optional(),
  nature: NatureWanted.optional(),
  question: Word,
  touchpoint: Word,
  scoreFrom: Points,
  scoreTo: Points,
  contact: z
    .string()
    .max(500)
    .regex(/^[a-z0-9_]+:/)
    .optional()
    .openapi({ description: '<field>:<value>, what a field of the contact holds, such as owner_email:ada@example.com' }),
});
const list = createRoute({
  method: 'get',
  path: '/responses',
  tags,
  summary: 'Survey responses',
  ...allow('viewer', { shows: 'responses' }),
  request: { query: Wanted },
  responses: answers(listOf(ResponseRow), 'The newest first'),
});
const read = createRoute({
  method: 'get',
  path: '/responses/{id}',
  tags,
  summary: 'One response with its answers',
  ...allow('viewer', { shows: 'response' }),
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
const release = createRoute({
  method: 'post',
  path: '/responses/{id}/release',
  tags,
  summary: 'Take back what was said of it by hand: its evidence decides again',
  ...allow('steward'),
  request: { params: ById },
  responses: answers(ResponseDetail, 'The response as it is now'),
});
const suggestions = createRoute({
  method: 'get',
  path: '/responses/{id}/suggestions',
  tags,
  summary: 'Why it is nobody’s as things stand now, and whose it might be',
  ...allow('steward', { shows: 'response' }),
  request: { params: ById },
  responses: answers(ResponseSuggestions, 'Proposals to a person; nothing is attached by them'),
});

/** Responses: listed, read, and attached to the person who gave them. */
export function responseRoutes(parts: AppParts) {
  const { hub } = parts;
  const around = async (veil: Veil) => ({ model: modelBehind(veil, parts.mappings().model), systems: await systemsById(hub) });
  const detail = async (id: string, { role }: Operator) => {
    const { model } = parts.mappings();
    const veil = veilFor(role, model);
    return veilAnswers(veil, model)(found(await responseById(hub, await around(veil), id), 'response'));
  };
  return newApi()
    .openapi(list, async (c) => {
      const { cursor, limit, ...query } = c.req.valid('query');
      const { model } = parts.mappings();
      const veil = veilFor(c.var.operator.role, model);
      const wanted = wantedOf(query, (field) => dimensionOf(`segment:${field}`, model, veil));
      const slice = await listResponses(hub, await around(veil), wanted, afterOf('responses', { cursor, limit }));
      return c.json(listed('responses', { ...slice, items: slice.items.map(veilResponses(veil, model)) }), 200);
    })
    .openapi(read, async (c) => c.json(await detail(c.req.valid('param').id, c.var.operator), 200))
    .openapi(attach, async (c) => {
      const { id } = c.req.valid('param');
      const { recordId } = c.req.valid('json');
      await detail(id, c.var.operator);
      const record = await hub.selectFrom('record').select('id').where('id', '=', recordId).executeTakeFirst();
      if (record === undefined)
        throw new Problem(422, 'There is no such record.', { errors: [{ pointer: '#/recordId', detail: 'There is no such record.' }] });
      found(await acting(parts).decideOwner(id, { recordId }, actorOf(c.var.operator)), 'response');
      return c.json(await detail(id, c.var.operator), 200);
    })
    .openapi(detach, async (c) => {
      const { id } = c.req.valid('param');
      found(await acting(parts).decideOwner(id, 'nobody', actorOf(c.var.operator)), 'response');
      return c.json(await detail(id, c.var.operator), 200);
    })
    .openapi(release, async (c) => {
      const { id } = c.req.valid('param');
      found(await acting(parts).decideOwner(id, 'by_evidence', actorOf(c.var.operator)), 'response');
      return c.json(await detail(id, c.var.operator), 200);
    })
    .openapi(suggestions, async (c) => {
      const { id } = c.req.valid('param');
      const { reason, suggestions: proposed } = found(await acting(parts).suggestOwners(id), 'response');
      return c.json({ reason, suggestions: [...proposed].map((one) => ({ ...one, why: [...one.why] })) }, 200);
    });
}

type Asked = Omit<z.infer<typeof Wanted>, 'cursor' | 'limit'>;

/** What was asked for; `mayAsk` refuses a field that there is not, or that the asker may not see. */
function wantedOf(
  { rejected, counted, key, metric, nature, question, touchpoint, scoreFrom, scoreTo, contact, ...plain }: Asked,
  mayAsk: (field: string) => unknown,
): ResponseQuery {
  const [field = ''] = contact?.split(':') ?? [];
  if (contact !== undefined) mayAsk(field);
  return {
    ...plain,
    isRejected: rejected === 'true',
    isCounted: counted === 'true',
    score: { key, metric, nature, question, touchpoint, atLeast: scoreFrom, atMost: scoreTo },
    contact: contact === undefined ? undefined : { field, value: contact.slice(field.length + 1) },
  };
}
