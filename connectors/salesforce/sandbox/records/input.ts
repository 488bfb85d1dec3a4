import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Value } from '../store/row.ts';
import { storedValue } from './values.ts';

/** A record as it came in a request. */
export type Input = Readonly<Record<string, unknown>>;

/** Who writes: through the API with its limits and locks, or a person in the browser. */
export type Caller = {
  readonly kind: 'api' | 'person';
  readonly userId: string;
  /** Saves in spite of a duplicate rule that only warns. */
  readonly allowSave: boolean;
  /** Lets assignment rules choose the owner of leads and cases. */
  readonly autoAssign: boolean;
};

/** The fields of a request as the record will keep them, or a refusal. */
export function readInput(
  org: Org,
  schema: ObjectSchema,
  input: Input,
  { caller, isNew }: { readonly caller: Caller; readonly isNew: boolean },
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, raw] of Object.entries(input)) {
    if (name === 'attributes') continue;
    const [field, value] = readOne(org, schema, { name, raw, caller, isNew });
    values.set(field.name, value);
  }
  return values;
}

type Given = { readonly name: string; readonly raw: unknown; readonly caller: Caller; readonly isNew: boolean };

function readOne(org: Org, schema: ObjectSchema, { name, raw, caller, isNew }: Given): readonly [Field, Value] {
  const find = (wanted: string) => (caller.kind === 'api' ? org.visibleField(schema, wanted) : schema.fields.get(wanted.toLowerCase()));
  const allowed = (wanted: Field) => {
    const isEditable = wanted.writable && (isNew || !wanted.createOnly) && (caller.kind === 'person' || org.mayEdit(schema, wanted));
    return isEditable ? wanted : refuseWrite(wanted);
  };
  const field = find(name);
  if (field === undefined) {
    const through = [...schema.fields.values()].find((one) => one.relationship?.toLowerCase() === name.toLowerCase());
    const visible = through === undefined ? undefined : find(through.name);
    if (visible === undefined) throw noColumn(schema, name);
    return [allowed(visible), throughExternalId(org, visible, raw)];
  }
  const value = storedValue(allowed(field), raw, org.switches);
  return [field, field.type === 'reference' && typeof value === 'string' ? existing(org, field, value) : value];
}

function refuseWrite(field: Field): never {
  throw new Refusal(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    { fields: [field.name] },
  );
}

/** The refusal for a field that is not there, or that security hides, which looks the same. */
export function noColumn(schema: ObjectSchema, name: string): Refusal {
  return new Refusal('INVALID_FIELD', `No such column '${name}' on sobject of type ${schema.name}`);
}

function existing(org: Org, field: Field, id: string): string {
  const full = longId(id);
  const target = org.objectOf(full);
  const row = target === undefined ? undefined : org.store.latest(target, full);
  if (target !== undefined && !field.referenceTo.includes(target))
    throw new Refusal('FIELD_INTEGRITY_EXCEPTION', `${field.label}: id value of incorrect type: ${full}`, { fields: [field.name] });
  if (row === undefined) throw new Refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', { fields: [field.name] });
  if (row.IsDeleted) throw new Refusal('ENTITY_IS_DELETED', 'entity is deleted', { fields: [field.name] });
  if (target === 'Lead' && row.IsConverted === true) {
    throw new Refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', { fields: [field.name] });
  }
  if (field.name === 'OwnerId' && target === 'User' && row.IsActive !== true) {
    throw new Refusal('INACTIVE_OWNER_OR_USER', 'operation performed with inactive user', { fields: ['OwnerId'] });
  }
  return full;
}

/** The object that a relation names: its only one, or the one that `attributes` says. */
function targetOf(org: Org, field: Field, raw: object): ObjectSchema {
  const attributes: unknown = 'attributes' in raw ? raw.attributes : undefined;
  const type = typeof attributes === 'object' && attributes !== null && 'type' in attributes ? String(attributes.type) : undefined;
  const named = field.referenceTo.find((name) => name.toLowerCase() === type?.toLowerCase());
  return org.schema(named ?? field.referenceTo[0] ?? '');
}

function throughExternalId(org: Org, field: Field, raw: unknown): string | null {
  if (raw === null) return null;
  const given = typeof raw === 'object' ? raw : {};
  const target = targetOf(org, field, given);
  const entries = Object.entries(given).filter(([name]) => name !== 'attributes');
  const [name, wanted] = entries[0] ?? ['', null];
  const key = org.visibleField(target, name);
  if (entries.length !== 1 || key?.externalId !== true) {
    throw new Refusal('INVALID_FIELD', `${field.relationship} has to name one external id field of ${target.name}`);
  }
  const [id, more] = matches(org, target, key.name, String(wanted));
  if (id === undefined) {
    throw new Refusal(
      'INVALID_FIELD',
      `Foreign key external ID: ${String(wanted).toLowerCase()} not found for field ${key.name} in entity ${target.name}`,
    );
  }
  if (more !== undefined) throw new Refusal('INVALID_FIELD', `Foreign key external ID: ${String(wanted)} is not unique`);
  return existing(org, field, id);
}

/** The ids of the undeleted records whose external id is `value`, whatever its case. */
export function matches(org: Org, schema: ObjectSchema, field: string, value: string): readonly string[] {
  const table = org.store.table(schema.name);
  return [...(table.holding(field, value.trim()) ?? [])].filter((id) => table.get(id)?.IsDeleted === false);
}
