import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';

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
  ],
  // HubSpot allows a key 190 calls in ten seconds, or what its answers say. Searches have a limit of their own beside that, five a second for
  // the whole portal; associations have theirs, and count for themselves.
  pace: [
    { requests: 184, perMs: 10_000 },
    { requests: 5, perMs: 1_000, of: 'search' },
    { requests: 145, perMs: 10_000, of: 'associations', apart: true },
  ],
  day: { ends: 'midnight' },
  objects: {
    company: ENTITY,
    contact: { ...ENTITY, refs: { company: 'company', companies: 'company' } },
  },
} as const satisfies Manifest;
