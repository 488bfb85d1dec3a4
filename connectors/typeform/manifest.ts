import type { Manifest } from '../../src/contract/manifest.ts';

export const manifest = {
  id: 'typeform',
  label: 'Typeform',
  about: 'Responses to the forms of a Typeform account.',
  kind: 'survey',
  origin: 'https://api.typeform.com',
  auth: [
    {
      kind: 'token',
      label: 'Personal access token',
      help: 'Typeform shows it once, under "Personal tokens"; it needs accounts:read, forms:read, and responses:read.',
      fields: [{ name: 'token', label: 'Personal access token' }],
    },
  ],
  settings: [],
  // 2 a second for the whole account, whoever asks.
  pace: [{ requests: 1, perMs: 550 }],
  objects: {
    // A fresh response may take half an hour to show up in lists.
    response: { nature: 'event', scopedBy: 'form', read: { removals: 'never', pageMax: 1000, settleMs: 30 * 60_000 } },
  },
} as const satisfies Manifest;
