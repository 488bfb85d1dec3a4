import { afterEach, expect, test } from 'vitest';
import { ADA, type OpenPortal, openPortal, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
const contacts = '/crm/v3/objects/contacts';
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
afterEach(() => portal.stage.close());

const redirectUri = 'http://127.0.0.1:9/back';
async function oauthToken(): Promise<string> {
  const { access } = portal.hands;
  const scope = 'oauth crm.objects.contacts.read';
  const code = access.allow({ scope, redirectUri });
  const { id, secret } = access.client;
  return (await sdkOf(portal).oauth.tokensApi.create('authorization_code', code, redirectUri, id, secret)).accessToken;
}
const read = async (token?: string) => (await portal.call('GET', contacts, token === undefined ? {} : { token })).status;
const searched = async (token?: string) =>
  (await portal.call('POST', `${contacts}/search`, { body: {}, ...(token === undefined ? {} : { token }) })).status;

test('each private app has a burst of its own, and all of them share the day', async () => {
  const { hands, wind } = await open({ burstPer10s: 2, dailyLimit: 5 });
  const other = hands.access.issueToken(['crm.objects.contacts.read'], 77);
  expect([await read(), await read(), await read()]).toEqual([200, 200, 429]);
  expect([await read(other), await read(other), await read(other)]).toEqual([200, 200, 429]);
  wind(10_000);
  expect([await read(), await read(other)]).toEqual([200, 429]);
  expect((await portal.call('GET', contacts)).body).toMatchObject({ policyName: 'DAILY' });
});

test('an OAuth app has 110 in ten seconds, no day, and no daily headers', async () => {
  const { call } = await open({ dailyLimit: 1, oauthBurstPer10s: 3 });
  const token = await oauthToken();
  const first = await call('GET', contacts, { token });
  expect(first.headers.get('x-hubspot-ratelimit-max')).toBe('3');
  expect([first.headers.get('x-hubspot-ratelimit-daily'), first.headers.get('x-hubspot-ratelimit-daily-remaining')]).toEqual([null, null]);
  expect([await read(token), await read(token), await read(token)]).toEqual([200, 200, 429]);
  expect([await read(), await read()]).toEqual([200, 429]);
});

test('five searches in a second are for all apps together', async () => {
  const { hands, wind } = await open();
  const token = await oauthToken();
  const other = hands.access.issueToken(['crm.objects.contacts.read'], 77);
  expect([
    await searched(),
    await searched(token),
    await searched(other),
    await searched(),
    await searched(token),
    await searched(other),
  ]).toEqual([200, 200, 200, 200, 200, 429]);
  wind(1000);
  expect(await searched(token)).toBe(200);
});

test('what other consumers take is missing in the headers of the next answer', async () => {
  const { hands, call } = await open({ burstPer10s: 100, dailyLimit: 1000 });
  hands.access.useElsewhere('general', 60);
  const { headers } = await call('GET', contacts);
  const left = ['remaining', 'daily-remaining'].map((name) => headers.get(`x-hubspot-ratelimit-${name}`));
  expect(left).toEqual(['39', '939']);
  hands.access.useElsewhere('search', 5);
  expect(await searched()).toBe(429);
  hands.access.useElsewhere('general', 900);
  const spent = await call('GET', contacts);
  expect([spent.status, spent.headers.get('x-hubspot-ratelimit-remaining')]).toEqual([429, '0']);
});

test('ties have a day of their own', async () => {
  await open({ associationsPerDay: 1, dailyLimit: 1 });
  const ties = async () => (await portal.call('GET', `/crm/v4/objects/contacts/${ADA}/associations/companies`)).status;
  expect([await ties(), await ties(), await read(), await read()]).toEqual([200, 429, 200, 429]);
});

test('custom events draw from no bucket at all', async () => {
  const { call } = await open({ burstPer10s: 1, dailyLimit: 1 });
  const body = { eventName: 'pe24711001_visit', objectId: ADA };
  expect(await read()).toBe(200);
  for (let n = 0; n < 3; n += 1) expect((await call('POST', '/events/v3/send', { body })).status).toBe(204);
});

test('the official client sees the headers of an answer and the body of a refusal', async () => {
  await open({ burstPer10s: 1 });
  const sdk = sdkOf(portal);
  const { headers } = await sdk.crm.contacts.basicApi.getPageWithHttpInfo();
  expect(headers['x-hubspot-ratelimit-remaining']).toBe('0');
  await expect(sdk.crm.contacts.basicApi.getPage()).rejects.toMatchObject({
    code: 429,
    body: { policyName: 'TEN_SECONDLY_ROLLING', errorType: 'RATE_LIMIT', correlationId: expect.any(String), groupName: expect.any(String) },
  });
});

test('a 429 says how long to wait only where the portal is told to', async () => {
  const { call } = await open({ burstPer10s: 1, retryAfter: true });
  await call('GET', contacts);
  expect((await call('GET', contacts)).headers.get('retry-after')).toBe('10');
});

test('search answers carry rate headers where the portal is told to', async () => {
  const { call } = await open({ searchRateHeaders: true });
  expect((await call('POST', `${contacts}/search`, { body: {} })).headers.get('x-hubspot-ratelimit-max')).toBe('5');
});

test('the day ends in the zone of the account, also where it is behind ours', async () => {
  const { call } = await open({ timeZone: 'America/New_York' });
  expect((await call('GET', '/account-info/v3/details')).body).toMatchObject({
    timeZone: 'America/New_York',
    utcOffset: '-05:00',
    utcOffsetMilliseconds: -18_000_000,
    portalId: 24_711_001,
    companyCurrency: 'EUR',
  });
  expect((await call('GET', '/account-info/v3/api-usage/daily/private-apps')).body).toMatchObject({
    results: [{ currentUsage: 2, resetsAt: '2026-11-23T05:00:00.000Z' }],
  });
});
