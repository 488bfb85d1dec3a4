import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';
import { APP_FIELDS, oauth2, TOKEN_PATH } from './oauth.ts';
import { said } from './said.ts';

/** A text field of the hub's own, unique: with it a repeated create meets the record that the first one made. */
export const KEY_FIELD = 'Syncline_Id__c';

const seen = {
  nature: 'entity',
  scopedBy: null,
  // Deletes and merges come with the delta, which reads the recycle bin too. SOQL reads rows, not an index, so nothing settles late.
  read: { removals: 'reported', pageMax: 2000, settleMs: 0 },
  page: '{origin}/{id}',
} as const satisfies ObjectTraits;

const entity = {
  ...seen,
  // A transaction may still be committing when its answer is lost on the way.
  // What is deleted lies in the recycle bin for 15 days, from which only people can take it. Merging needs SOAP or Salesforce's own pages.
  write: {
    verbs: ['create', 'update', 'delete'],
    restorableDays: 15,
    batchMax: 1000,
    guard: 'none',
    echo: 'id',
    recallMs: 5_000,
    bulk: { key: KEY_FIELD },
  },
} as const;

/** Fields can be made, and choices added to those that are there. */
const made = { ...entity, provision: { key: KEY_FIELD }, choices: { needs: 'Customize Application' } } as const;

const ABOUT = { companies: 'company', contacts: 'contact', leads: 'lead', deals: 'deal', tickets: 'ticket' } as const;

/** Salesforce as data: what others point at before what points at it. */
export const manifest = {
  id: 'salesforce',
  label: 'Salesforce',
  about:
    'Contacts, accounts, leads, opportunities, cases, activities, campaigns, and custom objects of a Salesforce org, through its REST API.',
  said,
  kind: 'crm',
  origin: null,
  auth: [
    {
      kind: 'client_credentials',
      label: 'External client app, by itself',
      help:
        'Create an external client app with the scope "api", enable the client credentials flow with a run-as user, and let an administrator install it. ' +
        'The address of the connection is your My Domain host, such as https://acme.my.salesforce.com.',
      fields: APP_FIELDS,
      tokenPath: TOKEN_PATH,
    },
    {
      kind: 'jwt_bearer',
      label: 'External client app, by a key',
      help:
        'Create an external client app with the JWT bearer flow, upload the certificate of your key, and pre-authorise the integration user for it. ' +
        'The key is an RSA key in PKCS#8 and stays here. The address of the connection is your My Domain host.',
      fields: [
        { name: 'client_id', label: 'Consumer key' },
        { name: 'username', label: 'Username of the integration user' },
        { name: 'private_key', label: 'Private key (PEM)' },
      ],
      tokenPath: TOKEN_PATH,
      audience: 'https://login.salesforce.com',
      audienceSetting: 'audience',
    },
    oauth2,
    {
      kind: 'token',
      label: 'Access token',
      help: 'A session that you obtained yourself. It ends with the org’s session time-out, and is not renewed.',
      fields: [{ name: 'token', label: 'Access token' }],
    },
  ],
  settings: [
    {
      name: 'apiVersion',
      label: 'API version',
      help: 'Pinned, so that a release of Salesforce changes nothing by itself.',
      kind: 'text',
      required: true,
      initial: '68.0',
    },
    {
      name: 'overlapSeconds',
      label: 'Overlap of polls, in seconds',
      help: 'A row shows up when its transaction commits, with an earlier stamp: so much is read again. Use 900 for an org with long Apex jobs.',
      kind: 'number',
      required: true,
      initial: '300',
    },
    {
      name: 'bulkFrom',
      label: 'Bulk queries from so many records on',
      help: 'What is left to read of a first load beyond so many records is gathered by a Bulk API 2.0 query, which takes a tenth of the calls.',
      kind: 'number',
      required: true,
      initial: '100000',
    },
    {
      name: 'bulkWritesFrom',
      label: 'Bulk jobs for so many new records on',
      help: 'So many records that a first load has to make are made by Bulk API 2.0 jobs. Below it a call for each thousand takes no more of them.',
      kind: 'number',
      required: true,
      initial: '10000',
    },
    {
      name: 'fallbackOwner',
      label: 'Fallback owner (e-mail)',
      help: 'Gets what belongs to somebody who is no active user of the org. What this user owns says nothing of its owner to other systems, so take one whom nobody works as. Without it such an owner waits for a person.',
      kind: 'text',
      required: false,
    },
    {
      name: 'assignmentRules',
      label: 'Let assignment rules give what is written to others',
      help: 'Off, a lead or case stays with the owner that the hub writes; on, the org’s active rules may move it at any write.',
      kind: 'switch',
      required: false,
    },
    {
      name: 'duplicateAlerts',
      label: 'Duplicate rules that only warn',
      help: 'What the org would warn people of is held for a person, or saved. Rules that block hold in any case.',
      kind: 'choice',
      required: true,
      initial: 'hold',
      choices: [
        { value: 'hold', label: 'Hold the record' },
        { value: 'save', label: 'Save it' },
      ],
    },
    {
      name: 'audience',
      label: 'Audience',
      help: 'Whom the signed statement is for: https://login.salesforce.com unless said otherwise, https://test.salesforce.com for a sandbox of Salesforce.',
      kind: 'text',
      required: false,
      way: 'jwt_bearer',
    },
    {
      name: 'signInAddress',
      label: 'Sign-in address',
      help: 'Where people sign in, when it is not the address of the connection: such as https://login.salesforce.com, or https://test.salesforce.com for a sandbox.',
      kind: 'text',
      required: false,
      way: 'oauth2',
    },
  ],
  // Salesforce has no limit by the second; this one keeps a mistake of ours from using up the day of all integrations within minutes.
  pace: [{ requests: 100, perMs: 1_000 }],
  day: { ends: 'rolling' },
  // It tells of nothing by itself, and one call a look is little of its day.
  together: true,
  rhythmMs: 10_000,
  objects: {
    company: made,
    contact: { ...made, write: { ...made.write, afterwards: ['companies'] }, refs: { AccountId: 'company', companies: 'company' } },
    lead: made,
    campaign: { ...made, refs: { ParentId: 'campaign' } },
    deal: {
      ...made,
      write: { ...made.write, afterwards: ['contacts'] },
      refs: { AccountId: 'company', CampaignId: 'campaign', contacts: 'contact' },
    },
    ticket: { ...made, refs: { AccountId: 'company', contacts: 'contact' } },
    campaign_member: { ...made, refs: { CampaignId: 'campaign', ContactId: 'contact', LeadId: 'lead' } },
    task: { ...made, refs: ABOUT },
    event: { ...seen, refs: ABOUT },
  },
  // What an org's own objects refer to by the names that Salesforce proposes for such fields.
  families: {
    custom_: {
      ...made,
      refs: { Account__c: 'company', Contact__c: 'contact', Lead__c: 'lead', Opportunity__c: 'deal', Case__c: 'ticket' },
    },
  },
} as const satisfies Manifest;
