import type { Manifest } from '../../src/contract/manifest.ts';
import { said } from './said.ts';

export const manifest = {
  id: 'typeform',
  label: 'Typeform',
  about: 'Responses to the forms of a Typeform account.',
  said,
  kind: 'survey',
  origin: 'https://api.typeform.com',
  auth: [
    {
      kind: 'token',
      label: 'Personal access token',
      help:
        'Typeform shows it once, under "Personal tokens"; it needs accounts:read, forms:read, and responses:read, and for webhooks webhooks:read and webhooks:write. ' +
        'For an account in the European data centre the address of the connection is https://api.eu.typeform.com, or https://api.typeform.eu for one that was made in ' +
        'August 2025 or later; a token is good in its own region only.',
      fields: [{ name: 'token', label: 'Personal access token' }],
    },
  ],
  settings: [
    {
      name: 'partials',
      label: 'Unfinished responses',
      help: 'Whether responses that somebody has begun and not sent are read as well, which takes a call more for each form. They count for no figure.',
      kind: 'switch',
      required: false,
      initial: 'false',
    },
  ],
  // 2 a second for the whole account, whoever asks.
  pace: [{ requests: 1, perMs: 550 }],
  objects: {
    // A fresh response may take half an hour to show up in lists, and a deleted one leaves no trace.
    response: { nature: 'event', scopedBy: 'form', read: { removals: 'by_sweep', pageMax: 1000, settleMs: 30 * 60_000 } },
  },
  webhooks: {
    signedBy: 'hmac',
    subscribe: 'api',
    checkEveryMs: 3_600_000,
    // A delivery may be seconds ahead of what the lists show.
    gatherMs: 10_000,
    secret: {
      label: 'Secret',
      help: 'Made up by the hub, which registers a webhook on every form by itself, also on those that are made later, and switches on what Typeform has switched off.',
      byHub: true,
    },
  },
} as const satisfies Manifest;
