import { expect, test } from 'vitest';
import { type AnyPort, defineConnector } from '../../src/contract/connector.ts';
import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';
import type { WebhookPort } from '../../src/contract/webhook.ts';

const SEEN = { nature: 'entity', scopedBy: null, read: { removals: 'never', pageMax: 1, settleMs: 0 } } as const satisfies ObjectTraits;
const silent = {
  ...{ id: 'silent', label: 'Silent', about: 'A system.', kind: 'crm', origin: null, auth: [], settings: [], pace: [] },
  objects: { contact: SEEN },
} as const satisfies Manifest;
const telling = {
  ...silent,
  webhooks: { signedBy: 'hmac', subscribe: 'by_hand', secret: { label: 'Secret', help: 'Ask them.' } },
} as const satisfies Manifest;
const open = { ...silent, families: { custom_: SEEN } } as const satisfies Manifest;

const port = { fields: async () => [], read: { changes: async function* () {}, byIds: async () => [] } } satisfies AnyPort;
const ports = { identify: async () => ({ id: '1', name: 'One' }), objects: { contact: port } };
const webhooks: WebhookPort = { greet: () => null, verify: async () => false, hints: () => ({ hints: [], unread: [] }) };

// Each of these lines is checked by the compiler: were one of them to compile, `tsc` would fail here.
test('a trait without its port, and a port without its trait, do not compile', () => {
  expect(defineConnector(telling, () => ports, webhooks).webhooks).toBe(webhooks);
  expect(defineConnector(silent, () => ports).webhooks).toBeUndefined();
  expect(defineConnector(open, () => ({ ...ports, families: { custom_: () => port } })).manifest.families).toBe(open.families);
  // @ts-expect-error webhooks without their port
  defineConnector(telling, () => ports);
  // @ts-expect-error a port for webhooks that nobody sends
  defineConnector(silent, () => ports, webhooks);
  // @ts-expect-error a family without its port
  defineConnector(open, () => ports);
  // @ts-expect-error a port for a family that is not there
  defineConnector(silent, () => ({ ...ports, families: { custom_: () => port } }));
});
