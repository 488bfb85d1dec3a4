import { type Definition, readOnly, standard } from './definitions.ts';
import { stamps } from './stamps.ts';

/** Options of `hs_pipeline` and `hs_pipeline_stage` are put in from the pipelines. */
export const TICKET_PROPERTIES: readonly Definition[] = [
  standard('subject', 'Ticket name', 'string'),
  standard('content', 'Ticket description', 'string', { fieldType: 'textarea' }),
  standard('hs_pipeline', 'Pipeline', 'enumeration'),
  standard('hs_pipeline_stage', 'Ticket status', 'enumeration'),
  standard('hs_ticket_priority', 'Priority', 'enumeration', { options: ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] }),
  standard('hs_ticket_category', 'Category', 'enumeration', {
    fieldType: 'checkbox',
    options: ['PRODUCT_ISSUE', 'BILLING_ISSUE', 'FEATURE_REQUEST', 'GENERAL_INQUIRY'],
  }),
  standard('source_type', 'Source', 'enumeration', { options: ['CHAT', 'EMAIL', 'FORM', 'PHONE'] }),
  standard('hubspot_owner_id', 'Ticket owner', 'enumeration', { externalOptions: true, referencedObjectType: 'OWNER' }),
  ...stamps('createdate'),
  readOnly('hs_merged_object_ids', 'Merged record IDs', 'enumeration', { fieldType: 'checkbox' }),
  readOnly('closed_date', 'Close date', 'datetime'),
  readOnly('time_to_close', 'Time to close', 'number', { fieldType: 'calculation_read_time' }),
  readOnly('hs_is_closed', 'Is closed', 'bool', { fieldType: 'calculation_equation' }),
];
