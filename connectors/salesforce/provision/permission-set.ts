import { HubError } from '../../../src/contract/errors.ts';
import type { OwnFields } from '../../../src/contract/provision.ts';
import type { Client } from '../http/client.ts';
import { rightError } from '../http/errors.ts';
import { whoIsSignedIn } from '../http/identify.ts';
import { parseCreated, parseRowsBy, parseSaveResults, type VendorSetup } from '../http/wire.ts';
import { literal, queryPath } from '../read/soql.ts';
import type { Room } from '../room.ts';

const RIGHTS = { PermissionsRead: true, PermissionsEdit: true };

/**
 * Lets the user whose session it is see and edit these fields, by a permission set of the hub's own: what was made a moment ago is shown to nobody,
 * not even to whoever made it. Answers why a field was refused, by its name.
 */
export async function grantRights({ client, type }: Room, group: OwnFields['group'], names: readonly string[]) {
  if (names.length === 0) return new Map<string, HubError>();
  const ParentId = await ensureSet(client, group);
  const on = { ParentId, SobjectType: type.name };
  const held = await query(client, `SELECT Id, Field, PermissionsEdit FROM FieldPermissions WHERE ${where(on)}`, 'Field');
  const [fresh, partial]: [Right[], Right[]] = [[], []];
  for (const name of names) {
    const path = `${type.name}.${name}`;
    const row = held.get(path);
    if (row === undefined) fresh.push({ name, row: { ...on, Field: path, ...RIGHTS } });
    else if (!row.editable) partial.push({ name, row: { id: row.id, ...RIGHTS } });
  }
  return new Map([...(await save(client, 'POST', fresh)), ...(await save(client, 'PATCH', partial))]);
}

/** The hub's permission set, which the user of this session has. */
async function ensureSet(client: Client, { name, label }: OwnFields['group']): Promise<string> {
  const me = await whoIsSignedIn(client);
  if (me === null) throw new HubError('broken_answer', 'Salesforce does not say who is signed in, to whom the new fields are to be shown');
  const known = (await query(client, `SELECT Id, Name FROM PermissionSet WHERE ${where({ Name: name })}`, 'Name')).values().next().value;
  const set = known?.id ?? (await make(client, 'PermissionSet', { Name: name, Label: label }));
  const mine = { PermissionSetId: set, AssigneeId: me.userId };
  const assigned = await query(client, `SELECT Id, AssigneeId FROM PermissionSetAssignment WHERE ${where(mine)}`, 'AssigneeId');
  if (assigned.size === 0) await make(client, 'PermissionSetAssignment', mine);
  return set;
}

type Words = Readonly<Record<string, string>>;

const where = (words: Words): string =>
  Object.entries(words)
    .map(([column, value]) => `${column} = ${literal(value)}`)
    .join(' AND ');

async function query(client: Client, soql: string, by: string): Promise<ReadonlyMap<string, VendorSetup>> {
  return parseRowsBy((await client.send({ method: 'GET', path: queryPath(soql, { all: false }) })).body, by);
}

async function make(client: Client, sobject: string, body: Words): Promise<string> {
  return parseCreated((await client.send({ method: 'POST', path: `/sobjects/${sobject}`, body })).body);
}

type Right = { readonly name: string; readonly row: Readonly<Record<string, string | boolean>> };

/** Some rights in one call, which takes more of them than an object has fields of the hub's. */
async function save(client: Client, method: 'POST' | 'PATCH', rights: readonly Right[]) {
  if (rights.length === 0) return [];
  const records = rights.map(({ row }) => ({ attributes: { type: 'FieldPermissions' }, ...row }));
  const { body } = await client.send({ method, path: '/composite/sobjects', body: { allOrNone: false, records } });
  const results = parseSaveResults(body);
  return rights.flatMap(({ name }, i): (readonly [string, HubError])[] => {
    const result = results[i];
    return result === undefined || result.ok ? [] : [[name, rightError(name, result.errors)]];
  });
}
