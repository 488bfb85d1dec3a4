import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { webhook } from '../../connectors/webhook/index.ts';
import type { Fields } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';

const port = must(webhook.deliveries, 'the port of deliveries');
const AT = new Date('2026-11-22T00:00:30Z');
const deliver = (body: string, headers: Record<string, string>, url = 'https://hub.example/webhooks/1') => ({
  method: 'POST',
  url,
  headers: new Headers(headers),
  body: new TextEncoder().encode(body),
  receivedAt: AT,
});
const hmac = (algorithm: string, secret: string, content: string, encoding: 'hex' | 'base64') =>
  createHmac(algorithm, secret).update(content).digest(encoding);
const S = String(Math.floor(AT.getTime() / 1000) - 20);

describe('schemes', () => {
  test.each<[string, Fields, string, string, Record<string, string>]>([
    // The vectors of the tools' own documents.
    [
      'Standard Webhooks',
      { scheme: 'standard_webhooks' },
      'whsec_Zm9ybWJyaWNrcy1kZW1vLXNlY3JldA==',
      '{"webhookId":"wh1","event":"responseFinished"}',
      {
        'webhook-id': 'msg_1',
        'webhook-timestamp': S,
        'webhook-signature': `v1,b3RoZXI= v1,${createHmac('sha256', Buffer.from('Zm9ybWJyaWNrcy1kZW1vLXNlY3JldA==', 'base64')).update(`msg_1.${S}.{"webhookId":"wh1","event":"responseFinished"}`).digest('base64')}`,
      },
    ],
    [
      'Typeform',
      { scheme: 'typeform' },
      'tf-demo-secret',
      '{"event_id":"01JCTEST","event_type":"form_response"}',
      { 'typeform-signature': 'sha256=0UZS0ddbBrA4Q9OwnFrF4S+BFKE8ZLQwlhpskItp/Ws=' },
    ],
    [
      'GitHub',
      { scheme: 'github' },
      "It's a Secret to Everybody",
      'Hello, World!',
      { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
    ],
    [
      'Stripe',
      { scheme: 'stripe' },
      'whsec_x',
      '{"id":"evt_1"}',
      { 'stripe-signature': `t=${S},v1=${hmac('sha256', 'whsec_x', `${S}.{"id":"evt_1"}`, 'hex')},v0=00` },
    ],
    [
      'any other signature',
      {
        scheme: 'hmac',
        header: 'X-Sig',
        algorithm: 'sha512',
        encoding: 'base64',
        content: 'v0:{timestamp}:{body}',
        timestamp_header: 'X-Time',
        tolerance_s: 60,
      },
      'secret',
      '{"a":1}',
      { 'x-time': S, 'x-sig': hmac('sha512', 'secret', `v0:${S}:{"a":1}`, 'base64') },
    ],
    ['a bearer', { scheme: 'token' }, 'tok', '{}', { authorization: 'Bearer tok' }],
  ])('%s: what was signed is good, and nothing else is', async (_, settings, secret, body, headers) => {
    expect(await port.verify(deliver(body, headers), secret, settings)).toBe(true);
    for (const wrong of ['', `${secret}x`]) expect(await port.verify(deliver(body, headers), wrong, settings)).toBe(false);
    expect(await port.verify(deliver(body, {}), secret, settings)).toBe(false);
    const isToken = settings.scheme === 'token';
    expect(await port.verify(deliver(`${body} `, headers), secret, settings)).toBe(isToken);
    const isTimed = Object.keys(headers).some((name) => /time|stripe/.test(name));
    const late = { ...deliver(body, headers), receivedAt: new Date(AT.getTime() + 3_600_000) };
    expect(await port.verify(late, secret, settings)).toBe(!isTimed);
  });

  test('the vector of Standard Webhooks holds at its own time', async () => {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1763769600',
      'webhook-signature': 'v1,iQAxDojtKWcZ8bORFreT4uzzlUmH/S6Wlb3wX1fwUkw=',
    };
    const delivery = { ...deliver('{"webhookId":"wh1","event":"responseFinished"}', headers), receivedAt: new Date(1_763_769_650_000) };
    expect(await port.verify(delivery, 'whsec_Zm9ybWJyaWNrcy1kZW1vLXNlY3JldA==', { scheme: 'standard_webhooks' })).toBe(true);
    expect(port.nameOf(delivery, { scheme: 'standard_webhooks' })).toBe('msg_1');
  });

  test('settings that do not say where the proof stands prove nothing', async () => {
    for (const settings of [{}, { scheme: 'hmac' }, { scheme: 'nonsense' }])
      expect(await port.verify(deliver('{}', { authorization: 'x' }), 'x', settings)).toBe(false);
  });
});

describe('bodies', () => {
  const tree = (body: string, type: string) => port.bodyOf(deliver(body, { 'content-type': type }));
  test('forms become trees: names that repeat are lists, and names in brackets reach in', async () => {
    const form = 'application/x-www-form-urlencoded';
    expect(await tree('a=1&a=2&person%5Bfirst%5D=Ada&tags%5B%5D=x&tags%5B%5D=y', form)).toEqual({
      a: ['1', '2'],
      person: { first: 'Ada' },
      tags: ['x', 'y'],
    });
    expect(await tree(`payload=${encodeURIComponent('{"q":[1,2]}')}`, form)).toEqual({ payload: { q: [1, 2] } });
    await expect(tree('__proto__%5Bx%5D=1', form)).rejects.toMatchObject({ kind: 'broken_answer' });
  });
});
