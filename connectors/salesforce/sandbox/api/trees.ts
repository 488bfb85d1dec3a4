import type { Org } from '../org.ts';
import type { Caller, Input } from '../records/input.ts';
import { createRecord } from '../records/save.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import { asList, asObject, callerOf, objectBody, type Reply, route } from './exchange.ts';

const MAX_RECORDS = 200;

type Planted = { readonly referenceId: string; readonly id: string };
type Fault = { readonly referenceId: string; readonly error: Refusal };

/** Records with their children in one call, all of them or none. */
export const treeRoutes = [
  route('POST /composite/tree/:object', (org, ask, { object = '' }): Reply => {
    const schema = org.schema(object, 404);
    const records = asList(objectBody(ask).records, 'records').map((one) => asObject(one));
    const caller = callerOf(org, ask);
    const planted: Planted[] = [];
    const faults: Fault[] = [];
    org.store.attempt(
      () => plant(org, { schema, records, parent: {} }, { caller, planted, faults }),
      () => faults.length === 0,
    );
    if (faults.length === 0) return { status: 201, body: { hasErrors: false, results: planted } };
    const results = faults.map(({ referenceId, error }) => ({
      referenceId,
      errors: [{ statusCode: error.code, message: error.message, fields: error.fields }],
    }));
    return { status: 400, body: { hasErrors: true, results } };
  }),
];

type Bed = { readonly schema: ObjectSchema; readonly records: readonly Input[]; readonly parent: Input };
type Harvest = { readonly caller: Caller; readonly planted: Planted[]; readonly faults: Fault[] };

function plant(org: Org, { schema, records, parent }: Bed, harvest: Harvest): void {
  for (const record of records) {
    const { attributes, ...rest } = record;
    const referenceId = String(asObject(attributes).referenceId);
    if (harvest.planted.length >= MAX_RECORDS)
      throw new Refusal('EXCEEDED_ID_LIMIT', `at most ${MAX_RECORDS} records are allowed in a tree`);
    const isChild = ([, value]: readonly [string, unknown]) => value !== null && typeof value === 'object' && 'records' in value;
    const fields = Object.fromEntries(Object.entries(rest).filter((entry) => !isChild(entry)));
    try {
      const id = createRecord(org, schema, { ...fields, ...parent }, harvest.caller);
      harvest.planted.push({ referenceId, id });
      for (const [name, value] of Object.entries(rest).filter(isChild)) plantChildren(org, { schema, name, value, id }, harvest);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      harvest.faults.push({ referenceId, error });
    }
  }
}

type Children = { readonly schema: ObjectSchema; readonly name: string; readonly value: unknown; readonly id: string };

function plantChildren(org: Org, { schema, name, value, id }: Children, harvest: Harvest): void {
  const found = org
    .objects('data')
    .flatMap((child) =>
      [...child.fields.values()]
        .filter((field) => field.referenceTo.includes(schema.name) && field.children?.toLowerCase() === name.toLowerCase())
        .map((field) => ({ child, field })),
    )[0];
  if (found === undefined) throw new Refusal('INVALID_FIELD', `No such column '${name}' on sobject of type ${schema.name}`);
  const records = asList(asObject(value).records, 'records').map((one) => asObject(one));
  plant(org, { schema: found.child, records, parent: { [found.field.name]: id } }, harvest);
}
