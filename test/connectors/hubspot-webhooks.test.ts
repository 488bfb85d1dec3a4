import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import type { Delivery, Hint } from '../../src/contract/webhook.ts';
import { must } from '../../src/kernel/must.ts';

const webhooks = must(hubspot.webhooks, 'a webhook port');
const SENT_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;

type Sent = { body?: string | Uint8Array; url?: string; method?: string; headers?: Record<string, string>; receivedMs?: number };

function delivery({ body = '[{"a":1}]', url = 'https://h/x?a=b', method = 'POST', headers = {}, receivedMs = SENT_MS }: Sent): Delivery {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return { method, url, headers: new Headers(headers), body: bytes, receivedAt: new Date(receivedMs) };
}

// Computed with HubSpot's own SDK, over the delivery above and the secret `s`.
const V1 = {
  'X-HubSpot-Signature': 'aa4db90270f082c25548ec9b25db75d3c2b9d862fa6677f9765931f5657dc9c6',
  'X-HubSpot-Signature-Version': 'v1',
};
const V2 = {
  'X-HubSpot-Signature': 'e0a882b6a86cade53ba0749c5a43133e7e42b101d412f1ad9d7042d347214770',
  'X-HubSpot-Signature-Version': 'v2',
};
const V3 = {
  'X-HubSpot-Signature-v3': 'w+w5OWIaTcnSvEJAHkwAgU59KQigH3pHv55bsqTm3kM=',
  'X-HubSpot-Request-Timestamp': String(SENT_MS),
};

const signed = (secret: string, { url = 'https://h/x?a=b', body = '[{"a":1}]', at = String(SENT_MS), method = 'POST' }) => ({
  'X-HubSpot-Signature-v3': createHmac('sha256', secret).update(`${method}${url}${body}${at}`).digest('base64'),
  'X-HubSpot-Request-Timestamp': at,
});

describe('signatures', () => {
  test.each([
    ['the first kind', V1],
    ['the second kind', V2],
    ['the third kind', V3],
  ])('%s is what HubSpot makes of it, and no other body, method, address, or secret has it', async (kind, headers) => {
    expect(await webhooks.verify(delivery({ headers }), 's')).toBe(true);
    expect(await webhooks.verify(delivery({ headers }), 't')).toBe(false);
    expect(await webhooks.verify(delivery({ headers }), '')).toBe(false);
    expect(await webhooks.verify(delivery({ headers, body: '[{"a": 1}]' }), 's')).toBe(false);
    expect(await webhooks.verify(delivery({ headers, url: 'https://h/y?a=b' }), 's')).toBe(kind === 'the first kind');
    expect(await webhooks.verify(delivery({ headers, method: 'PUT' }), 's')).toBe(kind === 'the first kind');
  });

  test('a delivery without a signature, or with one of a kind that nobody knows, is not HubSpot’s', async () => {
    expect(await webhooks.verify(delivery({}), 's')).toBe(false);
    expect(await webhooks.verify(delivery({ headers: { ...V1, 'X-HubSpot-Signature-Version': 'v9' } }), 's')).toBe(false);
    for (const odd of [
      '',
      'aa',
      V1['X-HubSpot-Signature'].slice(1),
      `${V1['X-HubSpot-Signature']}0`,
      V1['X-HubSpot-Signature'].toUpperCase(),
    ]) {
      expect(await webhooks.verify(delivery({ headers: { ...V1, 'X-HubSpot-Signature': odd } }), 's')).toBe(false);
    }
    for (const odd of ['', 'no base64', `${V3['X-HubSpot-Signature-v3']}=`, V3['X-HubSpot-Signature-v3'].toLowerCase()]) {
      expect(await webhooks.verify(delivery({ headers: { ...V3, 'X-HubSpot-Signature-v3': odd } }), 's')).toBe(false);
    }
  });

  test('five minutes are the window, in the past and in the future', async () => {
    const at = (receivedMs: number) => webhooks.verify(delivery({ headers: V3, receivedMs }), 's');
    expect(await at(SENT_MS + 5 * MINUTE_MS)).toBe(true);
    expect(await at(SENT_MS - 5 * MINUTE_MS)).toBe(true);
    expect(await at(SENT_MS + 5 * MINUTE_MS + 1)).toBe(false);
    expect(await at(SENT_MS - 5 * MINUTE_MS - 1)).toBe(false);
  });

  test('the time counts as it was written, and one that is none is refused', async () => {
    for (const at of ['', 'yesterday', '-1', '1e12', '2023-11-14T22:13:20Z', '9'.repeat(40)]) {
      expect(await webhooks.verify(delivery({ headers: signed('s', { at }) }), 's')).toBe(false);
    }
    const at = `0${SENT_MS}`;
    expect(await webhooks.verify(delivery({ headers: signed('s', { at }) }), 's')).toBe(true);
  });

  test('a stale signature of the third kind is not made good by an older kind', async () => {
    expect(await webhooks.verify(delivery({ headers: { ...V1, ...V3 }, receivedMs: SENT_MS + 10 * MINUTE_MS }), 's')).toBe(false);
  });

  test('the address is signed with its punctuation plain, and everything else as it was sent', async () => {
    const plain = "https://h/x?next=https://a.example/@b!$'()*,;&space=%20&percent=%25&ja=%E4%BD%90";
    const sent = plain.replace("https://a.example/@b!$'()*,;", 'https%3A%2F%2Fa.example%2f%40b%21%24%27%28%29%2A%2C%3B');
    expect(sent).not.toBe(plain);
    const headers = signed('s', { url: plain });
    expect(await webhooks.verify(delivery({ headers, url: sent }), 's')).toBe(true);
    expect(await webhooks.verify(delivery({ headers, url: sent.replace('%20', '+') }), 's')).toBe(false);
  });

  test('the bytes are signed, whether or not they are text', async () => {
    const body = new Uint8Array([0x5b, 0xff, 0xfe, 0x00, 0x5d]);
    const signature = createHash('sha256').update('s').update(body).digest('hex');
    const headers = { 'X-HubSpot-Signature': signature, 'X-HubSpot-Signature-Version': 'v1' };
    expect(await webhooks.verify(delivery({ headers, body }), 's')).toBe(true);
    expect(await webhooks.verify(delivery({ headers, body: new Uint8Array([0x5b, 0xff, 0xfd, 0x00, 0x5d]) }), 's')).toBe(false);
  });

  test('HubSpot sends no challenge', () => {
    expect(webhooks.greet(delivery({}))).toBeNull();
  });
});

const event = (subscriptionType: string, more: object = {}) => ({
  eventId: 1,
  subscriptionId: 2,
  portalId: 4711,
  appId: 3,
  occurredAt: SENT_MS,
  subscriptionType,
  attemptNumber: 0,
  objectId: 101,
  ...more,
});
const told = (...events: unknown[]) => webhooks.hints(delivery({ body: JSON.stringify(events) }));
const hint = (object: string, id: string, reason: Hint['reason']): Hint => ({ object, scope: 'all', id, reason, account: '4711' });

describe('hints', () => {
  test.each([
    ['contact.creation', 'contact', 'changed'],
    ['company.propertyChange', 'company', 'changed'],
    ['deal.deletion', 'deal', 'removed'],
    ['ticket.restore', 'ticket', 'restored'],
    ['contact.privacyDeletion', 'contact', 'erased'],
  ] as const)('%s names its record, and nothing that the event says of it', (type, object, reason) => {
    const { hints, unread } = told(event(type, { propertyName: 'phone', propertyValue: '+81 3 5550 1234' }));
    expect(hints).toStrictEqual([hint(object, '101', reason)]);
    expect(unread).toEqual([]);
  });

  test('the generic kind names the type by its id', () => {
    const { hints } = told(
      event('object.creation', { objectTypeId: '0-27' }),
      event('object.deletion', { objectTypeId: '0-46', objectId: 5 }),
    );
    expect(hints).toEqual([hint('task', '101', 'changed'), hint('note', '5', 'removed')]);
  });

  test('some of HubSpot’s documents call the type of an event otherwise', () => {
    const { subscriptionType, ...rest } = event('contact.creation');
    expect(told({ ...rest, eventType: subscriptionType }).hints).toEqual([hint('contact', '101', 'changed')]);
  });

  test('a merge names the one that stays, those that go, and the one that both become', () => {
    const merge = event('contact.merge', { objectId: 9, primaryObjectId: 9, mergedObjectIds: [10, 11], newObjectId: 12 });
    expect(told(merge).hints.map(({ id, reason }) => [id, reason])).toEqual(['9', '10', '11', '12'].map((id) => [id, 'merged']));
  });

  test('an association names both of its ends', () => {
    const tied = event('contact.associationChange', { associationType: 'CONTACT_TO_COMPANY', fromObjectId: 1, toObjectId: 2 });
    const generic = event('object.associationChange', { fromObjectTypeId: '0-46', toObjectTypeId: '0-3', fromObjectId: 3, toObjectId: 4 });
    expect(told(tied, generic).hints).toEqual([
      hint('contact', '1', 'tied'),
      hint('company', '2', 'tied'),
      hint('note', '3', 'tied'),
      hint('deal', '4', 'tied'),
    ]);
  });

  test('what is told ten times is one look', () => {
    const events = Array.from({ length: 10 }, (_, at) =>
      event('contact.propertyChange', { occurredAt: SENT_MS - at, propertyName: `p${at}` }),
    );
    expect(told(...events).hints).toEqual([hint('contact', '101', 'changed')]);
  });

  test('what the hub does not know is no hint and no trouble', () => {
    const strange = [event('line_item.creation'), event('conversation.newMessage'), event('object.creation', { objectTypeId: '2-77' })];
    expect(told(...strange, event('contact.sneeze'))).toEqual({ hints: [], unread: [] });
    expect(told()).toEqual({ hints: [], unread: [] });
  });

  test('an event that cannot be read is told, and the others count', () => {
    const { hints, unread } = told('x', event('contact.creation', { objectId: null }), event('contact.creation'), 7);
    expect(hints).toEqual([hint('contact', '101', 'changed')]);
    expect(unread).toHaveLength(3);
  });

  test('one event alone is read too, without an account where it names none', () => {
    const { portalId: _, ...alone } = event('contact.creation');
    const { hints } = webhooks.hints(delivery({ body: JSON.stringify(alone) }));
    expect(hints).toEqual([{ ...hint('contact', '101', 'changed'), account: null }]);
  });

  test.each(['', '{', 'hello', '<html>'])('%j is no delivery', (body) => {
    expect(() => webhooks.hints(delivery({ body }))).toThrow(expect.objectContaining({ kind: 'broken_answer' }));
  });

  test('a delivery of which nothing can be read is refused', () => {
    expect(() => told('x', 7)).toThrow(expect.objectContaining({ kind: 'broken_answer' }));
    expect(() => webhooks.hints(delivery({ body: new Uint8Array([0x5b, 0xff, 0x5d]) }))).toThrow(
      expect.objectContaining({ kind: 'broken_answer' }),
    );
  });
});
