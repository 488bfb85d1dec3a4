import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { LEAD_STATUSES } from '../schema/objects/people.ts';
import type { Row, Value } from '../store/row.ts';
import type { Caller, Input } from './input.ts';
import { stampOf } from './rows.ts';
import { createRecord, liveRecord, updateRecord } from './save.ts';

export type Conversion = {
  readonly leadId: string;
  readonly convertedStatus: string;
  readonly accountId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly opportunityName?: string | undefined;
  readonly doNotCreateOpportunity?: boolean;
};

export type Converted = { readonly accountId: string; readonly contactId: string; readonly opportunityId: string | null };

const ADDRESS = ['Street', 'City', 'State', 'PostalCode', 'Country'] as const;
const CARRIED = ['FirstName', 'LastName', 'Email', 'Phone', 'MobilePhone', 'Title', 'LeadSource', 'Description'] as const;
const CONSENT = ['HasOptedOutOfEmail', 'HasOptedOutOfFax', 'DoNotCall'] as const;
const DAYS_TO_CLOSE = 30;

/** Makes an account, a contact, and an opportunity of a lead, or joins those that are named; custom fields are not carried over. */
export function convertLead(org: Org, conversion: Conversion, caller: Caller): Converted {
  const schema = org.schema('Lead');
  const lead = liveRecord(org, schema, { id: conversion.leadId, caller });
  if (lead.IsConverted === true) throw new Refusal('CANNOT_UPDATE_CONVERTED_LEAD', 'lead already converted', { fields: ['leadId'] });
  if (conversion.convertedStatus !== LEAD_STATUSES[2]) {
    throw new Refusal('INVALID_STATUS', `invalid convertedStatus: ${conversion.convertedStatus}`);
  }
  const OwnerId = conversion.ownerId ?? (String(lead.OwnerId).startsWith('005') ? String(lead.OwnerId) : caller.userId);
  const accountId = conversion.accountId ?? createRecord(org, org.schema('Account'), { ...accountOf(lead), OwnerId }, caller);
  const contactId = contactFor(org, { lead, accountId, OwnerId, contactId: conversion.contactId }, caller);
  const opportunityId =
    conversion.doNotCreateOpportunity === true
      ? null
      : opportunityFor(org, { lead, accountId, contactId, OwnerId, name: conversion.opportunityName }, caller);
  const commitAt = caller.kind === 'api' ? null : org.nextCommit();
  const stamps = stampOf(org.stamp(), caller);
  const links = { ConvertedAccountId: accountId, ConvertedContactId: contactId, ConvertedOpportunityId: opportunityId };
  const done = { IsConverted: true, ConvertedDate: new Date(org.now()).toISOString().slice(0, 10), Status: conversion.convertedStatus };
  org.store.write('Lead', { ...lead, ...done, ...links, ...stamps }, commitAt);
  carryBelongings(org, lead.Id, contactId, { stamps, commitAt });
  return { accountId, contactId, opportunityId };
}

const filled = (fields: Readonly<Record<string, Value | undefined>>): Input =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

function accountOf(lead: Row): Input {
  const { Company, Phone, Website, Industry, AnnualRevenue, NumberOfEmployees } = lead;
  const address = Object.fromEntries(ADDRESS.map((part) => [`Billing${part}`, lead[part]]));
  return filled({ Name: Company, Phone, Website, Industry, AnnualRevenue, NumberOfEmployees, ...address });
}

type Party = { readonly lead: Row; readonly accountId: string; readonly OwnerId: string };

/** A contact that is joined keeps what it has; only its empty fields are filled from the lead. */
function contactFor(
  org: Org,
  { lead, accountId, OwnerId, contactId }: Party & { readonly contactId: string | undefined },
  caller: Caller,
): string {
  const schema = org.schema('Contact');
  const address = Object.fromEntries(ADDRESS.map((part) => [`Mailing${part}`, lead[part]]));
  const carried = filled({ ...Object.fromEntries([...CARRIED, ...CONSENT].map((name) => [name, lead[name]])), ...address });
  if (contactId === undefined)
    return createRecord(org, schema, { ...carried, AccountId: accountId, OwnerId }, { ...caller, allowSave: true });
  const before = liveRecord(org, schema, { id: contactId, caller });
  const empty = Object.entries(carried).filter(([name]) => (before[name] ?? null) === null);
  updateRecord(org, schema, { id: contactId, input: Object.fromEntries(empty) }, caller);
  return before.Id;
}

function opportunityFor(
  org: Org,
  { lead, accountId, contactId, OwnerId, name }: Party & { readonly contactId: string; readonly name: string | undefined },
  caller: Caller,
): string {
  const CloseDate = new Date(org.now() + DAYS_TO_CLOSE * 86_400_000).toISOString().slice(0, 10);
  const Name = name ?? `${String(lead.Company)}-`.slice(0, 120);
  const fields = { Name, AccountId: accountId, StageName: 'Prospecting', CloseDate, OwnerId };
  const id = createRecord(org, org.schema('Opportunity'), fields, caller);
  createRecord(org, org.schema('OpportunityContactRole'), { OpportunityId: id, ContactId: contactId, IsPrimary: true }, caller);
  return id;
}

/** Campaign members keep their lead and get the contact too; activities move to the contact. */
function carryBelongings(
  org: Org,
  lead: string,
  contact: string,
  { stamps, commitAt }: { stamps: ReturnType<typeof stampOf>; commitAt: number | null },
): void {
  for (const member of org.store.pointingAt('CampaignMember', 'LeadId', lead)) {
    org.store.write('CampaignMember', { ...member, ContactId: contact, ...stamps }, commitAt);
  }
  for (const object of ['Task', 'Event']) {
    for (const activity of org.store.pointingAt(object, 'WhoId', lead))
      org.store.write(object, { ...activity, WhoId: contact, ...stamps }, commitAt);
  }
}
