import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADA, type OpenPortal, openPortal, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.stage.close());

const read = () => sdkOf(portal).crm.contacts.basicApi.getById(ADA, ['city']);
const city = () => portal.hands.contacts.get(ADA)?.properties.city;
const move = (to: string) => sdkOf(portal).crm.contacts.basicApi.update(ADA, { properties: { city: to } });

test.each([
  ['locked', 423, { category: 'LOCKED' }],
  ['unavailable', 503, { status: 'error' }],
  ['broken', 500, { status: 'error' }],
])('%s answers %i as the client sees it, as often as it is told', async (kind, code, body) => {
  portal.hands.troubles.start({ kind, times: 2 });
  for (let n = 0; n < 2; n += 1) await expect(read()).rejects.toMatchObject({ code, body });
  expect((await read()).id).toBe(ADA);
});

test.each([504, 521, 523, 524])('a server in trouble may answer %i', async (status) => {
  portal.hands.troubles.start({ kind: 'unavailable', status, times: 1 });
  await expect(read()).rejects.toMatchObject({ code: status });
});

test('an account that migrates says how long, in seconds, until it is over', async () => {
  const { id } = portal.hands.troubles.start({ kind: 'migrating', ms: 3_600_000 });
  const { status, headers } = await portal.call('GET', '/crm/v3/objects/contacts');
  expect([status, headers.get('retry-after')]).toEqual([477, '3600']);
  await expect(read()).rejects.toMatchObject({ code: 477 });
  portal.hands.troubles.end(id);
  expect((await read()).id).toBe(ADA);
});

test('a bad gateway answers with HTML, which the client hands on as text', async () => {
  portal.hands.troubles.start({ kind: 'bad_gateway', times: 1 });
  await expect(read()).rejects.toMatchObject({ code: 502, body: expect.stringContaining('<html>') });
});

test('a socket that is cut before the work leaves nothing done, and after it everything', async () => {
  portal.hands.troubles.start({ kind: 'reset', on: 'PATCH *', times: 1 });
  await expect(move('Leeds')).rejects.toThrow('fetch failed');
  expect(city()).toBe('London');
  portal.hands.troubles.start({ kind: 'lost', on: 'PATCH *', times: 1 });
  await expect(move('York')).rejects.toThrow('fetch failed');
  expect(city()).toBe('York');
});

test('a slow answer comes later than its caller waits, and the work is done', async () => {
  portal.hands.troubles.start({ kind: 'slow', ms: 200, on: 'GET /crm/v3/objects/contacts/*', times: 1 });
  const asked = fetch(`${portal.stage.origin}/crm/v3/objects/contacts/${ADA}`, { signal: AbortSignal.timeout(20) });
  await expect(asked).rejects.toThrow('timeout');
  const patient = { kind: 'slow', ms: 30, on: 'GET *', times: 1 };
  portal.hands.troubles.start(patient);
  expect((await read()).id).toBe(ADA);
});

test('a batch may be done and show nothing of it', async () => {
  portal.hands.troubles.start({ kind: 'silent', on: 'POST *batch/update', times: 1 });
  const { batchApi } = sdkOf(portal).crm.contacts;
  const answer = await batchApi.update({ inputs: [{ id: ADA, properties: { city: 'York' } }] });
  expect([answer.results, 'errors' in answer]).toEqual([[], false]);
  expect(city()).toBe('York');
});

test('what strikes only some requests leaves the others alone, and what does not exist cannot be started', async () => {
  portal.hands.troubles.start({ kind: 'broken', on: 'GET /crm/v3/objects/companies' });
  expect((await read()).id).toBe(ADA);
  expect((await portal.call('GET', '/crm/v3/objects/companies')).status).toBe(500);
  expect(() => portal.hands.troubles.start({ kind: 'gremlins' })).toThrow('There is no trouble gremlins');
});
