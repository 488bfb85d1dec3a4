import type { Manifest } from '../../src/contract/manifest.ts';
import { APP_FIELDS, oauth2, TOKEN_PATH } from './oauth.ts';

const entity = {
  nature: 'entity',
  scopedBy: null,
  // Deletes and merges come with the delta, which reads the recycle bin too. SOQL reads rows, not an index, so nothing settles late.
  read: { removals: 'reported', pageMax: 2000, settleMs: 0 },
  // A transaction may still be committing when its answer is lost on the way.
  // What is deleted lies in the recycle bin for 15 days, from which only people can take it. Merging needs SOAP or Salesforce's own pages.
  write: { verbs: ['create', 'update', 'delete'], restorableDays: 15, batchMax: 200, guard: 'none', echo: 'id', recallMs: 5_000 },
} as const;

/** Salesforce: accounts and contacts of one org, through the REST API. */
export const manifest = {
  id: 'salesforce',
  label: 'Salesforce',
  about: 'Contacts and accounts of a Salesforce org, read and written through its REST API.',
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
  objects: {
    company: entity,
    contact: { ...entity, refs: { AccountId: 'company' } },
  },
} as const satisfies Manifest;
