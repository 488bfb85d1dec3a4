import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/contract/webhook.ts';
import { must } from '../../src/kernel/must.ts';
import { EVERY_CONNECTOR } from './every.ts';
import { errorOf } from './stage.ts';

type Sent = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly sentAt: string };

function deliver({ url, headers, body, sentAt }: Sent, laterMs = 0): Delivery {
  const receivedAt = new Date(Date.parse(sentAt) + laterMs);
  return { method: 'POST', url, headers: new Headers(headers), body: new TextEncoder().encode(body), receivedAt };
}

describe.each(EVERY_CONNECTOR)('$label', ({ connector, bench }) => {
  test('a delivery that the vendor signed is good, and one with another body, secret, or address, without its headers, or too old is not', async ({
    skip,
  }) => {
    skip(connector.manifest.webhooks === undefined, 'the vendor tells of nothing by itself');
    const { verify } = must(connector.webhooks, 'a webhook port');
    const { signed } = must(bench.telling, 'deliveries on its bench');
    expect(signed.length).toBeGreaterThan(0);
    for (const one of signed) {
      expect(await verify(deliver(one), one.secret)).toBe(true);
      // Who only sends a secret along vouches for no word of the body.
      const isShared = connector.manifest.webhooks?.signedBy === 'shared_secret';
      expect(await verify(deliver({ ...one, body: `${one.body} ` }), one.secret)).toBe(isShared);
      expect(await verify(deliver({ ...one, url: `${one.url}1` }), one.secret)).toBe(one.bodyAlone === true);
      expect(await verify(deliver({ ...one, headers: {} }), one.secret)).toBe(false);
      for (const secret of ['', `${one.secret}x`]) expect(await verify(deliver(one), secret)).toBe(false);
      for (const laterMs of [-86_400_000, 86_400_000]) expect(await verify(deliver(one, laterMs), one.secret)).toBe(!one.expires);
    }
  });

  test('what it tells are reasons to look, each once, and what cannot be read spoils no other', async ({ skip }) => {
    skip(connector.manifest.webhooks === undefined, 'the vendor tells of nothing by itself');
    const port = must(connector.webhooks, 'a webhook port');
    const { told } = must(bench.telling, 'deliveries on its bench');
    const of = (body: string) => deliver({ url: 'https://hub.example/in', headers: {}, body, sentAt: '2026-11-22T00:00:00Z' });
    expect(port.greet(of(told.body))).toBeNull();
    expect(port.hints(of(told.body))).toMatchObject({ hints: told.hints, unread: [] });
    for (const body of ['', 'no JSON', '7', '\u0000']) {
      expect((await errorOf(Promise.resolve(of(body)).then((one) => port.hints(one)))).kind).toBe('broken_answer');
    }
  });
});
