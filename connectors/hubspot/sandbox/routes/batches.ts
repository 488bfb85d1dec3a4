import type { Portal, Table } from '../portal/portal.ts';
import { type Claims, checkValues, demandKnown, demandUnique } from '../records/checking.ts';
import type { Stored } from '../records/records.ts';
import { archiveRecord, isBinned } from '../records/removing.ts';
import { showCreated, showRecord, showUpdated } from '../records/showing.ts';
import { changeRecord } from '../records/writing.ts';
import { createTied } from '../ties/create-tied.ts';
import { inlineTies } from '../ties/inline-ties.ts';
import { invalid } from '../wire/refusal.ts';
import { type Api, batchAnswer, type Call, readBody } from '../wire/requests.ts';
import { inputsOf, optionalText, type Shape, text, texts } from '../wire/shapes.ts';
import { areTraced, byProperty, demandDistinct, INPUTS_MAX, missing, type Plan, type Row, rowsOf, runRows } from './batch-rows.ts';
import { tableOf } from './tables.ts';

async function read(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'read');
  const body = await readBody(c);
  const property = optionalText(body.idProperty, 'idProperty');
  if (property !== undefined && property !== 'hs_object_id' && !table.schema.isKey(property)) {
    throw invalid(`Property ${property} is not a unique property of ${table.type.name}`);
  }
  const history = texts(body.propertiesWithHistory, 'propertiesWithHistory');
  const ids = inputsOf(body, history.length > 0 ? 50 : INPUTS_MAX).map((input) => text(input.id, 'id'));
  demandDistinct(ids);
  const archived = c.req.query('archived') === 'true';
  const wanted = (record: Stored | undefined) => record !== undefined && (archived ? isBinned(portal, record) : record.archivedAt === null);
  const found = ids.map((id) => ({ id, record: table.records.at(byProperty(table, property, id) ?? '') }));
  const view = { properties: texts(body.properties, 'properties'), history, associations: [] };
  const results = found.flatMap(({ record }) =>
    record !== undefined && wanted(record) ? [showRecord(portal, table, { record, view })] : [],
  );
  const errors = missing(
    table,
    found.filter(({ record }) => !wanted(record)).map(({ id }) => id),
  );
  return batchAnswer(portal, c, { results, errors, done: 200 });
}

async function create(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'write');
  const rows = rowsOf(await readBody(c));
  const alone = areTraced(rows);
  const shared: Claims = new Set();
  const plan: Plan = ({ input, raw }) => {
    const values = checkValues(portal, table.type, { raw, current: null, version: c.get('version') });
    const ties = inlineTies(portal, table, input.associations);
    demandUnique(portal, table.type, { values, ownId: null, claims: alone ? new Set() : shared });
    return () => showCreated(portal, table, createTied(portal, table, { values, ties, by: c.get('caller').userId }));
  };
  return batchAnswer(portal, c, { ...runRows(rows, plan, alone), done: 201 });
}

function planUpdate(portal: Portal, c: Call, { table, before, raw, claims }: { table: Table; before: Stored; raw: Shape; claims: Claims }) {
  const values = checkValues(portal, table.type, { raw, current: before, version: c.get('version') });
  demandUnique(portal, table.type, { values, ownId: before.id, claims });
  return () => {
    const record = changeRecord(portal, table.type, {
      before: table.records.live(before.id) ?? before,
      values,
      by: c.get('caller').userId,
    });
    return showUpdated(portal, table, { record, written: Object.keys(raw) });
  };
}

function demandKey(table: Table, property: string, ways: { email: boolean }): void {
  if (table.schema.isKey(property) && (ways.email || property !== 'email')) return;
  throw invalid(`Unable to perform update/upsert by non-unique ${table.type.typeId} property`);
}

function targetOf(table: Table, { input }: Row): { readonly id: string; readonly record: Stored | undefined } {
  const id = text(input.id, 'id');
  const property = optionalText(input.idProperty, 'idProperty');
  if (property !== undefined && property !== 'hs_object_id') demandKey(table, property, { email: false });
  return { id, record: table.records.live(byProperty(table, property, id) ?? '') };
}

// Ids of merged records, and addresses where an id should be, are left out of the answer without a word.
function isPassedOver(table: Table, id: string): boolean {
  return table.records.isMergedAway(id) || id.includes('@');
}

async function update(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'write');
  const rows = rowsOf(await readBody(c));
  const targets = rows.map((row) => ({ row, ...targetOf(table, row) }));
  demandDistinct(targets.map(({ id }) => id));
  demandKnown(
    portal,
    table.type,
    rows.map(({ raw }) => raw),
  );
  const alone = areTraced(rows);
  const shared: Claims = new Set();
  const there = targets.filter(({ record }) => record !== undefined).map(({ row }) => row);
  const plan: Plan = (row) => {
    const { record } = targetOf(table, row);
    return record === undefined
      ? () => null
      : planUpdate(portal, c, { table, before: record, raw: row.raw, claims: alone ? new Set() : shared });
  };
  const { results, errors } = runRows(there, plan, alone);
  const lost = targets.filter(({ id, record }) => record === undefined && !isPassedOver(table, id));
  const notThere = missing(
    table,
    lost.map(({ id }) => id),
    lost.flatMap(({ row }) => (row.trace === undefined ? [] : [row.trace])),
  );
  return batchAnswer(portal, c, { results, errors: [...errors, ...notThere], done: 200 });
}

async function upsert(portal: Portal, c: Call): Promise<Response> {
  const table = tableOf(portal, c, 'write');
  const rows = rowsOf(await readBody(c));
  const keyOf = ({ input }: Row) => text(input.idProperty, 'idProperty');
  for (const row of rows) demandKey(table, keyOf(row), { email: true });
  demandDistinct(rows.map(({ input }) => text(input.id, 'id')));
  demandKnown(
    portal,
    table.type,
    rows.map(({ raw }) => raw),
  );
  // By e-mail address a batch stands or falls as a whole, traced or not.
  const alone = areTraced(rows) && rows.every((row) => keyOf(row) !== 'email');
  const shared: Claims = new Set();
  const plan: Plan = (row) => {
    const id = text(row.input.id, 'id');
    const claims: Claims = alone ? new Set() : shared;
    const before = table.records.live(byProperty(table, keyOf(row), id) ?? '');
    if (before !== undefined) {
      const carryOut = planUpdate(portal, c, { table, before, raw: row.raw, claims });
      return () => ({ ...carryOut(), new: false });
    }
    const raw = { [keyOf(row)]: id, ...row.raw };
    const values = checkValues(portal, table.type, { raw, current: null, version: c.get('version') });
    demandUnique(portal, table.type, { values, ownId: null, claims });
    return () => ({
      ...showCreated(portal, table, createTied(portal, table, { values, ties: [], by: c.get('caller').userId })),
      new: true,
    });
  };
  return batchAnswer(portal, c, { ...runRows(rows, plan, alone), done: 200 });
}

/** Batches of up to a hundred, for every type of record. */
export function batchRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v3/objects/:type/batch';
  api.post(`${path}/read`, (c) => read(portal, c));
  api.post(`${path}/create`, (c) => create(portal, c));
  api.post(`${path}/update`, (c) => update(portal, c));
  api.post(`${path}/upsert`, (c) => upsert(portal, c));
  api.post(`${path}/archive`, async (c) => {
    const table = tableOf(portal, c, 'write');
    for (const input of inputsOf(await readBody(c), INPUTS_MAX))
      archiveRecord(portal, table, { id: text(input.id, 'id'), by: c.get('caller').userId });
    return c.body(null, 204);
  });
}
