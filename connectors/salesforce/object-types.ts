import { ACCOUNTS_OF_CONTACT, CONTACT_ROLES, type RoleTie } from './ties/roles.ts';
import { ACTIVITY_TIES, CONTACT_OF_CASE, type Slot } from './ties/slots.ts';

/** Records that Salesforce deletes together with the one that they point at, such as contacts with their account. */
export type Dependants = { readonly sobject: string; readonly column: string; readonly named: string };

/** What differs between Salesforce's objects; everything else is the same code. */
export type ObjectType = {
  /** As the hub calls it, and for what leads from one object to another. */
  readonly object: string;
  /** Salesforce's API name. */
  readonly name: string;
  /** Two of them can be merged, so that what is in the bin may name the one that lives on. */
  readonly merges: boolean;
  /** A record may end by becoming another one: the columns that tell, and the object that it lives on as. */
  readonly conversion: { readonly is: string; readonly into: string; readonly object: string } | null;
  /** Salesforce may give it to a queue, which nobody can be reached by. */
  readonly queues: boolean;
  /** Columns that can only be set when the record is made. */
  readonly madeWith: readonly string[];
  readonly dependants: readonly Dependants[];
  /** Fields of ours that share a column of theirs. */
  readonly slots: readonly Slot[];
  /** A field of ours that shows rows of another object, which tie this one to others. */
  readonly tie: RoleTie | null;
  /** What a person account is one half of, in orgs that have them: an account that is no company, or the contact that stands for it. */
  readonly persons: 'account' | 'contact' | null;
};

type Row = Pick<ObjectType, 'object' | 'name'> & Partial<ObjectType>;

function objectType(row: Row): ObjectType {
  const plain = { merges: false, conversion: null, queues: false, madeWith: [], dependants: [], slots: [], tie: null, persons: null };
  return { ...plain, ...row };
}

const CONTACTS_OF_ACCOUNT: Dependants = { sobject: 'Contact', column: 'AccountId', named: 'contacts' };

export const OPPORTUNITIES_OF_ACCOUNT: Dependants = { sobject: 'Opportunity', column: 'AccountId', named: 'opportunities' };

export const ACCOUNT = objectType({
  object: 'company',
  name: 'Account',
  merges: true,
  dependants: [CONTACTS_OF_ACCOUNT, OPPORTUNITIES_OF_ACCOUNT],
  persons: 'account',
});
export const CONTACT = objectType({ object: 'contact', name: 'Contact', merges: true, tie: ACCOUNTS_OF_CONTACT, persons: 'contact' });
export const LEAD = objectType({
  object: 'lead',
  name: 'Lead',
  merges: true,
  queues: true,
  conversion: { is: 'IsConverted', into: 'ConvertedContactId', object: 'contact' },
});
export const OPPORTUNITY = objectType({ object: 'deal', name: 'Opportunity', tie: CONTACT_ROLES });
export const CASE = objectType({ object: 'ticket', name: 'Case', queues: true, slots: CONTACT_OF_CASE });
export const TASK = objectType({ object: 'task', name: 'Task', queues: true, slots: ACTIVITY_TIES });
export const EVENT = objectType({ object: 'event', name: 'Event', slots: ACTIVITY_TIES });
export const CAMPAIGN = objectType({
  object: 'campaign',
  name: 'Campaign',
  dependants: [{ sobject: 'CampaignMember', column: 'CampaignId', named: 'members' }],
});
export const CAMPAIGN_MEMBER = objectType({
  object: 'campaign_member',
  name: 'CampaignMember',
  madeWith: ['CampaignId', 'ContactId', 'LeadId'],
});

/** An object that an org has made for itself, or another one of the platform's, by its API name. */
export function customType(name: string): ObjectType {
  return objectType({ object: `custom_${name}`, name, queues: name.endsWith('__c') });
}

/** The virtual field that shows the owner by e-mail, and the column behind it. */
export const OWNER_FIELD = 'owner_email';
export const OWNER_COLUMN = 'OwnerId';

/** What an org that has person accounts marks both of their halves by. */
export const PERSON_MARK = 'IsPersonAccount';

/** The object that its custom fields are made on: tasks and events have theirs together. */
export const fieldsOwner = ({ name }: Pick<ObjectType, 'name'>): string => (name === 'Task' || name === 'Event' ? 'Activity' : name);
