import type { Manifest } from '../../src/contract/manifest.ts';

/** What Template is, as pure data. Each line answers a question to the vendor's documents, and the engine believes it. */
export const manifest = {
  id: 'template',
  label: 'Template',
  about: 'Contacts of a Template account.',
  // Or `survey`: then its objects are events, which have no `write`.
  kind: 'crm',
  // Null when every customer has an address of their own.
  origin: 'https://api.template.example',
  auth: [
    {
      kind: 'token',
      label: 'API token',
      help: 'Say where people find it, and which rights it needs.',
      fields: [{ name: 'token', label: 'API token' }],
    },
  ],
  settings: [],
  // The vendor's own limits, one line for each window.
  pace: [{ requests: 10, perMs: 1_000 }],
  objects: {
    contact: {
      nature: 'entity',
      scopedBy: null,
      read: {
        // `reported`: a look tells of removals; `by_sweep`: only asking for the record does; `never`: nothing does.
        removals: 'by_sweep',
        pageMax: 100,
        // How long a change may stay invisible to `changes`.
        settleMs: 0,
      },
      write: {
        verbs: ['create', 'update'],
        batchMax: 10,
        // `version`: the vendor refuses a write to a record that has moved on.
        guard: 'none',
        // `record`: its answer to a write shows the record as it is then.
        echo: 'id',
        // How long after a create whose answer was lost its absence can be believed.
        recallMs: 10_000,
      },
    },
  },
} as const satisfies Manifest;
