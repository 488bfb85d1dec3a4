import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { personName } from '../schema/field.ts';
import { MIRRORED } from '../schema/objects/people.ts';
import type { Row, Value } from '../store/row.ts';
import type { Draft } from './draft.ts';
import { blank, stampOf } from './rows.ts';

/** An account that is made with a last name is a person, whose name is worked out; a business account has no fields of a person. */
export function preparePerson(org: Org, { before, after, given }: Draft): Row {
  if (!org.switches.personAccounts) return after;
  const isPerson = before === null ? typeof after.LastName === 'string' : before.IsPersonAccount === true;
  const named = Object.keys(MIRRORED).filter((name) => given.has(name));
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
  const mirrored: Record<string, Value> = {};
  for (const [own, theirs] of Object.entries(MIRRORED)) mirrored[theirs] = after[own] ?? null;
  const stamps = stampOf(org.stamp(), caller);
  const made = { CreatedDate: org.stamp(), CreatedById: caller.userId, OwnerId: after.OwnerId ?? caller.userId, IsPersonAccount: true };
  const contact = before === null ? { ...blank(org.schema('Contact')), ...made } : org.row('Contact', after.PersonContactId);
  const row = { ...contact, ...mirrored, ...stamps, Phone: after.Phone ?? null, AccountId: after.Id };
  org.store.write('Contact', { ...row, Id: after.PersonContactId, IsDeleted: false }, commitAt);
}
