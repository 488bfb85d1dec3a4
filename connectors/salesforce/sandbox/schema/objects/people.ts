import type { Switches } from '../../switches.ts';
import { addressFields, isDeleted, masterRecord, nameFields, owner, synclineId, systemFields } from '../common-fields.ts';
import { checkbox, currency, type Field, field, number, phone, picklist, reference, text, textArea } from '../field.ts';

const INDUSTRIES =
  'Agriculture,Apparel,Banking,Biotechnology,Chemicals,Communications,Construction,Consulting,Education,Electronics,Energy,Engineering,Entertainment,Environmental,Finance,Food & Beverage,Government,Healthcare,Hospitality,Insurance,Machinery,Manufacturing,Media,Not For Profit,Recreation,Retail,Shipping,Technology,Telecommunications,Transportation,Utilities,Other'.split(
    ',',
  );
export const LEAD_SOURCES = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
const RATINGS = ['Hot', 'Warm', 'Cold'];
const LIFECYCLE_STAGES = [
  'Subscriber',
  'Lead',
  'Marketing Qualified Lead',
  'Sales Qualified Lead',
  'Opportunity',
  'Customer',
  'Evangelist',
  'Other',
];

const consent = (): readonly Field[] => [
  checkbox('HasOptedOutOfEmail', 'Email Opt Out'),
  checkbox('HasOptedOutOfFax', 'Fax Opt Out'),
  checkbox('DoNotCall', 'Do Not Call'),
];

/** Custom fields of every kind that the vendor's own fields do not show. */
const specimens = (): readonly Field[] => [
  field('multipicklist', 'Interests__c', 'Interests', {
    length: 4099,
    restricted: true,
    choices: ['Training', 'Support', 'Pricing', 'Roadmap'],
  }),
  picklist('Region__c', 'Region', ['Americas', 'Europe', 'Asia'], { restricted: true, retired: ['Antarctica'] }),
  picklist('Office__c', 'Office', ['Boston', 'Austin', 'London', 'Osaka'], {
    restricted: true,
    dependsOn: { field: 'Region__c', allows: { Americas: ['Boston', 'Austin'], Europe: ['London'], Asia: ['Osaka'] } },
  }),
  text('Account_Industry__c', 'Account Industry', 1300, {
    writable: false,
    formula: true,
    computed: (row, lookup) => (typeof row.AccountId === 'string' ? (lookup.committed(row.AccountId)?.Industry ?? null) : null),
  }),
  field('encryptedstring', 'Tax_Number__c', 'Tax Number', { length: 20, filterable: false }),
];

export const contactFields = (switches: Switches): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  masterRecord('Contact'),
  owner(),
  reference('AccountId', 'Account ID', 'Account', { children: 'Contacts', onParentDelete: 'cascade' }),
  ...nameFields(),
  ...addressFields('Mailing', switches.stateCountryPicklists),
  phone('Phone', 'Business Phone'),
  phone('MobilePhone', 'Mobile Phone'),
  field('email', 'Email', 'Email', { length: 80 }),
  text('Title', 'Title', 128),
  text('Department', 'Department', 80),
  field('date', 'Birthdate', 'Birthdate'),
  reference('ReportsToId', 'Reports To ID', 'Contact', { onParentDelete: 'clear' }),
  picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
  textArea('Description', 'Contact Description', 32_000),
  ...consent(),
  text('EmailBouncedReason', 'Email Bounced Reason', 255),
  field('datetime', 'EmailBouncedDate', 'Email Bounced Date'),
  ...(switches.personAccounts ? [checkbox('IsPersonAccount', 'Is Person Account', { writable: false })] : []),
  picklist('Lifecycle_Stage__c', 'Lifecycle Stage', LIFECYCLE_STAGES, { restricted: true }),
  number('NPS_Score__c', 'NPS Score', [2, 0]),
  picklist('NPS_Category__c', 'NPS Category', ['promoter', 'passive', 'detractor'], { restricted: true }),
  number('NPS_Mean__c', 'NPS Mean', [5, 2]),
  number('CSAT_Score__c', 'CSAT Score', [5, 2]),
  number('CES_Score__c', 'CES Score', [5, 2]),
  textArea('Feedback_Comment__c', 'Feedback Comment', 32_768),
  field('datetime', 'Feedback_At__c', 'Feedback At'),
  number('Feedback_Count__c', 'Feedback Count', [9, 0]),
  text('Legacy_Id__c', 'Legacy Id', 64, { externalId: true }),
  ...specimens(),
  synclineId(),
];

/** The fields of the person behind a person account, as the account mirrors them: `Person*` and `__pc`. */
export const MIRRORED: Readonly<Record<string, string>> = {
  FirstName: 'FirstName',
  LastName: 'LastName',
  PersonEmail: 'Email',
  PersonMobilePhone: 'MobilePhone',
  PersonTitle: 'Title',
  PersonBirthdate: 'Birthdate',
  PersonHasOptedOutOfEmail: 'HasOptedOutOfEmail',
  PersonDoNotCall: 'DoNotCall',
  PersonMailingStreet: 'MailingStreet',
  PersonMailingCity: 'MailingCity',
  PersonMailingState: 'MailingState',
  PersonMailingPostalCode: 'MailingPostalCode',
  PersonMailingCountry: 'MailingCountry',
};

/** The custom fields of contacts, which person accounts have under names of their own. */
const customOfPersons = (switches: Switches): readonly Field[] =>
  contactFields({ ...switches, personAccounts: false })
    .filter(({ name, writable }) => name.endsWith('__c') && writable)
    .map((one) => ({ ...one, name: personCustom(one.name), dependsOn: null }));

/** `NPS_Score__pc` for `NPS_Score__c`. */
export const personCustom = (name: string): string => name.replace(/__c$/, '__pc');

const personFields = (switches: Switches): readonly Field[] => [
  checkbox('IsPersonAccount', 'Is Person Account', { writable: false }),
  reference('PersonContactId', 'Contact ID', 'Contact', { writable: false }),
  text('FirstName', 'First Name', 40, { compound: 'Name' }),
  text('LastName', 'Last Name', 80, { compound: 'Name' }),
  field('email', 'PersonEmail', 'Email', { length: 80 }),
  phone('PersonMobilePhone', 'Mobile'),
  text('PersonTitle', 'Title', 80),
  field('date', 'PersonBirthdate', 'Birthdate'),
  checkbox('PersonHasOptedOutOfEmail', 'Email Opt Out'),
  checkbox('PersonDoNotCall', 'Do Not Call'),
  textArea('PersonMailingStreet', 'Mailing Street', 255),
  text('PersonMailingCity', 'Mailing City', 40),
  text('PersonMailingState', 'Mailing State/Province', 80),
  text('PersonMailingPostalCode', 'Mailing Zip/Postal Code', 20),
  text('PersonMailingCountry', 'Mailing Country', 80),
  ...customOfPersons(switches),
];

export const accountFields = (switches: Switches): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  masterRecord('Account'),
  owner(),
  text('Name', 'Account Name', 255, { nillable: false, nameField: true }),
  reference('ParentId', 'Parent Account ID', 'Account', { children: 'ChildAccounts', onParentDelete: 'clear' }),
  picklist('Type', 'Account Type', ['Prospect', 'Customer - Direct', 'Customer - Channel', 'Partner', 'Other']),
  field('url', 'Website', 'Website', { length: 255 }),
  phone('Phone', 'Account Phone'),
  phone('Fax', 'Account Fax'),
  picklist('Industry', 'Industry', INDUSTRIES),
  picklist('Rating', 'Account Rating', RATINGS),
  currency('AnnualRevenue', 'Annual Revenue'),
  field('int', 'NumberOfEmployees', 'Employees', { precision: 8 }),
  ...addressFields('Billing', switches.stateCountryPicklists),
  ...addressFields('Shipping', switches.stateCountryPicklists),
  textArea('Description', 'Account Description', 32_000),
  ...(switches.personAccounts ? personFields(switches) : []),
  synclineId(),
];

export const LEAD_STATUSES = ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'];

export const leadFields = (switches: Switches): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  masterRecord('Lead'),
  owner(['User', 'Group']),
  ...nameFields(),
  text('Company', 'Company', 255, { nillable: false }),
  field('email', 'Email', 'Email', { length: 80 }),
  phone('Phone', 'Phone'),
  phone('MobilePhone', 'Mobile Phone'),
  text('Title', 'Title', 128),
  field('url', 'Website', 'Website', { length: 255 }),
  ...addressFields('', switches.stateCountryPicklists),
  picklist('Status', 'Status', LEAD_STATUSES, { nillable: false, defaulted: true, initial: LEAD_STATUSES[0] ?? null }),
  picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
  picklist('Rating', 'Rating', RATINGS),
  picklist('Industry', 'Industry', INDUSTRIES),
  currency('AnnualRevenue', 'Annual Revenue'),
  field('int', 'NumberOfEmployees', 'Employees', { precision: 8 }),
  textArea('Description', 'Description', 32_000),
  ...consent(),
  checkbox('IsConverted', 'Converted', { writable: false }),
  field('date', 'ConvertedDate', 'Converted Date', { writable: false }),
  reference('ConvertedAccountId', 'Converted Account ID', 'Account', { writable: false }),
  reference('ConvertedContactId', 'Converted Contact ID', 'Contact', { writable: false }),
  reference('ConvertedOpportunityId', 'Converted Opportunity ID', 'Opportunity', { writable: false }),
  synclineId(),
];

export const userFields = (): readonly Field[] => [
  ...systemFields(),
  text('Username', 'Username', 80, { nillable: false }),
  ...nameFields().map((one) => ({ ...one, compound: null })),
  field('email', 'Email', 'Email', { length: 128, nillable: false }),
  checkbox('IsActive', 'Active'),
  picklist('UserType', 'User Type', ['Standard', 'Guest'], { length: 40, writable: false }),
];

export const groupFields = (): readonly Field[] => [
  ...systemFields(),
  text('Name', 'Name', 40, { nillable: false, nameField: true }),
  text('DeveloperName', 'Developer Name', 80),
  picklist('Type', 'Type', ['Regular', 'Queue'], { nillable: false }),
  field('email', 'Email', 'Email', { length: 255 }),
];

export const organizationFields = (): readonly Field[] => [
  ...systemFields(),
  text('Name', 'Name', 80, { nillable: false, nameField: true }),
  text('InstanceName', 'Instance Name', 5),
  field('boolean', 'IsSandbox', 'Is Sandbox', { nillable: false, writable: false }),
  text('OrganizationType', 'Edition', 40),
  text('LanguageLocaleKey', 'Language', 40),
];
