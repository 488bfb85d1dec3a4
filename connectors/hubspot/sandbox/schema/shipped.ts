import type { ObjectType } from '../portal/object-types.ts';
import { ACTIVITY_PROPERTIES } from './activity-properties.ts';
import { COMPANY_PROPERTIES } from './company-properties.ts';
import { CONTACT_PROPERTIES } from './contact-properties.ts';
import { DEAL_PROPERTIES } from './deal-properties.ts';
import { type Definition, readOnly, standard } from './definitions.ts';
import { stamps } from './stamps.ts';
import { TICKET_PROPERTIES } from './ticket-properties.ts';

const SHIPPED: Readonly<Record<string, readonly Definition[]>> = {
  contacts: CONTACT_PROPERTIES,
  companies: COMPANY_PROPERTIES,
  deals: DEAL_PROPERTIES,
  tickets: TICKET_PROPERTIES,
  ...ACTIVITY_PROPERTIES,
};

const OF_CUSTOM_OBJECTS: readonly Definition[] = [
  standard('hubspot_owner_id', 'Owner', 'enumeration', { externalOptions: true, referencedObjectType: 'OWNER' }),
  ...stamps('hs_createdate'),
  readOnly('hs_merged_object_ids', 'Merged record IDs', 'enumeration', { fieldType: 'checkbox' }),
];

/** The properties that a type of record has before anybody makes one. */
export function shippedFor(type: ObjectType): readonly Definition[] {
  return SHIPPED[type.name] ?? OF_CUSTOM_OBJECTS;
}
