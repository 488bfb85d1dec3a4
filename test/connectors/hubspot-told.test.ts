import { describe, expect, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { OAUTH_APP } from '../../connectors/hubspot/sandbox/oauth/oauth.ts';
import type { Delivery } from '../../src/contract/webhook.ts';
import { must } from '../../src/kernel/must.ts';
import { openServer } from '../conformance/server.ts';
import { openHubspotStage } from './hubspot-stage.ts';

const webhooks = must(hubspot.webhooks, 'a webhook port');
const ADDRESS = '/hooks/hubspot?to=https%3A%2F%2Fhub.example%2Fa&name=%E4%BD%90%E8%97%A4';

/** A portal that tells what happens to a server of ours, which keeps what it gets as it comes. */
async function openTelling(switches: Record<string, string | number | boolean>) {
  const got: Delivery[] = [];
  const stage = await openHubspotStage({ switches: { webhooksByThemselves: false, ...switches } });
  const receivedAt = () => new Date(stage.nowMs());
  const origin = await openServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = new Headers(Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]));
      const { method = '', url = '' } = request;
      got.push({ method, url: `${origin}${url}`, headers, body: new Uint8Array(Buffer.concat(chunks)), receivedAt: receivedAt() });
      response.writeHead(204).end();
    });
  });
  stage.hands.webhooks.configure(`${origin}${ADDRESS}`);
  return { ...stage, got };
}

describe('what a portal tells', () => {
  test.each(['v1', 'v2', 'v3', 'v1 v3', 'v2 v3'])('is signed as it says (%s), and with no other secret', async (webhookSignatures) => {
    const { hands, contactIds, got } = await openTelling({ webhookSignatures });
    hands.webhooks.subscribe('contact.propertyChange', { propertyName: 'city' });
    const [id = ''] = contactIds;
    hands.contacts.edit(id, { city: '東京' });
    await hands.webhooks.deliver();
    const delivery = must(got[0], 'a delivery');
    expect(await webhooks.verify(delivery, OAUTH_APP.clientSecret)).toBe(true);
    expect(await webhooks.verify(delivery, `${OAUTH_APP.clientSecret}x`)).toBe(false);
    expect(webhooks.hints(delivery)).toMatchObject({ hints: [{ object: 'contact', id, reason: 'changed' }], unread: [] });
  });

  test('leads to every record that it is about, whatever happened to it, in whatever order and however often it is told', async () => {
    const { hands, contactIds, companyIds, got } = await openTelling({ webhookDuplicates: 1, webhooksShuffled: true });
    for (const kind of ['creation', 'deletion', 'restore', 'merge', 'associationChange']) hands.webhooks.subscribe(`contact.${kind}`);
    hands.webhooks.subscribe('contact.privacyDeletion');
    const [lost = '', tied = '', stays = '', from = ''] = contactIds;
    const made = hands.contacts.add({ email: 'new@example.net' });
    hands.contacts.remove(lost);
    hands.contacts.restore(lost);
    hands.tie(tied, must(companyIds[0], 'a company'));
    const left = hands.contacts.merge(stays, from);
    await hands.webhooks.deliver();
    const hints = got.flatMap((delivery) => webhooks.hints(delivery).hints);
    const idsOf = (reason: string) =>
      new Set(hints.filter((hint) => hint.object === 'contact' && hint.reason === reason).map(({ id }) => id));
    expect(idsOf('changed')).toContain(made);
    expect([idsOf('removed'), idsOf('restored')]).toEqual([new Set([lost]), new Set([lost])]);
    expect(idsOf('tied')).toContain(tied);
    for (const id of [stays, from, left]) expect(idsOf('merged')).toContain(id);
    for (const delivery of got) expect(webhooks.hints(delivery).unread).toEqual([]);
  });
});
