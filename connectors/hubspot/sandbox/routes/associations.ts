import { type Portal, tiesOf } from '../portal/portal.ts';
import { type Knot, untie } from '../ties/tying.ts';
import { type Api, type Call, pagingTo, pathPart, queryLimit, readJson } from '../wire/requests.ts';
import { demandEnds, labelPair, PAGE_MAX, pageOf, pairOf, readTypeIds, showTies, tiePair } from './tie-requests.ts';

function pathKnot(portal: Portal, c: Call): Knot {
  const ends = demandEnds(portal, pairOf(portal, c, 'write'), { fromId: pathPart(c, 'fromId'), toId: pathPart(c, 'toId') });
  return { ...ends, by: c.get('caller').userId };
}

function readOne(portal: Portal, c: Call): Response {
  const pair = pairOf(portal, c, 'read');
  const from = { type: pair.from, id: pathPart(c, 'fromId') };
  const limit = queryLimit(c, { initial: PAGE_MAX, max: PAGE_MAX });
  const { page, next } = pageOf(tiesOf(portal, from, pair.to), c.req.query('after'), limit);
  return c.json({ results: showTies(portal, pair, page), ...pagingTo(c, next) });
}

/** Ties between records, one at a time. */
export function associationRoutes(api: Api, portal: Portal): void {
  const one = '/crm/v4/objects/:from/:fromId/associations';
  api.get(`${one}/:to`, (c) => readOne(portal, c));
  api.put(`${one}/default/:to/:toId`, (c) => {
    const at = portal.now().toISOString();
    return c.json({ status: 'COMPLETE', results: tiePair(portal, pathKnot(portal, c)), startedAt: at, completedAt: at });
  });
  api.put(`${one}/:to/:toId`, async (c) => {
    const typeIds = readTypeIds(await readJson(c));
    return c.json(labelPair(portal, pathKnot(portal, c), typeIds), 201);
  });
  api.delete(`${one}/:to/:toId`, (c) => {
    const { from, to } = pairOf(portal, c, 'write');
    const ends = { from: { type: from, id: pathPart(c, 'fromId') }, to: { type: to, id: pathPart(c, 'toId') } };
    untie(portal, { ...ends, by: c.get('caller').userId });
    return c.body(null, 204);
  });
}
