import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADA, type OpenPortal, openPortal, START, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.stage.close());

async function oauthToken(): Promise<string> {
  const { access } = portal.hands;
  const redirectUri = 'http://127.0.0.1:9/back';
  const code = access.allow({ scope: 'oauth timeline', redirectUri });
  const { id, secret } = access.client;
  return (await sdkOf(portal).oauth.tokensApi.create('authorization_code', code, redirectUri, id, secret)).accessToken;
}

test('custom events are sent without an answer, five hundred at most, and can be read', async () => {
  const { basicApi, batchApi } = sdkOf(portal).events.send;
  const event = (email: string) => ({ eventName: 'pe24711001_visit', email, properties: { page: 'home' } });
  expect((await basicApi.sendWithHttpInfo(event('ada@acme.example'))).httpStatusCode).toBe(204);
  const many = (count: number) => ({ inputs: Array.from({ length: count }, () => event('ben@acme.example')) });
  expect((await batchApi.sendWithHttpInfo(many(500))).httpStatusCode).toBe(204);
  await expect(batchApi.send(many(501))).rejects.toMatchObject({ code: 400 });
  await expect(basicApi.send({ eventName: 'visit', email: 'ada@acme.example' })).rejects.toMatchObject({ code: 400 });
  const read = await portal.call('GET', `/events/event-occurrences/2026-09?objectType=contact&objectId=${ADA}`);
  expect(read.body).toMatchObject({
    results: [{ eventType: 'pe24711001_visit', objectId: ADA, occurredAt: START, properties: { page: 'home' } }],
  });
});

test('timeline events are for OAuth apps, and answer 201', async () => {
  const event = { eventTemplateId: '1', objectId: ADA, tokens: {}, id: 'e1' };
  await expect(sdkOf(portal).crm.timeline.eventsApi.create(event)).rejects.toMatchObject({ code: 403 });
  const token = await oauthToken();
  const { eventsApi } = sdkOf(portal, { token }).crm.timeline;
  const made = await eventsApi.createWithHttpInfo(event);
  expect([made.httpStatusCode, made.data.id]).toEqual([201, 'e1']);
  expect((await eventsApi.createBatchWithHttpInfo({ inputs: [event] })).httpStatusCode).toBe(201);
  expect((await eventsApi.getById('1', 'e1')).objectId).toBe(ADA);
});

test('a dated timeline event has a body of its own, and an id that exists stays as it is', async () => {
  const token = await oauthToken();
  const send = (body: object) => portal.call('POST', '/integrators/timeline/2026-09/events', { body, token });
  const event = { eventTypeName: 'signed', id: 'e1', email: 'ada@acme.example', properties: {} };
  expect(await send(event)).toMatchObject({ status: 201, body: { objectId: ADA } });
  expect((await send(event)).status).toBe(409);
  expect((await send({ eventTemplateId: '1', id: 'e2', objectId: ADA })).status).toBe(400);
});
