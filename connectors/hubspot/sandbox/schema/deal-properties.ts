import { type Definition, readOnly, standard } from './definitions.ts';
import { stamps } from './stamps.ts';

const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY', 'THB'];

/** Options of `pipeline` and `dealstage` are put in from the pipelines. */
export const DEAL_PROPERTIES: readonly Definition[] = [
  standard('dealname', 'Deal Name', 'string'),
  standard('pipeline', 'Pipeline', 'enumeration'),
  standard('dealstage', 'Deal Stage', 'enumeration', { fieldType: 'radio' }),
  standard('amount', 'Amount', 'number'),
  standard('deal_currency_code', 'Currency', 'enumeration', { options: CURRENCIES }),
  standard('closedate', 'Close Date', 'datetime'),
  standard('dealtype', 'Deal Type', 'enumeration', { fieldType: 'radio', options: ['newbusiness', 'existingbusiness'] }),
  standard('description', 'Deal Description', 'string', { fieldType: 'textarea' }),
  standard('hs_priority', 'Priority', 'enumeration', { options: ['low', 'medium', 'high'] }),
  standard('hs_next_step', 'Next step', 'string'),
  standard('closed_lost_reason', 'Closed Lost Reason', 'string', { fieldType: 'textarea' }),
  standard('closed_won_reason', 'Closed Won Reason', 'string', { fieldType: 'textarea' }),
  standard('hubspot_owner_id', 'Deal owner', 'enumeration', { externalOptions: true, referencedObjectType: 'OWNER' }),
  ...stamps('createdate'),
  readOnly('hs_merged_object_ids', 'Merged record IDs', 'enumeration', { fieldType: 'checkbox' }),
  readOnly('hs_deal_stage_probability', 'Deal probability', 'number'),
  readOnly('hs_is_closed', 'Is Deal Closed?', 'bool', { fieldType: 'calculation_equation' }),
  readOnly('hs_is_closed_won', 'Is Closed Won', 'bool', { fieldType: 'calculation_equation' }),
  readOnly('amount_in_home_currency', 'Amount in company currency', 'number', { fieldType: 'calculation_equation' }),
  readOnly('hs_closed_amount_in_home_currency', 'Closed amount in company currency', 'number', { fieldType: 'calculation_equation' }),
  readOnly('num_associated_contacts', 'Number of Associated Contacts', 'number', { fieldType: 'calculation_rollup' }),
  readOnly('notes_last_updated', 'Last Activity Date', 'datetime'),
];
