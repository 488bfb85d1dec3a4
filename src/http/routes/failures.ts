import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type CauseId, isCauseId } from '../../causes/causes.ts';
import { sayCause } from '../../causes/say.ts';
import { type ListedLink as ListedLinkView, listFailures, listLinks } from '../../hub/views/failures.ts';
import { linksByIds } from '../../hub/views/links.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { refusal } from '../refusal.ts';
import { actorOf, allow, type Env } from '../security/operator.ts';
import { modelBehind, veilFor } from '../security/veil.ts';
import { LinkState, listOf } from '../shapes/common.ts';
import { FailureGroup, ListedLink } from '../shapes/failures.ts';
import { CheckDraft, CheckFound } from '../shapes/runs.ts';
import { listenerOf, tellLink, tellTried } from '../telling.ts';

const tags = ['failures'];
const ByCause = z.object({ cause: z.string().max(100) });
const OfConnection = z.object({ connectionId: Guid.optional() });
const Acted = z.object({ links: z.int() });
const list = createRoute({
  method: 'get',
  path: '/failures',
  tags,
  summary: 'What is failing or held, by cause, with what to do',
  ...allow('viewer'),
  request: { query: OfConnection },
  responses: answers(z.object({ items: z.array(FailureGroup) }), 'What concerns most records first'),
});
const read = createRoute({
  method: 'get',
  path: '/failures/{cause}',
  tags,
  summary: 'The links that one cause keeps from being in sync',
  ...allow('viewer', { shows: 'about_records' }),
  request: { params: ByCause, query: Listing.extend({ connectionId: Guid.optional() }) },
  responses: answers(listOf(ListedLink), 'The newest first'),
});
const byState = createRoute({
  method: 'get',
  path: '/links',
  tags,
  summary: 'Records by how they stand in a system: in sync, waiting, failing, held, or left out, each with the reason',
  ...allow('viewer', { shows: 'about_records' }),
  request: { query: Listing.extend({ state: LinkState, connectionId: Guid.optional() }) },
  responses: answers(listOf(ListedLink), 'The newest first'),
});
const actOnAll = createRoute({
  method: 'post',
  path: '/failures/{cause}/{action}',
  tags,
  summary: 'Retry, skip, or exclude all links of one cause',
  ...allow('steward'),
  request: { params: ByCause.extend({ action: z.enum(['retry', 'skip', 'exclude']) }), query: OfConnection },
  responses: answers(Acted, 'How many links that was done for'),
});
const actOnOne = createRoute({
  method: 'post',
  path: '/links/{id}/{action}',
  tags,
  summary: 'Retry, skip, exclude, or include one link',
  ...allow('steward'),
  request: { params: ById.extend({ action: z.enum(['retry', 'skip', 'exclude', 'include']) }) },
  responses: answers(Acted, 'Whether that was done'),
});

const check = createRoute({
  method: 'post',
  path: '/connections/{id}/check',
  tags: ['connections'],
  summary: 'Compare both sides now: every id, and the values of a sample',
  ...allow('steward'),
  request: { params: ById, body: body(CheckDraft) },
  responses: answers(CheckFound, 'What was found, by object'),
});

/** What cannot be written or decided, by cause, and what persons make of it. */
export function failureRoutes(parts: AppParts) {
  const { hub } = parts;
  const around = async () => ({ model: parts.mappings().model, systems: await systemsById(hub) });
  const viewing = async (c: Context<Env>) => {
    const { model, systems } = await around();
    const listener = listenerOf(c, model);
    const tell = ({ recordTitle, hubObject, ...link }: ListedLinkView) => ({
      ...tellLink(listener, link, hubObject),
      recordId: link.recordId,
      recordTitle,
    });
    return { seen: { model: modelBehind(veilFor(c.var.operator.role, model), model), systems }, tell };
  };
  return newApi()
    .openapi(list, async (c) => {
      const { model, systems } = await around();
      const { language, hearsVendors } = listenerOf(c, model);
      const groups = await listFailures(hub, systems, c.req.valid('query'));
      const items = groups.map(({ cause, example, ...group }) => ({
        ...group,
        cause: sayCause(cause, language, { system: example.system }),
        example: hearsVendors ? example : { ...example, reason: null },
      }));
      return c.json({ items }, 200);
    })
    .openapi(read, async (c) => {
      const { connectionId, ...query } = c.req.valid('query');
      const { seen, tell } = await viewing(c);
      const wanted = { cause: causeIn(c.req.valid('param').cause), connectionId };
      const page = listed('failures', await listLinks(hub, seen, wanted, afterOf('failures', query)));
      return c.json({ ...page, items: page.items.map(tell) }, 200);
    })
    .openapi(byState, async (c) => {
      const { connectionId, state, ...query } = c.req.valid('query');
      const { seen, tell } = await viewing(c);
      const page = listed('links', await listLinks(hub, seen, { state, connectionId }, afterOf('links', query)));
      return c.json({ ...page, items: page.items.map(tell) }, 200);
    })
    .openapi(check, async (c) => {
      const result = found(await acting(parts).check(c.req.valid('param').id, c.req.valid('json')), 'connection');
      if (!result.ok) throw refusal(tellTried(c, '', result));
      return c.json({ objects: result.found }, 200);
    })
    .openapi(actOnAll, async (c) => {
      const { cause, action } = c.req.valid('param');
      const { connectionId } = c.req.valid('query');
      const links = await acting(parts).actOnFailures({ cause: causeIn(cause), connectionId }, action, actorOf(c.var.operator));
      return c.json({ links }, 200);
    })
    .openapi(actOnOne, async (c) => {
      const { id, action } = c.req.valid('param');
      found((await linksByIds(hub, [id], await systemsById(hub))).get(id), 'link');
      const links = await acting(parts).actOnFailures({ linkId: id }, action, actorOf(c.var.operator));
      if (links === 0) throw new Problem(422, DOES_NOT_FIT[action]);
      return c.json({ links }, 200);
    });
}

const DOES_NOT_FIT = {
  retry: 'Nothing of this link has failed.',
  skip: 'Nothing of this link can be skipped: it does not fail, or it waits for a decision.',
  exclude: 'This link is out of the sync already.',
  include: 'This link was not taken out by hand. Its filter or its policy decides when it takes part.',
} as const;

function causeIn(text: string): CauseId {
  if (!isCauseId(text)) throw new Problem(404, 'There is no such cause.');
  return text;
}
