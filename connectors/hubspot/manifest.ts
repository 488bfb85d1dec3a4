import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';
import { oauth2 } from './oauth.ts';

const ENTITY = {
  nature: 'entity',
  scopedBy: null,
  // The search index shows a change some seconds late; `indexLagSeconds` is how far back each poll looks.
  read: { removals: 'by_sweep', pageMax: 100, deltaMax: 200, settleMs: 12_000 },
  // What is archived stays in the recycle bin for 90 days, from which only people can take it.
  write: {
    verbs: ['create', 'update', 'delete', 'merge'],
    restorableDays: 90,
    batchMax: 100,
    guard: 'none',
    echo: 'record',
    recallMs: 15_000,
  },
} as const satisfies ObjectTraits;

/** HubSpot as data: companies before the contacts that point at them. */
export const manifest = {
  id: 'hubspot',
  label: 'HubSpot',
  about: 'Contacts and companies of a HubSpot portal, read and written in batches.',
  kind: 'crm',
  origin: 'https://api.hubapi.com',
  auth: [
    {
      kind: 'token',
      label: 'Service key or private app token',
      help: 'In HubSpot: Settings, Integrations, Service keys (or the token of an existing private app). It needs read and write scopes for contacts and companies, their schemas, and crm.objects.owners.read.',
      fields: [{ name: 'token', label: 'Token' }],
    },
    oauth2,
  ],
  settings: [
    {
      name: 'apiVersion',
      label: 'API version',
      help: 'v3 works everywhere until 2027. The dated versions are supported longer; 2026-09 also enforces the validation rules of the portal on every write.',
      kind: 'choice',
      required: true,
      initial: 'v3',
      choices: [
        { value: 'v3', label: 'v3' },
        { value: '2026-03', label: '2026-03' },
        { value: '2026-09', label: '2026-09' },
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
      name: 'signInAddress',
      label: 'Sign-in address',
      help: 'Where people allow the access, when it is not https://app.hubspot.com: such as https://app-eu1.hubspot.com, or a sandbox.',
      kind: 'text',
      required: false,
      way: 'oauth2',
    },
  ],
  // HubSpot allows 190 in ten seconds; the rest is left to whatever else uses the same key.
  // Searches have a limit of their own, five a second for the whole portal.
  pace: [
    { requests: 180, perMs: 10_000 },
    { requests: 4, perMs: 1_000, of: 'search' },
  ],
  objects: {
    company: ENTITY,
    contact: { ...ENTITY, refs: { company: 'company', companies: 'company' } },
  },
} as const satisfies Manifest;
