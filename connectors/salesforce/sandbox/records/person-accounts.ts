import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { personName } from '../schema/field.ts';
import { MIRRORED, personCustom } from '../schema/objects/people.ts';
import type { Row, Value } from '../store/row.ts';
import type { Draft } from './draft.ts';
import type { Caller } from './input.ts';
import { blank, stampOf } from './rows.ts';

/** The fields of a person account that its contact shows, with their names there. */
function mirrored(org: Org): readonly (readonly [own: string, theirs: string])[] {
  const custom = [...org.schema('Contact').fields.values()].map(({ name }) => [personCustom(name), name] as const);
  const has = org.schema('Account').fields;
  return [...Object.entries(MIRRORED), ...custom.filter(([own]) => own.endsWith('__pc') && has.has(own.toLowerCase()))];
}

/** The contact of a person account is written through its account alone; how it is refused is unverified. */
export function refusePersonContact(row: Row | null, caller: Caller): void {
  if (caller.kind === 'api' && row?.IsPersonAccount === true && row.PersonContactId === undefined)
    throw new Refusal('INVALID_FIELD_FOR_INSERT_UPDATE', 'the contact of a person account is written through the account');
}

/** An account that is made with a last name is a person, whose name is worked out; a business account has no fields of a person. */
export function preparePerson(org: Org, { before, after, given }: Draft): Row {
  if (!org.switches.personAccounts) return after;
  const isPerson = before === null ? typeof after.LastName === 'string' : before.IsPersonAccount === true;
  const named = mirrored(org).flatMap(([own]) => (given.has(own) ? [own] : []));
  if (!isPerson && named.length > 0) {
    throw new Refusal('INVALID_FIELD_FOR_INSERT_UPDATE', `these fields are of person accounts: ${named.join(', ')}`, { fields: named });
  }
  if (!isPerson) return after;
  if (given.has('Name')) {
    throw new Refusal('INVALID_FIELD_FOR_INSERT_UPDATE', 'the name of a person account is made of first and last name', {
      fields: ['Name'],
    });
  }
  const PersonContactId = after.PersonContactId ?? org.newId(org.schema('Contact'));
  return { ...after, IsPersonAccount: true, PersonContactId, Name: personName(after) };
}

/** The hidden contact of a person account follows the account. */
export function mirrorPerson(org: Org, { before, after, caller }: Draft, commitAt: number | null): void {
  if (after.IsPersonAccount !== true || typeof after.PersonContactId !== 'string') return;
  const shown: Record<string, Value> = {};
  for (const [own, theirs] of mirrored(org)) shown[theirs] = after[own] ?? null;
  const stamps = stampOf(org.stamp(), caller);
  const made = { CreatedDate: org.stamp(), CreatedById: caller.userId, IsPersonAccount: true };
  const contact = before === null ? { ...blank(org.schema('Contact')), ...made } : org.row('Contact', after.PersonContactId);
  const same = { Phone: after.Phone ?? null, OwnerId: after.OwnerId ?? caller.userId, AccountId: after.Id };
  const row = { ...contact, ...shown, ...stamps, ...same };
  org.store.write('Contact', { ...row, Id: after.PersonContactId, IsDeleted: false }, commitAt);
}
