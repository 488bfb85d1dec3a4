import { ACTIVITY_TIES, COMPANY_OF_CONTACT, COMPANY_OF_DEAL, COMPANY_OF_TICKET, CUSTOM_TIES, type Reference, tieTo } from './references.ts';

/** What differs between HubSpot's object types; everything else is the same code. */
export type ObjectType = {
  /** As in the path. */
  readonly name: string;
  /** One of them: as the hub calls the object, and for messages. */
  readonly singular: string;
  /** HubSpot's own id of the type; null for those that a portal has made for itself. */
  readonly typeId: string | null;
  readonly modified: 'lastmodifieddate' | 'hs_lastmodifieddate';
  readonly created: 'createdate' | 'hs_createdate';
  /** The property that HubSpot itself keeps unique, or null. */
  readonly uniqueBy: 'email' | null;
  readonly references: readonly Reference[];
  /** The properties that name the records which were merged into this one; each of them may be incomplete. */
  readonly absorbed: readonly string[];
  /** Properties without which a create is refused. */
  readonly required: readonly string[];
  /** The properties that hold a pipeline and a stage of it, where records stand in one. */
  readonly pipeline: { readonly of: string; readonly stage: string } | null;
};

type Row = Pick<ObjectType, 'name' | 'singular' | 'typeId'> & Partial<ObjectType>;

function objectType(row: Row): ObjectType {
  return {
    modified: 'hs_lastmodifieddate',
    created: 'createdate',
    uniqueBy: null,
    references: [],
    absorbed: ['hs_merged_object_ids'],
    required: [],
    pipeline: null,
    ...row,
  };
}

// Notes, tasks, and the like are never merged, and are known by when they happened.
function activity(row: Row): ObjectType {
  return objectType({ created: 'hs_createdate', absorbed: [], required: ['hs_timestamp'], ...row });
}

// A contact needs one of e-mail, first name, last name, and a company a name or a domain: no single one of them.
export const CONTACTS = objectType({
  name: 'contacts',
  singular: 'contact',
  typeId: '0-1',
  // Searching contacts by hs_lastmodifieddate finds nothing, and says nothing.
  modified: 'lastmodifieddate',
  uniqueBy: 'email',
  references: [COMPANY_OF_CONTACT],
  absorbed: ['hs_merged_object_ids', 'hs_calculated_merged_vids'],
});
export const COMPANIES = objectType({ name: 'companies', singular: 'company', typeId: '0-2' });
export const DEALS = objectType({
  name: 'deals',
  singular: 'deal',
  typeId: '0-3',
  references: [COMPANY_OF_DEAL, tieTo('contact', 3)],
  required: ['dealname', 'dealstage'],
  pipeline: { of: 'pipeline', stage: 'dealstage' },
});
export const TICKETS = objectType({
  name: 'tickets',
  singular: 'ticket',
  typeId: '0-5',
  references: [COMPANY_OF_TICKET, tieTo('contact', 16), tieTo('deal', 28)],
  required: ['subject', 'hs_pipeline', 'hs_pipeline_stage'],
  pipeline: { of: 'hs_pipeline', stage: 'hs_pipeline_stage' },
});
export const NOTES = activity({ name: 'notes', singular: 'note', typeId: '0-46', references: ACTIVITY_TIES.note });
export const TASKS = activity({ name: 'tasks', singular: 'task', typeId: '0-27', references: ACTIVITY_TIES.task });
export const CALLS = activity({ name: 'calls', singular: 'call', typeId: '0-48', references: ACTIVITY_TIES.call });
export const MEETINGS = activity({ name: 'meetings', singular: 'meeting', typeId: '0-47', references: ACTIVITY_TIES.meeting });
export const EMAILS = activity({ name: 'emails', singular: 'email', typeId: '0-49', references: ACTIVITY_TIES.email });

/** The types that every portal has. */
export const OBJECT_TYPES: readonly ObjectType[] = [COMPANIES, CONTACTS, DEALS, TICKETS, NOTES, TASKS, CALLS, MEETINGS, EMAILS];

/** A type that a portal has made for itself, by its name there. */
export function customType(name: string): ObjectType {
  return objectType({ name, singular: `custom_${name}`, typeId: null, created: 'hs_createdate', references: CUSTOM_TIES });
}

/** The virtual field that shows the owner by e-mail, and the property behind it. */
export const OWNER_FIELD = 'owner_email';
export const OWNER_PROPERTY = 'hubspot_owner_id';

/** The property that says which user changed a record last. */
export const CHANGED_BY_PROPERTY = 'hs_updated_by_user_id';

/** The hub's own unique property: where a portal has it, no create can happen twice. */
export const KEY_PROPERTY = 'syncline_id';
