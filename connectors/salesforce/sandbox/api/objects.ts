import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import { deleteRecord } from '../records/bin.ts';
import { matches, noColumn } from '../records/input.ts';
import { createRecord, updateRecord } from '../records/save.ts';
import { Refusal } from '../refusal.ts';
import { describeBriefly, describeWhole } from '../schema/describe.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import { attributes, shownField } from '../soql/select.ts';
import type { Row } from '../store/row.ts';
import { type Ask, callerOf, objectBody, type Reply, route } from './exchange.ts';

/** The resources of single records and of the schema. */
export const objectRoutes = [
  route('GET /sobjects', (org, ask) => ({
    status: 200,
    body: {
      encoding: 'UTF-8',
      maxBatchSize: 200,
      sobjects: [...org.objects('data', 'setup')].map((schema) => describeBriefly(schema, ask.version)),
    },
  })),
  route('GET /sobjects/:object', (org, ask, { object = '' }) => ({
    status: 200,
    body: { objectDescribe: describeBriefly(org.schema(object, 404), ask.version), recentItems: [] },
  })),
  route('POST /sobjects/:object', create),
  route('GET /sobjects/:object/describe', describe),
  route('GET /sobjects/:object/:id', (org, ask, { object = '', id = '' }) => {
    const schema = org.schema(object, 404);
    return shown(org, ask, { schema, row: known(org, schema, id) });
  }),
  route('PATCH /sobjects/:object/:id', (org, ask, { object = '', id = '' }) => {
    const schema = org.schema(object, 404);
    updateRecord(org, schema, { id: known(org, schema, id).Id, input: withoutId(objectBody(ask)) }, callerOf(org, ask));
    return { status: 204 };
  }),
  route('DELETE /sobjects/:object/:id', (org, ask, { object = '', id = '' }) => {
    const schema = org.schema(object, 404);
    deleteRecord(org, schema, known(org, schema, id).Id, callerOf(org, ask));
    return { status: 204 };
  }),
  route('GET /sobjects/:object/:key/:value', (org, ask, at) => {
    const { schema, ids } = keyed(org, at);
    if (ids.length > 1) return severalFound(ask, schema, ids);
    return shown(org, ask, { schema, row: known(org, schema, ids[0] ?? '') });
  }),
  route('DELETE /sobjects/:object/:key/:value', (org, ask, at) => {
    const { schema, ids } = keyed(org, at);
    if (ids.length > 1) return severalFound(ask, schema, ids);
    deleteRecord(org, schema, known(org, schema, ids[0] ?? '').Id, callerOf(org, ask));
    return { status: 204 };
  }),
  route('PATCH /sobjects/:object/:key/:value', upsert),
];

function create(org: Org, ask: Ask, { object = '' }: Readonly<Record<string, string>>): Reply {
  const schema = org.schema(object, 404);
  const id = createRecord(org, schema, objectBody(ask), callerOf(org, ask));
  const location = `/services/data/${ask.version}/sobjects/${schema.name}/${id}`;
  return { status: 201, body: { id, success: true, errors: [] }, headers: { location } };
}

function describe(org: Org, ask: Ask, { object = '' }: Readonly<Record<string, string>>): Reply {
  const schema = org.schema(object, 404);
  const headers = { 'last-modified': new Date(org.schemaChangedAt).toUTCString() };
  const since = Date.parse(ask.header('if-modified-since') ?? '');
  if (since >= org.schemaChangedAt) return { status: 304, headers };
  return { status: 200, body: describeWhole(org, schema, ask.version), headers };
}

/** The undeleted record of a single-record path: here an unknown id is a path that leads nowhere. */
function known(org: Org, schema: ObjectSchema, id: string): Row {
  const row = org.store.table(schema.name).get(longId(id));
  if (row === undefined) {
    throw new Refusal('NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${id}`, { status: 404 });
  }
  if (row.IsDeleted) throw new Refusal('ENTITY_IS_DELETED', 'entity is deleted', { status: 404 });
  return row;
}

type Keyed = { readonly schema: ObjectSchema; readonly field: Field; readonly value: string; readonly ids: readonly string[] };

function keyed(org: Org, { object = '', key = '', value = '' }: Readonly<Record<string, string>>): Keyed {
  const schema = org.schema(object, 404);
  const field = externalIdField(org, schema, key, 404);
  return { schema, field, value, ids: matches(org, schema, field.name, value) };
}

/** The field that records may be upserted by, or a refusal. */
export function externalIdField(org: Org, schema: ObjectSchema, name: string, status: number): Field {
  const field = org.visibleField(schema, name);
  if (field?.externalId === true) return field;
  const code = status === 404 ? 'NOT_FOUND' : 'INVALID_FIELD';
  throw new Refusal(code, `Provided external ID field does not exist or is not accessible: ${name}`, { status });
}

function upsert(org: Org, ask: Ask, at: Readonly<Record<string, string>>): Reply {
  const { schema, field, value, ids } = keyed(org, at);
  const input = objectBody(ask);
  const named = Object.keys(input).find((name) => ['id', field.name.toLowerCase()].includes(name.toLowerCase()));
  if (named !== undefined) {
    const message = `The ${named} field should not be specified in the sobject data.`;
    throw new Refusal('INVALID_FIELD', message, { fields: [named] });
  }
  const [id, more] = ids;
  if (more !== undefined) return severalFound(ask, schema, ids);
  if (id !== undefined) {
    updateRecord(org, schema, { id, input }, callerOf(org, ask));
    if (org.switches.upsertUpdateStatus === 204) return { status: 204 };
    return { status: 200, body: { id, success: true, errors: [], created: false } };
  }
  const made = createRecord(org, schema, { ...input, [field.name]: value }, callerOf(org, ask));
  return { status: 201, body: { id: made, success: true, errors: [], created: true } };
}

function severalFound(ask: Ask, schema: ObjectSchema, ids: readonly string[]): Reply {
  return { status: 300, body: ids.map((id) => attributes(schema, ask.version, id).url) };
}

function withoutId(input: Readonly<Record<string, unknown>>) {
  const named = Object.keys(input).find((name) => name.toLowerCase() === 'id');
  if (named === undefined) return input;
  throw new Refusal('INVALID_FIELD', 'The Id field should not be specified in the sobject data.', { fields: [named] });
}

type Shown = { readonly schema: ObjectSchema; readonly row: Row };

function shown(org: Org, ask: Ask, { schema, row }: Shown): Reply {
  const names = ask.query
    .get('fields')
    ?.split(',')
    .map((name) => name.trim());
  const fields = fieldsNamed(org, schema, names ?? org.visibleFields(schema).map(({ name }) => name));
  return { status: 200, body: showRow(org, schema, { row, fields, version: ask.version }) };
}

/** The fields of these names as the API user sees them, or a refusal for the first that is not there. */
export function fieldsNamed(org: Org, schema: ObjectSchema, names: readonly string[]): readonly Field[] {
  return names.map((name) => {
    const field = org.visibleField(schema, name);
    if (field === undefined) throw noColumn(schema, name);
    return field;
  });
}

/** A record as the single and the collection retrieve show it. */
export function showRow(
  org: Org,
  schema: ObjectSchema,
  { row, fields, version }: { readonly row: Row; readonly fields: readonly Field[]; readonly version: string },
) {
  return {
    attributes: attributes(schema, version, row.Id),
    ...Object.fromEntries(fields.map((field) => [field.name, shownField(org, field, row)])),
  };
}
