import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';
import { oauth2 } from './oauth.ts';
import { KEY_PROPERTY } from './object-types.ts';
import { said } from './said.ts';

const SEEN = {
  nature: 'entity',
  scopedBy: null,
  // The search index shows a change some seconds late; `indexLagSeconds` is how far back each poll looks.
  read: { removals: 'by_sweep', pageMax: 100, deltaMax: 200, settleMs: 12_000, fieldTimes: true },
} as const satisfies ObjectTraits;

// What is archived stays in the recycle bin for 90 days, from which only people can take it.
const WRITTEN = {
  restorableDays: 90,
  batchMax: 100,
  guard: 'none',
  echo: 'record',
  recallMs: 15_000,
} as const satisfies Omit<NonNullable<ObjectTraits['write']>, 'verbs'>;

/** Properties can be made, and options added to those that are there, by whoever may change the schema. */
const DEFINED = { provision: { key: KEY_PROPERTY }, choices: { needs: 'crm.schemas.contacts.write' } } as const;
const defined = (needs: string) => ({ choices: { needs } });
const ENTITY = {
  ...SEEN,
  ...DEFINED,
  write: { ...WRITTEN, verbs: ['create', 'update', 'delete', 'merge'] },
} as const satisfies ObjectTraits;
const ABOUT = { companies: 'company', contacts: 'contact', deals: 'deal', tickets: 'ticket' } as const;
/** What people write down of what happened; nobody merges it. */
const WRITTEN_DOWN = {
  ...SEEN,
  ...DEFINED,
  write: { ...WRITTEN, verbs: ['create', 'update', 'delete'] },
  refs: ABOUT,
} as const satisfies ObjectTraits;
/** What happened between people: the hub has no reason to change it. */
const HAPPENED = { ...SEEN, refs: ABOUT } as const satisfies ObjectTraits;

/** Who is on static lists of contacts. Somebody is added or removed, and doing it twice is doing it once. */
const ON_LISTS = {
  nature: 'entity',
  scopedBy: null,
  read: { removals: 'never', pageMax: 1000, settleMs: 0 },
  write: { verbs: ['create', 'delete'], batchMax: 1000, guard: 'version', echo: 'id', recallMs: 5_000 },
  groups: { field: 'list' },
  refs: { member: 'contact' },
} as const satisfies ObjectTraits;

/** Where a portal shows a record, by the id that HubSpot gives the type of its object. */
const pageOf = (typeId: string): string => `https://app.hubspot.com/contacts/{account}/record/${typeId}/{id}`;

/** HubSpot as data: what others point at before what points at it. */
export const manifest = {
  id: 'hubspot',
  label: 'HubSpot',
  about: 'Contacts, companies, deals, tickets, activities, and custom objects of a HubSpot portal, read and written in batches.',
  said,
  kind: 'crm',
  origin: 'https://api.hubapi.com',
  auth: [
    {
      kind: 'token',
      label: 'Service key or private app token',
      help: 'In HubSpot: Settings, Integrations, Service keys (or the token of an existing private app). It needs read and write scopes for the objects that you will enable, the read scopes of their schemas, and crm.objects.owners.read; the write scopes of schemas only while Syncline is to make its own properties.',
      fields: [{ name: 'token', label: 'Token' }],
    },
    oauth2,
  ],
  settings: [
    {
      name: 'apiVersion',
      label: 'API version',
      help: '2026-09 is supported longest, and enforces the validation rules of the portal on every write. Where they refuse what the hub writes, 2026-03 does not. v3 works until September 2027.',
      kind: 'choice',
      required: true,
      initial: '2026-09',
      choices: [
        { value: '2026-09', label: '2026-09' },
        { value: '2026-03', label: '2026-03' },
        { value: 'v3', label: 'v3' },
      ],
    },
    {
      name: 'indexLagSeconds',
      label: 'Search lag (seconds)',
      help: "How late HubSpot's search may show a change. Every poll looks this much further back.",
      kind: 'number',
      required: true,
      initial: '12',
    },
    {
      name: 'firstLoad',
      label: 'First load',
      help: 'The list is read quickest; the search takes fewer requests, at a quarter of the pace. Automatic takes the search where it spares more than half of the requests.',
      kind: 'choice',
      required: true,
      initial: 'auto',
      choices: [
        { value: 'auto', label: 'Automatic' },
        { value: 'fewest_calls', label: 'As few requests as possible' },
        { value: 'list', label: 'By the list alone' },
      ],
    },
    {
      name: 'fallbackOwner',
      label: 'Fallback owner (e-mail)',
      help: 'Gets what belongs to somebody whom HubSpot does not know. What this user owns says nothing of its owner to other systems, so take one whom nobody works as. Without it such an owner waits for a person.',
      kind: 'text',
      required: false,
    },
    {
      name: 'signInAddress',
      label: 'Sign-in address',
      help: 'Where people allow the access, when it is not https://app.hubspot.com: such as https://app-eu1.hubspot.com, or a sandbox.',
      kind: 'text',
      required: false,
      way: 'oauth2',
    },
  ],
  // HubSpot allows a key 190 calls in ten seconds, or what its answers say. Searches have a limit of their own beside that, five a second for
  // the whole portal; associations have theirs, on the smallest plan a hundred in ten, and count for themselves.
  pace: [
    { requests: 184, perMs: 10_000 },
    { requests: 5, perMs: 1_000, of: 'search' },
    { requests: 95, perMs: 10_000, of: 'associations', apart: true },
  ],
  day: { ends: 'midnight' },
  objects: {
    company: { ...ENTITY, ...defined('crm.schemas.companies.write'), page: pageOf('0-2') },
    contact: { ...ENTITY, page: pageOf('0-1'), refs: { company: 'company', companies: 'company' } },
    deal: {
      ...ENTITY,
      ...defined('crm.schemas.deals.write'),
      page: pageOf('0-3'),
      refs: { company: 'company', companies: 'company', contacts: 'contact' },
    },
    ticket: {
      ...ENTITY,
      ...defined('tickets'),
      page: pageOf('0-5'),
      refs: { company: 'company', companies: 'company', contacts: 'contact', deals: 'deal' },
    },
    note: WRITTEN_DOWN,
    task: WRITTEN_DOWN,
    call: HAPPENED,
    meeting: HAPPENED,
    email: HAPPENED,
  },
  families: { custom_: { ...ENTITY, ...defined('crm.schemas.custom.write'), refs: ABOUT }, list_: ON_LISTS },
  webhooks: {
    signedBy: 'hmac',
    subscribe: 'by_hand',
    secret: {
      label: 'Client secret of the app',
      help: 'In HubSpot: the settings of the private app, project app, or public app that sends the webhooks. Service keys send none.',
    },
  },
} as const satisfies Manifest;
