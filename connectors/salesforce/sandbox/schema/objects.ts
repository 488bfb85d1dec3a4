import type { Switches } from '../switches.ts';
import { addressFields, binFields, type Field, field, number, personName, reference, systemFields, text, textArea } from './field.ts';

/** An object of the org: its names, its fields by lower-cased API name, and what may be done with it. */
export type ObjectSchema = {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly writable: boolean;
  readonly mergeable: boolean;
  readonly fields: ReadonlyMap<string, Field>;
};

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
const INDUSTRIES =
  'Agriculture,Apparel,Banking,Biotechnology,Chemicals,Communications,Construction,Consulting,Education,Electronics,Energy,Engineering,Entertainment,Environmental,Finance,Food & Beverage,Government,Healthcare,Hospitality,Insurance,Machinery,Manufacturing,Media,Not For Profit,Recreation,Retail,Shipping,Technology,Telecommunications,Transportation,Utilities,Other';

/** Text 64, external id, unique: the field that a hub owns, when the admin has made it. */
const synclineId = () => text('Syncline_Id__c', 'Syncline Id', 64, { externalId: true, unique: true });

const contactFields = (): readonly Field[] => [
  ...systemFields(),
  ...binFields('Contact'),
  reference('AccountId', 'Account ID', 'Account'),
  text('FirstName', 'First Name', 40, { compound: 'Name' }),
  text('LastName', 'Last Name', 80, { nillable: false, compound: 'Name' }),
  text('Name', 'Full Name', 121, { nillable: false, writable: false, nameField: true, computed: personName }),
  ...addressFields('Mailing'),
  field('phone', 'Phone', 'Business Phone', { length: 40 }),
  field('phone', 'MobilePhone', 'Mobile Phone', { length: 40 }),
  field('email', 'Email', 'Email', { length: 80 }),
  text('Title', 'Title', 128),
  text('Department', 'Department', 80),
  textArea('Description', 'Contact Description', 32_000),
  field('boolean', 'HasOptedOutOfEmail', 'Email Opt Out', { nillable: false, defaulted: true }),
  field('boolean', 'DoNotCall', 'Do Not Call', { nillable: false, defaulted: true }),
  field('picklist', 'Lifecycle_Stage__c', 'Lifecycle Stage', { length: 255, restricted: true, choices: LIFECYCLE_STAGES }),
  number('NPS_Score__c', 'NPS Score', [2, 0]),
  field('picklist', 'NPS_Category__c', 'NPS Category', { length: 255, restricted: true, choices: ['promoter', 'passive', 'detractor'] }),
  number('NPS_Mean__c', 'NPS Mean', [5, 2]),
  number('CSAT_Score__c', 'CSAT Score', [5, 2]),
  number('CES_Score__c', 'CES Score', [5, 2]),
  textArea('Feedback_Comment__c', 'Feedback Comment', 32_768),
  field('datetime', 'Feedback_At__c', 'Feedback At'),
  number('Feedback_Count__c', 'Feedback Count', [9, 0]),
  text('Legacy_Id__c', 'Legacy Id', 64, { externalId: true }),
  synclineId(),
];

const accountFields = (): readonly Field[] => [
  ...systemFields(),
  ...binFields('Account'),
  text('Name', 'Account Name', 255, { nillable: false, nameField: true }),
  field('url', 'Website', 'Website', { length: 255 }),
  field('phone', 'Phone', 'Account Phone', { length: 40 }),
  field('picklist', 'Industry', 'Industry', { length: 255, choices: INDUSTRIES.split(',') }),
  field('int', 'NumberOfEmployees', 'Employees', { precision: 8 }),
  ...addressFields('Billing'),
  textArea('Description', 'Account Description', 32_000),
  synclineId(),
];

const userFields = (): readonly Field[] => [
  ...systemFields(),
  text('Username', 'Username', 80, { nillable: false }),
  text('FirstName', 'First Name', 40),
  text('LastName', 'Last Name', 80, { nillable: false }),
  text('Name', 'Full Name', 121, { nillable: false, writable: false, nameField: true, computed: personName }),
  field('email', 'Email', 'Email', { length: 128, nillable: false }),
  field('boolean', 'IsActive', 'Active', { nillable: false, defaulted: true }),
  field('picklist', 'UserType', 'User Type', { length: 40, writable: false, choices: ['Standard', 'Guest'] }),
];

const organizationFields = (): readonly Field[] => [
  ...systemFields(),
  text('Name', 'Name', 80, { nillable: false, nameField: true }),
  text('InstanceName', 'Instance Name', 5),
  field('boolean', 'IsSandbox', 'Is Sandbox', { nillable: false, writable: false }),
  text('OrganizationType', 'Edition', 40),
  text('LanguageLocaleKey', 'Language', 40),
];

type Names = Omit<ObjectSchema, 'fields'>;
const CONTACT: Names = { name: 'Contact', label: 'Contact', labelPlural: 'Contacts', keyPrefix: '003', writable: true, mergeable: true };
const ACCOUNT: Names = { name: 'Account', label: 'Account', labelPlural: 'Accounts', keyPrefix: '001', writable: true, mergeable: true };
const USER: Names = { name: 'User', label: 'User', labelPlural: 'Users', keyPrefix: '005', writable: false, mergeable: false };
const ORGANIZATION: Names = {
  name: 'Organization',
  label: 'Organization',
  labelPlural: 'Organizations',
  keyPrefix: '00D',
  writable: false,
  mergeable: false,
};

/** The objects of an org with these switches, by lower-cased API name. */
export function orgSchemas(switches: Switches): ReadonlyMap<string, ObjectSchema> {
  const kept = (fields: readonly Field[]) => fields.filter(({ name }) => switches.uniqueId || name !== 'Syncline_Id__c');
  const schema = (names: Names, fields: readonly Field[]): [string, ObjectSchema] => [
    names.name.toLowerCase(),
    { ...names, fields: new Map(kept(fields).map((one) => [one.name.toLowerCase(), one])) },
  ];
  return new Map([
    schema(ACCOUNT, accountFields()),
    schema(CONTACT, contactFields()),
    schema(ORGANIZATION, organizationFields()),
    schema(USER, userFields()),
  ]);
}
