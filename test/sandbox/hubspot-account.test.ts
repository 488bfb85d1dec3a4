import { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import { afterEach, expect, test } from 'vitest';
import { ADA, BEN, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

let portal: OpenPortal;
const contacts = '/crm/v3/objects/contacts';
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
const statuses = async (times: number, path: string, method = 'GET', body?: unknown) => {
  const seen: number[] = [];
  for (let at = 0; at < times; at += 1) seen.push((await portal.call(method, path, body === undefined ? {} : { body })).status);
  return seen;
};
afterEach(() => portal.stage.close());

test('without the token nothing is answered, and nothing is counted', async () => {
  const { call } = await open({ dailyLimit: 1 });
  expect(await call('GET', contacts, { token: 'pat-eu1-other' })).toMatchObject({
    status: 401,
    body: { status: 'error', category: 'INVALID_AUTHENTICATION' },
  });
  expect((await call('GET', contacts)).status).toBe(200);
});

test('a missing scope is named', async () => {
  const { call } = await open({ scopes: '-crm.objects.owners.read, crm.schemas.contacts.write' });
  expect(await call('GET', '/crm/v3/owners/')).toMatchObject({
    status: 403,
    body: {
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.owners.read'] } }],
      links: { scopes: expect.any(String) },
    },
  });
  expect((await call('POST', '/crm/v3/properties/contacts', { body: {} })).status).toBe(403);
  expect((await call('GET', '/crm/v3/properties/contacts')).status).toBe(200);
});

test('the burst limit rolls over ten seconds and says what is left', async () => {
  const { call, wind } = await open({ burstPer10s: 2 });
  const first = await call('GET', contacts);
  expect([first.headers.get('x-hubspot-ratelimit-max'), first.headers.get('x-hubspot-ratelimit-remaining')]).toEqual(['2', '1']);
  wind(6000);
  expect(await statuses(2, contacts)).toEqual([200, 429]);
  wind(4000);
  expect(await statuses(2, contacts)).toEqual([200, 429]);
  const { body, headers } = await call('GET', contacts);
  expect(body).toMatchObject({
    status: 'error',
    message: 'You have reached your ten_secondly_rolling limit.',
    errorType: 'RATE_LIMIT',
    policyName: 'TEN_SECONDLY_ROLLING',
  });
  expect([headers.get('x-hubspot-ratelimit-interval-milliseconds'), headers.get('retry-after')]).toEqual(['10000', null]);
});

test('search has a limit of its own, five in a second, and answers without rate headers', async () => {
  const { call, wind } = await open({ burstPer10s: 1 });
  expect(await statuses(6, `${contacts}/search`, 'POST', {})).toEqual([200, 200, 200, 200, 200, 429]);
  wind(1000);
  const answer = await call('POST', `${contacts}/search`, { body: {} });
  expect([answer.status, answer.headers.get('x-hubspot-ratelimit-max')]).toEqual([200, null]);
  await statuses(4, `${contacts}/search`, 'POST', {});
  expect((await call('POST', `${contacts}/search`, { body: {} })).body).toMatchObject({
    message: 'You have reached your secondly limit.',
    policyName: 'SECONDLY',
  });
});

test('ties have a limit of their own', async () => {
  await open({ burstPer10s: 1, associationsPer10s: 2 });
  expect(await statuses(3, `/crm/v4/objects/contacts/${ADA}/associations/companies`)).toEqual([200, 200, 429]);
});

test('the day ends at midnight of the account, not of the caller', async () => {
  const { call, wind } = await open({ dailyLimit: 1 });
  expect(await statuses(2, contacts)).toEqual([200, 429]);
  expect((await call('GET', contacts)).body).toMatchObject({
    message: 'You have reached your daily limit.',
    policyName: 'DAILY',
    requestId: expect.any(String),
  });
  wind(Date.parse('2026-11-22T22:59:59.999Z') - Date.parse(START));
  expect((await call('GET', contacts)).status).toBe(429);
  wind(1);
  expect((await call('GET', '/account-info/2026-09/api-usage/daily/private-apps')).body).toMatchObject({
    results: [{ usageLimit: 1, currentUsage: 1, resetsAt: '2026-11-23T23:00:00.000Z' }],
  });
});

test('too many writes at once lock their type for two seconds', async () => {
  const { wind } = await open({ lockWritesPerSecond: 2 });
  const write = () => statuses(1, `${contacts}/${ADA}`, 'PATCH', { properties: { city: 'York' } });
  expect([await write(), await write(), await write()]).toEqual([[200], [200], [423]]);
  wind(1999);
  expect(await write()).toEqual([423]);
  wind(1);
  expect(await write()).toEqual([200]);
});

test('the Date header is the time of the portal', async () => {
  const { call } = await open();
  expect((await call('GET', contacts)).headers.get('date')).toBe('Sun, 22 Nov 2026 09:00:00 GMT');
  expect((await call('GET', contacts, { token: 'x' })).headers.get('date')).toBe('Sun, 22 Nov 2026 09:00:00 GMT');
});

test('a property is made once, in its right type, and can be written then', async () => {
  const { call, hands } = await open();
  const field = {
    name: 'tier',
    label: 'Tier',
    groupName: 'syncline',
    type: 'enumeration',
    fieldType: 'select',
    options: [{ label: 'Gold', value: 'gold' }],
  };
  const made = await call('POST', '/crm/v3/properties/contacts/batch/create', { body: { inputs: [field, { ...field, name: 'Tier 2' }] } });
  expect(made).toMatchObject({
    status: 207,
    body: { results: [{ name: 'tier', hubspotDefined: false }], errors: [{ context: { name: ['Tier 2'] } }] },
  });
  expect((await call('POST', '/crm/v3/properties/contacts', { body: field })).status).toBe(409);
  expect((await call('POST', '/crm/v3/properties/contacts', { body: { ...field, name: 'other', type: 'number' } })).status).toBe(400);
  expect(hands.contacts.edit(ADA, { tier: 'gold' }).properties.tier).toBe('gold');
  expect((await call('POST', '/crm/v3/properties/contacts/groups', { body: { name: 'mine', label: 'Mine' } })).status).toBe(201);
  expect((await call('DELETE', '/crm/v3/properties/contacts/groups/mine')).status).toBe(204);
});

test('the schema has the fields of the house, and many that nobody can write', async () => {
  const { call } = await open();
  const { body } = await call('GET', '/crm/properties/2026-09/contacts');
  const properties: {
    name: string;
    type: string;
    fieldType: string;
    hasUniqueValue: boolean;
    modificationMetadata: { readOnlyValue: boolean };
  }[] = Object(body).results;
  const shown = (name: string) => {
    const one = properties.find((property) => property.name === name);
    return [one?.type, one?.fieldType, one?.hasUniqueValue, one?.modificationMetadata.readOnlyValue];
  };
  expect(shown('email')).toEqual(['string', 'text', false, false]);
  expect(shown('syncline_id')).toEqual(['string', 'text', true, false]);
  expect(shown('feedback_at')).toEqual(['datetime', 'date', false, false]);
  expect(shown('nps_category')).toEqual(['enumeration', 'select', false, false]);
  expect(shown('associatedcompanyid')).toEqual(['number', 'number', false, true]);
  expect(properties.filter(({ modificationMetadata }) => modificationMetadata.readOnlyValue).length).toBeGreaterThan(40);
});

test('the official client reads, writes, and ties, with every status that it insists on', async () => {
  const { stage, wind } = await open();
  const client = new Client({ accessToken: 'pat-eu1-sandbox', basePath: stage.origin });
  const { crm } = client;
  const page = await crm.contacts.basicApi.getPage(2, undefined, ['email'], undefined, ['companies']);
  expect(page.results.map(({ id, associations }) => [id, associations?.companies?.results[0]?.id])).toEqual([
    [ADA, '101'],
    [BEN, '101'],
  ]);
  expect((await crm.contacts.basicApi.getById('ada@acme.example', ['email'], undefined, undefined, false, 'email')).id).toBe(ADA);
  const created = await crm.contacts.batchApi.create({
    inputs: [{ properties: { email: 'eve@acme.example' }, objectWriteTraceId: 'a', associations: [] }],
  });
  const eve = created.results[0]?.id ?? '';
  const updated = await crm.contacts.batchApi.update({ inputs: [{ id: eve, properties: { city: 'Leeds' } }] });
  expect(updated.results[0]?.properties.city).toBe('Leeds');
  const read = await crm.contacts.batchApi.read({ inputs: [{ id: eve }, { id: '999' }], properties: ['city'], propertiesWithHistory: [] });
  expect([read.results.length, 'numErrors' in read && read.numErrors]).toEqual([1, 1]);
  await crm.associations.v4.batchApi.createDefault('contacts', 'companies', { inputs: [{ _from: { id: eve }, to: { id: '102' } }] });
  const tied = await crm.associations.v4.batchApi.getPage('contacts', 'companies', { inputs: [{ id: eve }] });
  expect(tied.results[0]?.to.map(({ toObjectId }) => String(toObjectId))).toEqual(['102']);
  await crm.associations.v4.batchApi.archive('contacts', 'companies', { inputs: [{ _from: { id: eve }, to: [{ id: '102' }] }] });
  wind(3000);
  const filters = [{ propertyName: 'city', operator: FilterOperatorEnum.Eq, value: 'leeds' }];
  const found = await crm.contacts.searchApi.doSearch({
    filterGroups: [{ filters }],
    sorts: ['-hs_object_id'],
    properties: ['city'],
    limit: 200,
    after: '0',
  });
  expect(found.results.map(({ id }) => id)).toEqual([eve]);
  const merged = await crm.contacts.basicApi.merge({ primaryObjectId: ADA, objectIdToMerge: eve });
  await crm.contacts.batchApi.archive({ inputs: [{ id: merged.id }] });
  await crm.contacts.basicApi.purge({ objectId: BEN });
  expect((await crm.owners.ownersApi.getPage(undefined, undefined, 100)).results.map(({ email }) => email)).toEqual([
    'olga@acme.example',
    'omar@acme.example',
  ]);
  expect((await crm.properties.coreApi.getAll('companies')).results.some(({ name }) => name === 'industry')).toBe(true);
  expect((await crm.pipelines.pipelinesApi.getAll('contacts')).results[0]?.stages.length).toBeGreaterThan(5);
});

test('the official client sees a conflict as it is', async () => {
  const { stage } = await open();
  const client = new Client({ accessToken: 'pat-eu1-sandbox', basePath: stage.origin });
  const creating = client.crm.contacts.basicApi.create({ properties: { email: 'ada@acme.example' }, associations: [] });
  await expect(creating).rejects.toMatchObject({ code: 409, body: { message: `Contact already exists. Existing ID: ${ADA}` } });
});
