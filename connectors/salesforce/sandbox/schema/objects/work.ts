import type { Row } from '../../store/row.ts';
import { isDeleted, masterRecord, owner, synclineId, systemFields } from '../common-fields.ts';
import { checkbox, currency, type Field, field, type Lookup, picklist, readOnly, reference, text, textArea } from '../field.ts';
import { LEAD_SOURCES } from './people.ts';

/** The stages of a deal, with the probability that each one sets. */
export const STAGES: Readonly<Record<string, number>> = {
  Prospecting: 10,
  Qualification: 10,
  'Needs Analysis': 20,
  'Value Proposition': 50,
  'Id. Decision Makers': 60,
  'Perception Analysis': 70,
  'Proposal/Price Quote': 75,
  'Negotiation/Review': 90,
  'Closed Won': 100,
  'Closed Lost': 0,
};

const isClosed = ({ StageName }: Row) => StageName === 'Closed Won' || StageName === 'Closed Lost';

export const opportunityFields = (): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  owner(),
  text('Name', 'Name', 120, { nillable: false, nameField: true }),
  reference('AccountId', 'Account ID', 'Account', { children: 'Opportunities', onParentDelete: 'cascade' }),
  reference('ContactId', 'Contact ID', 'Contact', { createOnly: true, onParentDelete: 'clear' }),
  reference('CampaignId', 'Campaign ID', 'Campaign', { children: 'Opportunities', onParentDelete: 'clear' }),
  picklist('StageName', 'Stage', Object.keys(STAGES), { nillable: false }),
  field('date', 'CloseDate', 'Close Date', { nillable: false }),
  currency('Amount', 'Amount'),
  field('percent', 'Probability', 'Probability (%)', { precision: 3, scale: 0, defaulted: true }),
  checkbox('IsClosed', 'Closed', { writable: false, computed: isClosed }),
  checkbox('IsWon', 'Won', { writable: false, computed: ({ StageName }) => StageName === 'Closed Won' }),
  picklist('Type', 'Opportunity Type', ['Existing Business', 'New Business']),
  picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
  text('NextStep', 'Next Step', 255),
  textArea('Description', 'Description', 32_000),
  synclineId(),
];

/** Which accounts a contact belongs to: its own one directly, which follows its AccountId, and others. */
export const accountContactRelationFields = (): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  reference('AccountId', 'Account ID', 'Account', {
    nillable: false,
    createOnly: true,
    children: 'AccountContactRelations',
    onParentDelete: 'cascade',
  }),
  reference('ContactId', 'Contact ID', 'Contact', {
    nillable: false,
    createOnly: true,
    children: 'AccountContactRelations',
    onParentDelete: 'cascade',
  }),
  field('multipicklist', 'Roles', 'Roles', { length: 4099, choices: ['Business User', 'Decision Maker', 'Influencer', 'Other'] }),
  checkbox('IsDirect', 'Direct', { writable: false }),
  checkbox('IsActive', 'Active'),
];

export const opportunityContactRoleFields = (): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  reference('OpportunityId', 'Opportunity ID', 'Opportunity', {
    nillable: false,
    createOnly: true,
    children: 'OpportunityContactRoles',
    onParentDelete: 'cascade',
  }),
  reference('ContactId', 'Contact ID', 'Contact', {
    nillable: false,
    createOnly: true,
    children: 'OpportunityContactRoles',
    onParentDelete: 'cascade',
  }),
  picklist('Role', 'Role', ['Business User', 'Decision Maker', 'Economic Buyer', 'Evaluator', 'Influencer', 'Other']),
  checkbox('IsPrimary', 'Primary'),
  synclineId(),
];

export const caseFields = (): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  masterRecord('Case'),
  owner(['User', 'Group']),
  text('CaseNumber', 'Case Number', 30, { ...readOnly, autoNumber: true, nameField: true }),
  reference('ContactId', 'Contact ID', 'Contact', { children: 'Cases', onParentDelete: 'restrict' }),
  reference('AccountId', 'Account ID', 'Account', { children: 'Cases', onParentDelete: 'restrict' }),
  reference('ParentId', 'Parent Case ID', 'Case', { children: 'Cases', onParentDelete: 'clear' }),
  text('Subject', 'Subject', 255),
  picklist('Status', 'Status', ['New', 'Working', 'Escalated', 'Closed'], { nillable: false, defaulted: true, initial: 'New' }),
  picklist('Priority', 'Priority', ['High', 'Medium', 'Low'], { defaulted: true, initial: 'Medium' }),
  picklist('Origin', 'Case Origin', ['Phone', 'Email', 'Web']),
  picklist('Type', 'Case Type', ['Mechanical', 'Electrical', 'Other']),
  field('email', 'SuppliedEmail', 'Email Address', { length: 80 }),
  checkbox('IsClosed', 'Closed', { writable: false, computed: ({ Status }) => Status === 'Closed' }),
  field('datetime', 'ClosedDate', 'Closed Date', { writable: false }),
  textArea('Description', 'Description', 32_000),
  synclineId(),
];

const WHAT = ['Account', 'Opportunity', 'Case', 'Campaign', 'Project__c'];

const activityFields = (children: string): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  owner(),
  field('combobox', 'Subject', 'Subject', { length: 255, nameField: true, choices: ['Call', 'Email', 'Send Letter', 'Other'] }),
  reference('WhoId', 'Name ID', ['Contact', 'Lead'], { children, onParentDelete: 'cascade' }),
  reference('WhatId', 'Related To ID', WHAT, { children, onParentDelete: 'cascade' }),
  reference('AccountId', 'Account ID', 'Account', { writable: false, computed: accountOf }),
  textArea('Description', 'Description', 32_000),
  checkbox('IsArchived', 'Archived', { writable: false }),
  synclineId(),
];

/** The account that an activity belongs to, by what it is about or whom. */
function accountOf({ WhatId, WhoId }: Row, lookup: Lookup): unknown {
  if (typeof WhatId === 'string') return lookup.objectOf(WhatId) === 'Account' ? WhatId : (lookup.committed(WhatId)?.AccountId ?? null);
  return typeof WhoId === 'string' ? (lookup.committed(WhoId)?.AccountId ?? null) : null;
}

export const taskFields = (): readonly Field[] => [
  ...activityFields('Tasks'),
  picklist('Status', 'Status', ['Not Started', 'In Progress', 'Completed', 'Deferred'], {
    nillable: false,
    defaulted: true,
    initial: 'Not Started',
  }),
  picklist('Priority', 'Priority', ['High', 'Normal', 'Low'], { nillable: false, defaulted: true, initial: 'Normal' }),
  field('date', 'ActivityDate', 'Due Date Only'),
  checkbox('IsClosed', 'Closed', { writable: false, computed: ({ Status }) => Status === 'Completed' }),
];

export const eventFields = (): readonly Field[] => [
  ...activityFields('Events'),
  field('datetime', 'StartDateTime', 'Start Date Time', { defaulted: true }),
  field('datetime', 'EndDateTime', 'End Date Time', { defaulted: true }),
  field('int', 'DurationInMinutes', 'Duration', { precision: 8, defaulted: true }),
  checkbox('IsAllDayEvent', 'All-Day Event'),
  text('Location', 'Location', 255),
];

export const campaignFields = (): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  owner(),
  text('Name', 'Name', 80, { nillable: false, nameField: true }),
  reference('ParentId', 'Parent Campaign ID', 'Campaign', { children: 'ChildCampaigns', onParentDelete: 'clear' }),
  picklist('Type', 'Type', ['Conference', 'Webinar', 'Email', 'Other']),
  picklist('Status', 'Status', ['Planned', 'In Progress', 'Completed', 'Aborted'], { defaulted: true, initial: 'Planned' }),
  field('date', 'StartDate', 'Start Date'),
  field('date', 'EndDate', 'End Date'),
  checkbox('IsActive', 'Active'),
  textArea('Description', 'Description', 32_000),
  synclineId(),
];

export const campaignMemberFields = (): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  reference('CampaignId', 'Campaign ID', 'Campaign', {
    nillable: false,
    createOnly: true,
    children: 'CampaignMembers',
    onParentDelete: 'cascade',
  }),
  reference('LeadId', 'Lead ID', 'Lead', { createOnly: true, children: 'CampaignMembers', onParentDelete: 'cascade' }),
  reference('ContactId', 'Contact ID', 'Contact', { createOnly: true, children: 'CampaignMembers', onParentDelete: 'cascade' }),
  field('id', 'LeadOrContactId', 'Lead or Contact ID', {
    length: 18,
    writable: false,
    computed: ({ ContactId, LeadId }) => ContactId ?? LeadId ?? null,
  }),
  picklist('Status', 'Status', ['Sent', 'Responded'], { defaulted: true, initial: 'Sent' }),
  checkbox('HasResponded', 'Responded', { writable: false, computed: ({ Status }) => Status === 'Responded' }),
  field('date', 'FirstRespondedDate', 'First Responded Date', { writable: false }),
  synclineId(),
];

/** A custom object, with lookups that are custom too. */
export const projectFields = (): readonly Field[] => [
  ...systemFields(),
  isDeleted(),
  owner(['User', 'Group']),
  text('Name', 'Project Name', 80, { nameField: true }),
  reference('Account__c', 'Account', 'Account', { children: 'Projects__r', onParentDelete: 'clear' }),
  reference('Contact__c', 'Contact', 'Contact', { children: 'Projects__r', onParentDelete: 'clear' }),
  picklist('Phase__c', 'Phase', ['Draft', 'Running', 'Done'], { restricted: true, valueSet: 'Project_Phases' }),
  currency('Budget__c', 'Budget'),
  field('date', 'Start__c', 'Start'),
  checkbox('Billable__c', 'Billable'),
  text('Code__c', 'Code', 20, { externalId: true, unique: true }),
  synclineId(),
];
