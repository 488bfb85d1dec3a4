import { type List, type Lists, PROCESSING_TYPES } from '../lists/lists.ts';
import type { Portal } from '../portal/portal.ts';
import { invalid } from '../wire/refusal.ts';
import { type Api, type Call, demandRight, pagingTo, pathPart, queryLimit, queryList, readBody, readJson } from '../wire/requests.ts';
import { optionalText, type Shape, text, texts } from '../wire/shapes.ts';

const COUNT_MAX = 500;

function show(portal: Portal, lists: Lists, { type, members, filterBranch, deletedAt, ...list }: List): Shape {
  return {
    ...list,
    objectTypeId: type.typeId,
    processingStatus: 'COMPLETE',
    createdById: String(portal.apiUserId),
    updatedById: String(portal.apiUserId),
    size: lists.members({ ...list, type, members, filterBranch, deletedAt }, 'id').length,
    ...(filterBranch === null ? {} : { filterBranch }),
  };
}

function found(portal: Portal, lists: Lists, body: Shape): Shape {
  const offset = Number(body.offset ?? 0);
  const count = Number(body.count ?? 20);
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) throw invalid(`count must be between 1 and ${COUNT_MAX}`);
  const query = (optionalText(body.query, 'query') ?? '').toLowerCase();
  const types = texts(body.processingTypes, 'processingTypes');
  const ids = texts(body.listIds, 'listIds');
  const all = lists
    .all()
    .filter(
      (one) =>
        one.name.toLowerCase().includes(query) &&
        (types.length === 0 || types.includes(one.processingType)) &&
        (ids.length === 0 || ids.includes(one.listId)),
    );
  const page = all.slice(offset, offset + count).map((list) => {
    const { size, ...shown } = show(portal, lists, list);
    return { ...shown, additionalProperties: { hs_list_size: String(size) } };
  });
  return { offset: offset + page.length, hasMore: offset + page.length < all.length, total: all.length, lists: page };
}

function create(portal: Portal, lists: Lists, body: Shape): List {
  const processingType = PROCESSING_TYPES.find((one) => one === body.processingType);
  if (processingType === undefined) throw invalid(`processingType must be one of ${PROCESSING_TYPES.join(', ')}`);
  const type = portal.types.named(text(body.objectTypeId, 'objectTypeId'));
  return lists.create({ name: text(body.name, 'name'), type, processingType, filterBranch: body.filterBranch ?? null });
}

async function idsIn(c: Call): Promise<readonly string[]> {
  const body = await readJson(c);
  if (!Array.isArray(body)) throw invalid('Invalid input JSON: the body must be an array of record ids');
  return texts(body, 'the body');
}

function membersPage(lists: Lists, c: Call, order: 'id' | 'join'): Response {
  const all = lists.members(lists.get(pathPart(c, 'id')), order);
  const limit = queryLimit(c, { initial: 100, max: 250 });
  const start = Number(c.req.query('after') ?? 0);
  const next = start + limit < all.length ? String(start + limit) : null;
  return c.json({ results: all.slice(start, start + limit), total: all.length, ...pagingTo(c, next) });
}

function memberRoutes(api: Api, lists: Lists, demand: (c: Call, right: 'read' | 'write') => void): void {
  const path = '/crm/v3/lists/:id/memberships';
  for (const order of ['id', 'join'] as const) {
    api.get(order === 'id' ? path : `${path}/join-order`, (c) => {
      demand(c, 'read');
      return membersPage(lists, c, order);
    });
  }
  const change = (word: string, idsOf: (c: Call) => Promise<Parameters<Lists['change']>[1]>) =>
    api.put(`${path}/${word}`, async (c) => {
      demand(c, 'write');
      return c.json(lists.change(pathPart(c, 'id'), await idsOf(c)));
    });
  change('add', async (c) => ({ add: await idsIn(c), remove: [] }));
  change('remove', async (c) => ({ add: [], remove: await idsIn(c) }));
  change('add-and-remove', async (c) => {
    const { recordIdsToAdd, recordIdsToRemove } = await readBody(c);
    return { add: texts(recordIdsToAdd, 'recordIdsToAdd'), remove: texts(recordIdsToRemove, 'recordIdsToRemove') };
  });
  api.put(`${path}/add-from/:source`, (c) => {
    demand(c, 'write');
    lists.addFrom(pathPart(c, 'id'), pathPart(c, 'source'));
    return c.body(null, 204);
  });
  api.delete(path, (c) => {
    demand(c, 'write');
    lists.removeAll(pathPart(c, 'id'));
    return c.body(null, 204);
  });
}

/** Lists of records, and who is in them. */
export function listRoutes(api: Api, portal: Portal, lists: Lists): void {
  const path = '/crm/v3/lists';
  const demand = (c: Call, right: 'read' | 'write') => demandRight(c, [`crm.lists.${right}`]);
  const shown = (list: List) => show(portal, lists, list);
  api.post(path, async (c) => {
    demand(c, 'write');
    return c.json({ list: shown(create(portal, lists, await readBody(c))) });
  });
  api.get(path, (c) => {
    demand(c, 'read');
    return c.json({ lists: queryList(c, 'listIds').map((id) => shown(lists.get(id))) });
  });
  api.post(`${path}/search`, async (c) => {
    demand(c, 'read');
    return c.json(found(portal, lists, await readBody(c)));
  });
  api.get(`${path}/object-type-id/:type/name/:name`, (c) => {
    demand(c, 'read');
    return c.json({ list: shown(lists.named(portal.types.named(pathPart(c, 'type')), pathPart(c, 'name'))) });
  });
  api.get(`${path}/:id`, (c) => {
    demand(c, 'read');
    return c.json({ list: shown(lists.get(pathPart(c, 'id'))) });
  });
  api.put(`${path}/:id/update-list-name`, (c) => {
    demand(c, 'write');
    return c.json({ updatedList: shown(lists.rename(pathPart(c, 'id'), text(c.req.query('listName'), 'listName'))) });
  });
  api.delete(`${path}/:id`, (c) => {
    demand(c, 'write');
    lists.remove(pathPart(c, 'id'));
    return c.body(null, 204);
  });
  api.put(`${path}/:id/restore`, (c) => {
    demand(c, 'write');
    lists.restore(pathPart(c, 'id'));
    return c.body(null, 204);
  });
  memberRoutes(api, lists, demand);
}
