/** How the virtual references to another type are kept in HubSpot: as associations with it. */
export type Reference = {
  /** The field that shows the primary one. */
  readonly field: string;
  /** The field that shows all of them, with their labels. */
  readonly many: string;
  /** The other type, as paths and inline associations name it. */
  readonly to: string;
  /** The association type that marks the primary one. It implies the plain one. */
  readonly primaryTypeId: number;
  /** The association type without a label, which every tie has. */
  readonly plainTypeId: number;
  /** The read-only property that shows the id of the primary one. */
  readonly primaryProperty: string;
};

/** What differs between HubSpot's object types; everything else is the same code. */
export type ObjectType = {
  /** As in the path. */
  readonly name: string;
  /** One of them: as the hub calls the object, and for messages. */
  readonly singular: string;
  readonly modified: string;
  readonly created: string;
  /** The property that HubSpot itself keeps unique, or null. */
  readonly uniqueBy: 'email' | null;
  readonly reference: Reference | null;
  /** The properties that name the records which were merged into this one; each of them may be incomplete. */
  readonly absorbed: readonly string[];
  /** Properties without which a create is refused. */
  readonly required: readonly string[];
};

export const CONTACTS: ObjectType = {
  name: 'contacts',
  singular: 'contact',
  // Searching contacts by hs_lastmodifieddate finds nothing, and says nothing.
  modified: 'lastmodifieddate',
  created: 'createdate',
  uniqueBy: 'email',
  reference: {
    field: 'company',
    many: 'companies',
    to: 'companies',
    primaryTypeId: 1,
    plainTypeId: 279,
    primaryProperty: 'associatedcompanyid',
  },
  absorbed: ['hs_merged_object_ids', 'hs_calculated_merged_vids'],
  // A contact needs one of e-mail, first name, last name: no single one of them.
  required: [],
};

export const COMPANIES: ObjectType = {
  name: 'companies',
  singular: 'company',
  modified: 'hs_lastmodifieddate',
  created: 'createdate',
  uniqueBy: null,
  reference: null,
  absorbed: ['hs_merged_object_ids'],
  // A company needs a name or a domain: neither alone.
  required: [],
};

/** The virtual field that shows the owner by e-mail, and the property behind it. */
export const OWNER_FIELD = 'owner_email';
export const OWNER_PROPERTY = 'hubspot_owner_id';

/** The property that says which user changed a record last. */
export const CHANGED_BY_PROPERTY = 'hs_updated_by_user_id';

/** The hub's own unique property: where a portal has it, no create can happen twice. */
export const KEY_PROPERTY = 'syncline_id';
