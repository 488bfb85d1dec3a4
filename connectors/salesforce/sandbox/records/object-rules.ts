import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { STAGES } from '../schema/objects/work.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row, Value } from '../store/row.ts';
import type { Draft } from './draft.ts';
import type { Caller } from './input.ts';
import { mirrorPerson, preparePerson, refusePersonContact } from './person-accounts.ts';
import { settlePlaces } from './places.ts';
import { followAccount, prepareRelation } from './relations.ts';
import { stampOf } from './rows.ts';

type Prepare = (org: Org, draft: Draft) => Row;
type Follow = (org: Org, draft: Draft, commitAt: number | null) => void;

const PREPARE: Readonly<Record<string, Prepare>> = {
  AccountContactRelation: prepareRelation,
  Account: (org, draft) => settlePlaces(org, preparePerson(org, draft), draft.given, ['Billing', 'Shipping']),
  CampaignMember: prepareMember,
  Case: (org, draft) => assigned(org, prepareCase(org, draft), draft.caller),
  Contact: (org, { before, after, given, caller }) => {
    refusePersonContact(before, caller);
    return settlePlaces(org, after, given, ['Mailing']);
  },
  Event: (_org, draft) => prepareEvent(draft),
  FieldPermissions: (org, { after }) => preparePermission(org, after),
  Lead: (org, { after, given, caller }) => assigned(org, settlePlaces(org, after, given, ['']), caller),
  Opportunity: (_org, { before, after, given }) =>
    (before === null || given.has('StageName')) && !given.has('Probability')
      ? { ...after, Probability: STAGES[String(after.StageName)] ?? after.Probability ?? 0 }
      : after,
  Task: (_org, { after }) => refuseLeadAndWhat(after),
};

const FOLLOW: Readonly<Record<string, Follow>> = {
  Account: mirrorPerson,
  Contact: followAccount,
  OpportunityContactRole: keepOnePrimary,
};

/** The row with what its object's own rules make of it, or a refusal. */
export function prepare(org: Org, schema: ObjectSchema, draft: Draft): Row {
  return PREPARE[schema.name]?.(org, draft) ?? draft.after;
}

/** What a saved record does to others. */
export function follow(org: Org, schema: ObjectSchema, draft: Draft, commitAt: number | null): void {
  FOLLOW[schema.name]?.(org, draft, commitAt);
}

const broken = (message: string, ...fields: readonly string[]) => new Refusal('FIELD_INTEGRITY_EXCEPTION', message, { fields });

function prepareMember(org: Org, { before, after: given }: Draft): Row {
  const after = given.Status === 'Responded' ? { ...given, FirstRespondedDate: given.FirstRespondedDate ?? today(org) } : given;
  if (before !== null) return after;
  const who = after.ContactId ?? after.LeadId ?? null;
  if (who === null || (after.ContactId !== null && after.LeadId !== null)) throw broken('a campaign member is one lead or one contact');
  const members = org.store.pointingAt('CampaignMember', 'CampaignId', String(after.CampaignId));
  if (members.some((one) => !one.IsDeleted && (one.ContactId === who || one.LeadId === who))) {
    throw new Refusal('DUPLICATE_VALUE', 'Already a campaign member.');
  }
  return after;
}

const today = (org: Org): string => new Date(org.now()).toISOString().slice(0, 10);

/** A case of a contact is a case of the contact's account, unless it says otherwise. */
function prepareCase(org: Org, { before, after, given }: Draft): Row {
  const contact = typeof after.ContactId === 'string' ? org.store.latest('Contact', after.ContactId) : undefined;
  const AccountId = given.has('ContactId') && !given.has('AccountId') ? (contact?.AccountId ?? null) : (after.AccountId ?? null);
  const ClosedDate = after.Status !== 'Closed' ? null : (before?.ClosedDate ?? after.SystemModstamp);
  const CaseNumber = before === null ? String(Number.parseInt(after.Id.slice(6, 15), 36) % 100_000_000).padStart(8, '0') : after.CaseNumber;
  return { ...after, AccountId, ClosedDate, CaseNumber: CaseNumber ?? null };
}

function refuseLeadAndWhat(after: Row): Row {
  const isLead = typeof after.WhoId === 'string' && after.WhoId.startsWith('00Q');
  if (isLead && after.WhatId !== null) throw broken('the name is a lead, so the activity cannot be related to a record', 'WhatId');
  return after;
}

const MINUTE_MS = 60_000;

/** An event has a start, and a duration or an end; the third follows from the other two. */
function prepareEvent({ after: given, given: names }: Draft): Row {
  const after = refuseLeadAndWhat(given);
  const { StartDateTime: start } = after;
  const required = (fields: readonly string[]) =>
    new Refusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, { fields });
  if (typeof start !== 'number') throw required(['StartDateTime']);
  const byEnd = names.has('EndDateTime') && typeof after.EndDateTime === 'number';
  const minutes = byEnd ? (Number(after.EndDateTime) - start) / MINUTE_MS : after.DurationInMinutes;
  if (typeof minutes !== 'number') throw required(['DurationInMinutes']);
  if (minutes < 0) throw broken('the end of an event cannot be before its start', 'EndDateTime');
  if (byEnd && names.has('DurationInMinutes') && after.DurationInMinutes !== minutes) throw broken('the duration does not fit the end');
  return { ...after, DurationInMinutes: minutes, EndDateTime: start + minutes * MINUTE_MS };
}

function preparePermission(org: Org, after: Row): Row {
  const [object = '', name = ''] = String(after.Field).split('.');
  const field = org.schemas.get(object.toLowerCase())?.fields.get(name.toLowerCase());
  if (field === undefined || object.toLowerCase() !== String(after.SobjectType).toLowerCase()) {
    const message = `Field Name: bad value for restricted picklist field: ${String(after.Field)}`;
    throw new Refusal('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, { fields: ['Field'] });
  }
  if (after.PermissionsEdit === true && !field.writable) throw broken('this field cannot be edited', 'PermissionsEdit');
  return { ...after, PermissionsRead: after.PermissionsRead === true || after.PermissionsEdit === true };
}

/** Assignment rules give leads and cases to the queue, on every write through the API that does not tell them to keep still. */
function assigned(org: Org, after: Row, caller: Caller): Row {
  if (!org.switches.assignmentRules || caller.kind !== 'api' || !caller.autoAssign) return after;
  const queue = [...org.store.table('Group').values()][0];
  return queue === undefined ? after : { ...after, OwnerId: queue.Id };
}

/** An opportunity has one primary contact: another takes it from the one before. */
function keepOnePrimary(org: Org, { after, caller }: Draft, commitAt: number | null): void {
  if (after.IsPrimary !== true) return;
  for (const other of org.store.pointingAt('OpportunityContactRole', 'OpportunityId', String(after.OpportunityId))) {
    if (other.Id === after.Id || other.IsDeleted || other.IsPrimary !== true) continue;
    const off: Readonly<Record<string, Value>> = { IsPrimary: false };
    org.store.write('OpportunityContactRole', { ...other, ...off, ...stampOf(org.stamp(), caller) }, commitAt);
  }
}
