import { longId, looksLikeId } from '../ids.ts';
import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectSchema } from '../schema/objects.ts';
import type { Row, Value } from '../store/row.ts';
import { type Caller, type Input, matches, readInput } from './input.ts';

/** Makes a record and returns its id, or refuses. */
export function createRecord(org: Org, schema: ObjectSchema, input: Input, caller: Caller): string {
  allowWrites(schema);
  if (Object.keys(input).some((name) => name.toLowerCase() === 'id')) {
    throw new Refusal('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', { fields: ['Id'] });
  }
  const values = readInput(org, schema, input, caller);
  const missing = [...schema.fields.values()].filter((one) => one.writable && !one.nillable && !one.defaulted && !values.has(one.name));
  if (missing.length > 0) {
    const fields = missing.map(({ name }) => name);
    throw new Refusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, { fields });
  }
  const stamp = org.stamp();
  const id = org.newId(schema);
  const row = {
    ...blank(schema),
    OwnerId: caller.userId,
    ...Object.fromEntries(values),
    ...stampOf(stamp, caller),
    Id: id,
    IsDeleted: false,
  };
  save(org, schema, { before: null, after: { ...row, CreatedDate: stamp, CreatedById: caller.userId }, caller });
  return id;
}

/** Changes the fields that are given, and stamps the record even when nothing is different. */
export function updateRecord(org: Org, schema: ObjectSchema, change: { readonly id: string; readonly input: Input }, caller: Caller): void {
  allowWrites(schema);
  const before = liveRecord(org, schema, { id: change.id, caller });
  const values = readInput(org, schema, change.input, caller);
  const after = { ...before, ...Object.fromEntries(values), ...stampOf(org.stamp(), caller) };
  save(org, schema, { before, after: { ...after, Id: before.Id, IsDeleted: false }, caller });
}

/** Puts a record in the recycle bin, and an account's contacts with it. */
export function deleteRecord(org: Org, schema: ObjectSchema, id: string, caller: Caller): void {
  allowWrites(schema);
  const before = liveRecord(org, schema, { id, caller });
  if (caller.kind === 'api') refuseLocked(org, before.Id);
  refuseKept(org, schema, before);
  const commitAt = caller.kind === 'api' ? null : org.nextCommit();
  const bin = (object: string, row: Row) => org.store.write(object, { ...row, ...stampOf(org.stamp(), caller), IsDeleted: true }, commitAt);
  if (schema.name === 'Account') {
    for (const child of org.store.all('Contact')) if (child.AccountId === before.Id && !child.IsDeleted) bin('Contact', child);
  }
  bin(schema.name, before);
}

function refuseKept(org: Org, schema: ObjectSchema, before: Row): void {
  for (const { object, check } of org.deleteRules) {
    const reason = object === schema.name ? check(before) : null;
    if (reason !== null) throw new Refusal('DELETE_FAILED', reason);
  }
}

type Sought = { readonly id: string; readonly caller: Caller };

/** The undeleted record with this id, or the refusal that says what became of it. The API sees what is committed. */
function liveRecord(org: Org, schema: ObjectSchema, { id, caller }: Sought): Row {
  if (!looksLikeId(id)) throw new Refusal('MALFORMED_ID', `malformed id ${id}`, { fields: ['Id'] });
  const full = longId(id);
  const row = caller.kind === 'api' ? org.store.table(schema.name).get(full) : org.store.latest(schema.name, full);
  if (row?.IsDeleted === true) throw new Refusal('ENTITY_IS_DELETED', 'entity is deleted', { status: 404 });
  if (row !== undefined) return row;
  if (org.store.objectOf(full) !== undefined)
    throw new Refusal('MALFORMED_ID', `${schema.name} ID: id value of incorrect type: ${id}`, { fields: ['Id'] });
  throw new Refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
}

/** What a write by `caller` stamps a record with. */
export function stampOf(stamp: number, caller: Caller) {
  return { LastModifiedDate: stamp, LastModifiedById: caller.userId, SystemModstamp: stamp };
}

/** A row with every stored field of its object, all empty. */
export function blank(schema: ObjectSchema): Record<string, Value> {
  const stored = [...schema.fields.values()].filter(({ computed }) => computed === null);
  return Object.fromEntries(stored.map(({ name, type }) => [name, type === 'boolean' ? false : null]));
}

function allowWrites(schema: ObjectSchema): void {
  if (!schema.writable) throw new Refusal('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}

type Save = { readonly before: Row | null; readonly after: Row; readonly caller: Caller };

function save(org: Org, schema: ObjectSchema, { before, after, caller }: Save): void {
  if (caller.kind === 'api') refuseLocked(org, after.Id);
  for (const rule of org.validationRules) {
    const reason = rule.object === schema.name ? rule.check(after) : null;
    if (reason !== null) throw new Refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION', reason);
  }
  refuseTaken(org, schema, after);
  if (caller.kind === 'api') refuseDuplicate(org, { before, after, caller });
  org.store.write(schema.name, after, caller.kind === 'api' ? null : org.nextCommit());
}

function refuseLocked(org: Org, id: string): void {
  if (!org.store.isLocked(id) && !org.nextRowIsLocked()) return;
  throw new Refusal('UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${id}`);
}

function refuseTaken(org: Org, schema: ObjectSchema, after: Row): void {
  for (const field of schema.fields.values()) {
    const value = after[field.name];
    if (!field.unique || typeof value !== 'string') continue;
    const taken = matches(org, schema, field.name, value).find((id) => id !== after.Id);
    if (taken === undefined) continue;
    throw new Refusal('DUPLICATE_VALUE', `duplicate value found: ${field.name} duplicates value on record with id: ${taken}`);
  }
}

function refuseDuplicate(org: Org, { before, after, caller }: Save): void {
  const { duplicateRule } = org.switches;
  if (duplicateRule === 'off' || typeof after.Email !== 'string' || after.Email === before?.Email) return;
  if (duplicateRule === 'alert' && caller.allowSave) return;
  if (matches(org, org.schema('Contact'), 'Email', after.Email).some((id) => id !== after.Id)) {
    throw new Refusal('DUPLICATES_DETECTED', 'Use one of these records?');
  }
}
