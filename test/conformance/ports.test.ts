import { expect, expectTypeOf, test } from 'vitest';
import { type AnyPort, defineConnector, type Ports } from '../../src/contract/connector.ts';
import type { Manifest, ObjectTraits } from '../../src/contract/manifest.ts';
import type { Provisioner } from '../../src/contract/provision.ts';
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
const timed = { ...silent, objects: { contact: { ...SEEN, read: { ...SEEN.read, fieldTimes: true } } } } as const satisfies Manifest;
const counted = { ...silent, objects: { contact: { ...SEEN, read: { ...SEEN.read, census: true } } } } as const satisfies Manifest;
const making = { ...silent, objects: { contact: { ...SEEN, provision: { key: 'hub_id' } } } } as const satisfies Manifest;
const open = { ...silent, families: { custom_: SEEN } } as const satisfies Manifest;

const port = { fields: async () => [], read: { changes: async function* () {}, byIds: async () => [] } } satisfies AnyPort;
const ports = { identify: async () => ({ id: '1', name: 'One' }), objects: { contact: port } };
const provision: Provisioner = { preview: async () => ({ fields: [], lacking: null }), apply: async () => [] };
const withProvision = { ...ports, objects: { contact: { ...port, provision } } };
const withFamily = { ...ports, families: { custom_: () => port } };
const webhooks: WebhookPort = { greet: () => null, verify: async () => false, hints: () => ({ hints: [], unread: [] }) };

type Given<M extends Manifest> = Parameters<typeof defineConnector<M>>;

// The compiler checks these: were one of them not so, `tsc` would fail here.
test('a trait without its port, and a port without its trait, do not compile', () => {
  expect(defineConnector(telling, () => ports, webhooks).webhooks).toBe(webhooks);
  expect(defineConnector(silent, () => ports).webhooks).toBeUndefined();
  expect(defineConnector(open, () => withFamily).manifest.families).toBe(open.families);
  expectTypeOf<Given<typeof telling>['length']>().toEqualTypeOf<3>();
  expectTypeOf<Given<typeof silent>['length']>().toEqualTypeOf<2>();
  expectTypeOf<typeof ports>().toExtend<Ports<typeof silent>>();
  expectTypeOf<typeof ports>().not.toExtend<Ports<typeof open>>();
  expectTypeOf<typeof withFamily>().toExtend<Ports<typeof open>>();
  expectTypeOf<typeof withFamily>().not.toExtend<Ports<typeof silent>>();
  expectTypeOf<typeof ports>().not.toExtend<Ports<typeof timed>>();
  expectTypeOf<typeof ports>().not.toExtend<Ports<typeof counted>>();
  expectTypeOf<typeof withProvision>().toExtend<Ports<typeof making>>();
  expectTypeOf<typeof withProvision>().not.toExtend<Ports<typeof silent>>();
  expectTypeOf<typeof ports>().not.toExtend<Ports<typeof making>>();
});
