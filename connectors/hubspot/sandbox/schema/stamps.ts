import { type Definition, readOnly } from './definitions.ts';

/** What the vendor keeps about every record: its id, and when and by whom it was made and changed. */
export function stamps(created: 'createdate' | 'hs_createdate'): readonly Definition[] {
  return [
    readOnly('hs_object_id', 'Record ID', 'number'),
    readOnly(created, 'Create Date', 'datetime'),
    readOnly('hs_lastmodifieddate', 'Last Modified Date', 'datetime'),
    readOnly('hs_created_by_user_id', 'Created by user ID', 'number'),
    readOnly('hs_updated_by_user_id', 'Updated by user ID', 'number'),
    readOnly('hubspot_owner_assigneddate', 'Owner Assigned Date', 'datetime'),
  ];
}
