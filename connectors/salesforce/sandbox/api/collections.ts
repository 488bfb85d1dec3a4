import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import { deleteRecord } from '../records/bin.ts';
import { type Input, matches } from '../records/input.ts';
import { createRecord, updateRecord } from '../records/save.ts';
import { Refusal } from '../refusal.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import { type Ask, asList, asObject, callerOf, objectBody, type Reply, route } from './exchange.ts';
import { externalIdField, fieldsNamed, showRow } from './objects.ts';

const MAX_ROWS = 200;
const MAX_RUNS = 10;

type Done = { readonly id: string; readonly created?: boolean };
type RowError = { readonly statusCode: string; readonly message: string; readonly fields: readonly string[] };
type RowResult =
  | ({ readonly success: true } & Done & { readonly errors: readonly [] })
  | { readonly success: false; readonly errors: readonly RowError[] };

/** Up to 200 records in one call: it answers 200 even when every row failed. */
export const collectionRoutes = [
  route('POST /composite/sobjects', (org, ask) => {
    const { records, allOrNone } = batch(ask);
    const caller = callerOf(org, ask);
    return carryOut(org, { items: records, allOrNone }, (record) => ({ id: createRecord(org, typeOf(org, record), record, caller) }));
  }),
  route('PATCH /composite/sobjects', (org, ask) => {
    const { records, allOrNone } = batch(ask);
    const caller = callerOf(org, ask);
    const seen = new Set<string>();
    return carryOut(org, { items: records, allOrNone }, (record) => {
      const { id, input } = identified(record);
      if (seen.has(id)) throw new Refusal('DUPLICATE_VALUE', `duplicate id in list: ${id}`, { fields: ['Id'] });
      seen.add(id);
      updateRecord(org, typeOf(org, record), { id, input }, caller);
      return { id };
    });
  }),
  route('DELETE /composite/sobjects', remove),
  route('PATCH /composite/sobjects/:object/:key', upsert),
  route('POST /composite/sobjects/:object', (org, ask, { object = '' }) => {
    const { ids, fields } = objectBody(ask);
    return retrieve(org, ask, { object, ids: texts(ids, 'ids'), fields: texts(fields, 'fields') });
  }),
  route('GET /composite/sobjects/:object', (org, ask, { object = '' }) => {
    const listed = (name: string) => ask.query.get(name)?.split(',') ?? [];
    return retrieve(org, ask, { object, ids: listed('ids'), fields: listed('fields') });
  }),
];

type Batch = { readonly records: readonly Input[]; readonly allOrNone: boolean };

function batch(ask: Ask): Batch {
  const body = objectBody(ask);
  const records = asList(body.records, 'records').map(asObject);
  refuseTooMany(records.length, MAX_ROWS);
  let runs = 0;
  records.forEach((record, i) => {
    const before = records[i - 1];
    if (before === undefined || typeName(before) !== typeName(record)) runs += 1;
  });
  if (runs > MAX_RUNS)
    throw new Refusal('INVALID_BATCH_REQUEST', `${runs} runs of one type: at most ${MAX_RUNS} chunks are allowed in a call`);
  return { records, allOrNone: body.allOrNone === true };
}

function refuseTooMany(count: number, most: number): void {
  if (count > most) throw new Refusal('EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${most} records in one request`);
}

function typeName(record: Input): string {
  const { attributes } = record;
  const type = attributes !== null && typeof attributes === 'object' && 'type' in attributes ? attributes.type : '';
  return typeof type === 'string' ? type : '';
}

function typeOf(org: Org, record: Input): ObjectSchema {
  return org.schema(typeName(record));
}

function identified(record: Input): { readonly id: string; readonly input: Input } {
  const name = Object.keys(record).find((key) => key.toLowerCase() === 'id') ?? 'id';
  const { [name]: id, ...input } = record;
  if (typeof id !== 'string' || id === '') throw new Refusal('MISSING_ARGUMENT', 'Id not specified in an update call', { fields: ['Id'] });
  return { id: longId(id), input };
}

type Items<T> = { readonly items: readonly T[]; readonly allOrNone: boolean };

/** Tries row after row; with `allOrNone`, one refusal takes all of them back. */
function carryOut<T>(org: Org, { items, allOrNone }: Items<T>, work: (item: T, index: number) => Done): Reply {
  const tryRow = (item: T, i: number): RowResult => {
    try {
      return { ...org.store.attempt(() => work(item, i)), success: true, errors: [] };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { success: false, errors: [{ statusCode: error.code, message: error.message, fields: error.fields }] };
    }
  };
  const isWhole = (rows: readonly RowResult[]) => !allOrNone || rows.every(({ success }) => success);
  const rows = org.store.attempt(() => items.map(tryRow), isWhole);
  return { status: 200, body: isWhole(rows) ? rows : rows.map((row) => (row.success ? ROLLED_BACK : row)) };
}

const ROLLED_BACK: RowResult = {
  success: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};

function remove(org: Org, ask: Ask): Reply {
  const ids = ask.query.get('ids')?.split(',') ?? [];
  if (ids.length === 0) throw new Refusal('MISSING_ARGUMENT', 'ids is required');
  refuseTooMany(ids.length, MAX_ROWS);
  const caller = callerOf(org, ask);
  return carryOut(org, { items: ids, allOrNone: ask.query.get('allOrNone') === 'true' }, (given) => {
    const id = longId(given.trim());
    const object = org.objectOf(id);
    if (object === undefined) throw new Refusal('MALFORMED_ID', `malformed id ${given}`, { fields: ['Id'] });
    deleteRecord(org, org.schema(object), id, caller);
    return { id };
  });
}

function upsert(org: Org, ask: Ask, { object = '', key = '' }: Readonly<Record<string, string>>): Reply {
  const schema = org.schema(object, 404);
  const field = externalIdField(org, schema, key, 400);
  const { records, allOrNone } = batch(ask);
  if (records.some((record) => typeName(record).toLowerCase() !== schema.name.toLowerCase())) {
    throw new Refusal('INVALID_TYPE', `every record of this call has to be of type ${schema.name}`);
  }
  const keys = records.map((record) => keyOf(record, field));
  return carryOut(org, { items: records, allOrNone }, (record, i) => {
    const value = keys[i] ?? '';
    if (value === '') throw new Refusal('MISSING_ARGUMENT', `${field.name} not specified`, { fields: [field.name] });
    const folded = value.toLowerCase();
    if (keys.filter((one) => one.toLowerCase() === folded).length > 1) {
      throw new Refusal('DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, { fields: [field.name] });
    }
    return upsertOne(org, ask, { schema, field, value, record });
  });
}

function keyOf(record: Input, field: Field): string {
  const name = Object.keys(record).find((key) => key.toLowerCase() === field.name.toLowerCase());
  const value = name === undefined ? null : record[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

type Upsert = { readonly schema: ObjectSchema; readonly field: Field; readonly value: string; readonly record: Input };

function upsertOne(org: Org, ask: Ask, { schema, field, value, record }: Upsert): Done {
  const [id, more] = matches(org, schema, field.name, value);
  if (more !== undefined) {
    throw new Refusal(
      'DUPLICATE_EXTERNAL_ID',
      `${field.name}: more than one record found for external id field: [${[id, more].join(', ')}]`,
    );
  }
  if (id === undefined) return { id: createRecord(org, schema, record, callerOf(org, ask)), created: true };
  updateRecord(org, schema, { id, input: record }, callerOf(org, ask));
  return { id, created: false };
}

function texts(value: unknown, name: string): readonly string[] {
  return asList(value, name).map(String);
}

type Wanted = { readonly object: string; readonly ids: readonly string[]; readonly fields: readonly string[] };

function retrieve(org: Org, ask: Ask, { object, ids, fields }: Wanted): Reply {
  const schema = org.schema(object, 404);
  if (fields.length === 0 || ids.length === 0) throw new Refusal('MISSING_ARGUMENT', 'ids and fields are required');
  refuseTooMany(ids.length, org.switches.retrieveMax);
  const shown = fieldsNamed(org, schema, fields);
  const table = org.store.table(schema.name);
  const records = ids.map((id) => {
    const row = table.get(longId(id));
    return row === undefined || row.IsDeleted ? null : showRow(org, schema, { row, fields: shown, version: ask.version });
  });
  return { status: 200, body: records };
}
