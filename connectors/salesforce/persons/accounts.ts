import type { HubError } from '../../../src/contract/errors.ts';
import { unfit } from '../http/errors.ts';
import { parseCells } from '../http/wire.ts';
import { PERSON_MARK } from '../object-types.ts';
import { short } from '../read/by-ids.ts';
import { listsThatFit, literal, queryPath } from '../read/soql.ts';
import type { Room } from '../room.ts';
import type { Fields } from '../schema/schema.ts';
import type { Body } from '../write/encode-write.ts';
import { hasPersons } from './halves.ts';

/** The accounts of those contacts that stand for a person account, by the short form of their ids. Only the account can be written. */
export type PersonAccounts = ReadonlyMap<string, string>;

export async function personAccountsOf(room: Room, contactIds: readonly string[]): Promise<PersonAccounts> {
  if (room.type.persons !== 'contact' || contactIds.length === 0 || !(await hasPersons(room, {}))) return new Map();
  const head = `SELECT Id, AccountId FROM Contact WHERE ${PERSON_MARK} = true AND Id IN `;
  const found = new Map<string, string>();
  for (const list of listsThatFit(contactIds, head)) {
    for (let path: string | null = queryPath(`${head}(${list.map(literal).join(',')})`, { all: false }); path !== null; ) {
      const { rows, next }: ReturnType<typeof parseCells> = parseCells((await room.client.send({ method: 'GET', path })).body);
      for (const { Id, AccountId } of rows) if (typeof AccountId === 'string') found.set(short(String(Id)), AccountId);
      path = next;
    }
  }
  return found;
}

/** Columns of a contact that its account has under the same name. */
const SHARED = new Set(['FirstName', 'LastName', 'MiddleName', 'Salutation', 'Suffix', 'Phone', 'Fax', 'OwnerId']);

const accountColumn = (name: string): string =>
  SHARED.has(name) ? name : name.endsWith('__c') ? name.replace(/__c$/, '__pc') : `Person${name}`;

/** The column of a contact that a column of its account stands for. */
export const contactColumn = (name: string): string => name.replace(/__pc$/, '__c').replace(/^Person(?=[A-Z])/, '');

/** The row of a contact as one of its account; or the error of the first field that a person account does not have. */
export function onAccount({ attributes: _type, id: _id, ...body }: Body, accountId: string, fields: Fields): Body | HubError {
  const moved: Record<string, unknown> = { attributes: { type: 'Account' }, id: accountId };
  for (const [name, value] of Object.entries(body)) {
    const there = accountColumn(name);
    if (fields.get(there)?.updateable !== true) return unfit(name, `a person account has no ${there} that could be written`);
    moved[there] = value;
  }
  return moved;
}
