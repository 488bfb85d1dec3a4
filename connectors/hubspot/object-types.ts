/** How one virtual reference is kept in HubSpot: as an association with another type. */
export type Reference = {
  readonly field: string;
  /** The other type, as paths and inline associations name it. */
  readonly to: string;
  /** The association type that marks the primary one. It implies the plain one. */
  readonly primaryTypeId: number;
  /** The read-only property that shows the id of the primary one. */
  readonly primaryProperty: string;
};

/** What differs between HubSpot's object types; everything else is the same code. */
export type ObjectType = {
  /** As in the path. */
  readonly name: string;
  /** For messages: one of them. */
  readonly singular: string;
  readonly modified: string;
  readonly created: string;
  /** The property that HubSpot itself keeps unique, or null. */
  readonly uniqueBy: 'email' | null;
  readonly reference: Reference | null;
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
  reference: { field: 'company', to: 'companies', primaryTypeId: 1, primaryProperty: 'associatedcompanyid' },
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
  // A company needs a name or a domain: neither alone.
  required: [],
};

/** The virtual field that shows the owner by e-mail, and the property behind it. */
export const OWNER_FIELD = 'owner_email';
export const OWNER_PROPERTY = 'hubspot_owner_id';

/** The hub's own unique property: where a portal has it, no create can happen twice. */
export const KEY_PROPERTY = 'syncline_id';
