import type { Portal, Table } from '../portal/portal.ts';
import { checkValues, demandUnique } from '../records/checking.ts';
import { mergeRecords } from '../records/merging.ts';
import type { Stored } from '../records/records.ts';
import { archiveRecord, isBinned, purgeRecord } from '../records/removing.ts';
import { showCreated, showRecord, showUpdated, type View } from '../records/showing.ts';
import { changeRecord } from '../records/writing.ts';
import { Search } from '../search/search.ts';
import { createTied } from '../ties/create-tied.ts';
import { inlineTies } from '../ties/inline-ties.ts';
import { invalid, notFound } from '../wire/refusal.ts';
import { type Api, type Call, pagingTo, pathPart, queryLimit, queryList, readBody } from '../wire/requests.ts';
import { object, optionalText, text, texts } from '../wire/shapes.ts';
import { tableOf } from './tables.ts';

function viewOf(c: Call): View {
  return {
    properties: queryList(c, 'properties'),
    history: queryList(c, 'propertiesWithHistory'),
    associations: queryList(c, 'associations'),
  };
}

/** The record that a direct read or update means: by id, also one that was merged away, or by a unique property. */
function named(c: Call, table: Table): Stored | undefined {
  const value = pathPart(c, 'id');
  const property = c.req.query('idProperty');
  if (property === undefined || property === 'hs_object_id') return table.records.at(table.records.resolve(value));
  if (!table.schema.isKey(property)) throw invalid(`Property ${property} is not a unique property of ${table.type.name}`);
  const id = table.records.holder(property, property === 'email' ? value.trim().toLowerCase() : value);
  return id === undefined ? undefined : table.records.at(id);
}

function list(portal: Portal, c: Call): Response {
  const table = tableOf(portal, c, 'read');
  const view = viewOf(c);
  const limit = queryLimit(c, { initial: 10, max: view.history.length > 0 ? 50 : 100 });
  const after = c.req.query('after') ?? '0';
  if (!/^\d+$/.test(after)) throw invalid(`Invalid after ${after}: it must be a record id`);
  const archived = c.req.query('archived') === 'true';
  const page = table.records.page(Number(after), limit, (one) => (archived ? isBinned(portal, one) : one.archivedAt === null));
  return c.json({ results: page.records.map((record) => showRecord(portal, table, { record, view })), ...pagingTo(c, page.next) });
}

function get(portal: Portal, c: Call): Response {
  const table = tableOf(portal, c, 'read');
  const record = named(c, table);
  const archived = c.req.query('archived') === 'true';
  if (record === undefined || !(archived ? isBinned(portal, record) : record.archivedAt === null)) throw notFound();
  return c.json(showRecord(portal, table, { record, view: viewOf(c) }));
}

async function create(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'write');
  const body = await readBody(c);
  const raw = object(body.properties ?? {}, 'properties');
  const values = checkValues(portal, table.type, { raw, current: null, version: c.get('version') });
  demandUnique(portal, table.type, { values, ownId: null, claims: new Set() });
  const ties = inlineTies(portal, table, body.associations);
  return c.json(showCreated(portal, table, createTied(portal, table, { values, ties, by: c.get('caller').userId })), 201);
}

async function update(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'write');
  const before = named(c, table);
  if (before === undefined || before.archivedAt !== null) throw notFound();
  const raw = object((await readBody(c)).properties ?? {}, 'properties');
  const values = checkValues(portal, table.type, { raw, current: before, version: c.get('version') });
  demandUnique(portal, table.type, { values, ownId: before.id, claims: new Set() });
  const record = changeRecord(portal, table.type, { before, values, by: c.get('caller').userId });
  return c.json(showUpdated(portal, table, { record, written: Object.keys(raw) }));
}

async function merge(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'write');
  const { primaryObjectId, objectIdToMerge } = await readBody(c);
  const ids = {
    primaryId: text(primaryObjectId, 'primaryObjectId'),
    otherId: text(objectIdToMerge, 'objectIdToMerge'),
    by: c.get('caller').userId,
  };
  return c.json(showCreated(portal, table, mergeRecords(portal, table.type, ids)));
}

async function erase(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'write');
  const body = await readBody(c);
  const by = c.get('caller').userId;
  const objectId = text(body.objectId, 'objectId');
  if (optionalText(body.idProperty, 'idProperty') !== 'email') {
    if (table.records.at(objectId) === undefined) throw notFound();
    purgeRecord(portal, table, { id: objectId, by });
    return c.body(null, 204);
  }
  const address = objectId.trim().toLowerCase();
  const id = table.records.holder('email', address);
  if (id === undefined) portal.blocked.add(address);
  else purgeRecord(portal, table, { id, by });
  return c.body(null, 204);
}

/** Lists, single records, search, merge, and erasure, for every type of record. */
export function objectRoutes(api: Api, portal: Portal): void {
  const searches = new Map<Table, Search>();
  const path = '/crm/v3/objects/:type';
  api.get(path, (c) => list(portal, c));
  api.post(path, (c) => create(portal, c));
  api.post(`${path}/search`, async (c) => {
    const table = tableOf(portal, c, 'read');
    const search = searches.get(table) ?? new Search(portal, table);
    searches.set(table, search);
    const body = await readBody(c);
    const found = search.run(body);
    const view = { properties: texts(body.properties, 'properties'), history: [], associations: [] };
    const now = (record: Stored) => (portal.switches.searchShowsNow ? (table.records.live(record.id) ?? record) : record);
    const results = found.records.map((record) => showRecord(portal, table, { record: now(record), view }));
    return c.json({ total: found.total, results, ...(found.next === null ? {} : { paging: { next: { after: found.next } } }) });
  });
  api.post(`${path}/merge`, (c) => merge(portal, c));
  api.post('/crm/v3/objects/:type{contacts|contact|0-1}/gdpr-delete', (c) => erase(portal, c));
  api.get(`${path}/:id`, (c) => get(portal, c));
  api.patch(`${path}/:id`, (c) => update(portal, c));
  api.delete(`${path}/:id`, (c) => {
    const table = tableOf(portal, c, 'write');
    archiveRecord(portal, table, { id: pathPart(c, 'id'), by: c.get('caller').userId });
    return c.body(null, 204);
  });
}
