import { longId, looksLikeId } from '../ids.ts';
import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row, Value } from '../store/row.ts';
import { refuseDuplicate, refuseLocked, refuseMisfit, refuseRules, refuseTaken } from './checks.ts';
import { type Caller, type Input, readInput } from './input.ts';
import { follow, prepare } from './object-rules.ts';
import { blank, stampOf } from './rows.ts';

/** Makes a record and returns its id, or refuses. */
export function createRecord(org: Org, schema: ObjectSchema, input: Input, caller: Caller): string {
  allowWrites(schema);
  if (Object.keys(input).some((name) => name.toLowerCase() === 'id')) {
    throw new Refusal('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', { fields: ['Id'] });
  }
  const values = readInput(org, schema, input, { caller, isNew: true });
  refuseMissing(org, schema, values);
  const id = org.newId(schema);
  const owned = schema.fields.has('ownerid') ? { OwnerId: caller.userId } : {};
  const row = { ...blank(schema), ...owned, ...Object.fromEntries(values), ...stampOf(org.stamp(), caller) };
  const created = { CreatedDate: org.stamp(), CreatedById: caller.userId };
  save(org, schema, { before: null, after: { ...row, ...created, Id: id, IsDeleted: false }, given: new Set(values.keys()), caller });
  return id;
}

/** Changes the fields that are given, and stamps the record even when nothing is different. */
export function updateRecord(org: Org, schema: ObjectSchema, change: { readonly id: string; readonly input: Input }, caller: Caller): void {
  allowWrites(schema);
  const before = liveRecord(org, schema, { id: change.id, caller });
  if (before.IsConverted === true && caller.kind === 'api') {
    throw new Refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', { fields: ['Id'] });
  }
  const values = readInput(org, schema, change.input, { caller, isNew: false });
  const after = { ...before, ...Object.fromEntries(values), ...stampOf(org.stamp(), caller), Id: before.Id, IsDeleted: false };
  save(org, schema, { before, after, given: new Set(values.keys()), caller });
}

function refuseMissing(org: Org, schema: ObjectSchema, values: ReadonlyMap<string, Value>): void {
  const required = [...schema.fields.values()].filter((one) => one.writable && !one.nillable && !one.defaulted);
  const isPerson = schema.name === 'Account' && org.switches.personAccounts && values.has('LastName');
  const missing = required.filter(({ name }) => !values.has(name) && !(isPerson && name === 'Name'));
  if (missing.length === 0) return;
  const fields = missing.map(({ name }) => name);
  throw new Refusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, { fields });
}

type Sought = { readonly id: string; readonly caller: Caller };

/** The undeleted record with this id, or the refusal that says what became of it. The API sees what is committed. */
export function liveRecord(org: Org, schema: ObjectSchema, { id, caller }: Sought): Row {
  if (!looksLikeId(id)) throw new Refusal('MALFORMED_ID', `malformed id ${id}`, { fields: ['Id'] });
  const full = longId(id);
  const row = caller.kind === 'api' ? org.store.table(schema.name).get(full) : org.store.latest(schema.name, full);
  if (row?.IsDeleted === true) throw new Refusal('ENTITY_IS_DELETED', 'entity is deleted', { status: 404 });
  if (row !== undefined) return row;
  if (org.store.objectOf(full) !== undefined)
    throw new Refusal('MALFORMED_ID', `${schema.name} ID: id value of incorrect type: ${id}`, { fields: ['Id'] });
  throw new Refusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
}

export function allowWrites(schema: ObjectSchema): void {
  if (!schema.writable) throw new Refusal('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}

type Save = { readonly before: Row | null; readonly after: Row; readonly given: ReadonlySet<string>; readonly caller: Caller };

function save(org: Org, schema: ObjectSchema, { before, after, given, caller }: Save): void {
  if (caller.kind === 'api') refuseLocked(org, after);
  const whole = prepare(org, schema, { before, after, given, caller });
  refuseMisfit(org, schema, { after: whole, given });
  refuseRules(org, schema, whole);
  refuseTaken(org, schema, whole);
  if (caller.kind === 'api') refuseDuplicate(org, schema, { before, after: whole, caller });
  const commitAt = caller.kind === 'api' ? null : org.nextCommit();
  org.store.write(schema.name, whole, commitAt);
  follow(org, schema, { before, after: whole, given, caller }, commitAt);
}
