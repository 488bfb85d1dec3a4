import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { Row } from '../store/row.ts';
import type { Draft } from './draft.ts';
import type { Caller } from './input.ts';
import { blank, stampOf } from './rows.ts';

const RELATION = 'AccountContactRelation';

const relationsOf = (org: Org, contactId: string): readonly Row[] =>
  org.store.pointingAt(RELATION, 'ContactId', contactId).filter(({ IsDeleted }) => !IsDeleted);

/** A contact is related to an account once, and to none before it has one of its own. */
export function prepareRelation(org: Org, { before, after }: Draft): Row {
  if (before !== null) return after;
  const contact = org.store.latest('Contact', String(after.ContactId));
  if (typeof contact?.AccountId !== 'string') {
    throw new Refusal('FIELD_INTEGRITY_EXCEPTION', 'The contact needs a primary account first', { fields: ['ContactId'] });
  }
  if (relationsOf(org, contact.Id).some(({ AccountId }) => AccountId === after.AccountId)) {
    throw new Refusal('DUPLICATE_VALUE', "There's already a relationship between this account and contact.", { fields: ['AccountId'] });
  }
  return after;
}

/** The direct relation of a contact follows its account; no other way leads to it. */
export function followAccount(org: Org, { before, after, caller }: Draft, commitAt: number | null): void {
  if (!org.switches.multipleAccounts || before?.AccountId === after.AccountId) return;
  const [stamps, there] = [stampOf(org.stamp(), caller), relationsOf(org, after.Id)];
  for (const row of there)
    if (row.IsDirect === true && row.AccountId !== after.AccountId)
      org.store.write(RELATION, { ...row, ...stamps, IsDeleted: true }, commitAt);
  if (typeof after.AccountId !== 'string') return;
  const held = there.find(({ AccountId }) => AccountId === after.AccountId);
  const made = { CreatedDate: org.stamp(), CreatedById: caller.userId, ContactId: after.Id, AccountId: after.AccountId, IsActive: true };
  const row = held ?? { ...blank(org.schema(RELATION)), ...made, Id: org.newId(org.schema(RELATION)) };
  org.store.write(RELATION, { ...row, ...stamps, IsDirect: true, IsDeleted: false }, commitAt);
}

/** Refuses to take a direct relation away. */
export function refuseDirect(row: Row, caller: Caller): void {
  if (caller.kind === 'api' && row.IsDirect === true && row.ContactId !== undefined)
    throw new Refusal('DELETE_FAILED', 'a direct relationship is removed by changing the account of the contact');
}
