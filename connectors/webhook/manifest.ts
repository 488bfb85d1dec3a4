import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';
import { said } from './said.ts';

const read = { removals: 'reported', pageMax: 500, settleMs: 0 } as const;
const ENTITY = { nature: 'entity', scopedBy: null, read } as const satisfies ObjectTraits;

export const manifest = {
  id: 'webhook',
  label: 'Webhook',
  about: 'Responses, contacts, and companies of any tool or form that can send them as JSON or form data.',
  said,
  kind: 'door',
  arrives: 'deliveries',
  origin: null,
  auth: [
    {
      kind: 'token',
      label: 'Secret',
      help: 'What the tool signs its deliveries with, or the token that it sends along. At best 32 characters or more that nobody can guess.',
      fields: [{ name: 'token', label: 'Secret' }],
    },
  ],
  settings: [
    {
      name: 'scheme',
      label: 'How deliveries are proved',
      kind: 'choice',
      required: true,
      initial: 'standard_webhooks',
      choices: [
        { value: 'standard_webhooks', label: 'Standard Webhooks (webhook-signature)' },
        { value: 'github', label: 'As GitHub does (X-Hub-Signature-256)' },
        { value: 'typeform', label: 'As Typeform does (Typeform-Signature)' },
        { value: 'stripe', label: 'As Stripe does (t=, v1=)' },
        { value: 'hmac', label: 'Another signature, described below' },
        { value: 'token', label: 'A token in a header or in the address' },
      ],
    },
    {
      name: 'header',
      label: 'Header of the signature or the token',
      help: 'Such as X-Signature. A token may also stand in Authorization, as a bearer.',
      kind: 'text',
      required: false,
    },
    { name: 'parameter', label: 'Parameter of the address that holds the token', kind: 'text', required: false },
    {
      name: 'algorithm',
      label: 'Algorithm',
      kind: 'choice',
      required: false,
      initial: 'sha256',
      choices: [
        { value: 'sha256', label: 'HMAC-SHA256' },
        { value: 'sha512', label: 'HMAC-SHA512' },
        { value: 'sha1', label: 'HMAC-SHA1' },
      ],
    },
    {
      name: 'encoding',
      label: 'Encoding of the signature',
      kind: 'choice',
      required: false,
      initial: 'hex',
      choices: [
        { value: 'hex', label: 'Hexadecimal' },
        { value: 'base64', label: 'Base64' },
      ],
    },
    { name: 'prefix', label: 'What stands before it', help: 'Such as sha256= or v1=.', kind: 'text', required: false },
    {
      name: 'key',
      label: 'The secret is',
      kind: 'choice',
      required: false,
      initial: 'text',
      choices: [
        { value: 'text', label: 'Used as it is' },
        { value: 'base64', label: 'Base64, after whsec_ where that stands there' },
      ],
    },
    {
      name: 'content',
      label: 'What is signed',
      help: 'Text with {body}, {timestamp}, {id}, {url}, and {method}, such as {timestamp}.{body}.',
      kind: 'text',
      required: false,
      initial: '{body}',
    },
    {
      name: 'timestamp_header',
      label: 'Header of the time',
      help: 'Seconds or milliseconds since 1970, or ISO. With it, old deliveries are refused; without it, only a repeat of what came before is told.',
      kind: 'text',
      required: false,
    },
    { name: 'tolerance_s', label: 'How old a delivery may be, in seconds', kind: 'number', required: false, initial: '300' },
    {
      name: 'id_header',
      label: 'Header of the name of a delivery',
      help: 'The same when it is sent again. Without it a delivery is known by its body.',
      kind: 'text',
      required: false,
    },
  ],
  // Nothing is ever called.
  pace: [],
  objects: { company: ENTITY, contact: ENTITY, response: { ...ENTITY, nature: 'event' } },
  webhooks: {
    signedBy: 'hmac',
    subscribe: 'by_hand',
    secret: {
      label: 'Secret',
      help: 'Enter the address in the tool, and here what it signs its deliveries with, or the token that it sends.',
    },
    secretField: 'token',
  },
} as const satisfies Manifest;
