import { afterEach, expect, test } from 'vitest';
import { randomFrom } from '../../src/sandbox/random.ts';
import { ADA, ADA_AGAIN, BEN, CHO, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

let portal: OpenPortal;
const contacts = '/crm/v3/objects/contacts';
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
afterEach(() => portal.stage.close());

test('an unknown switch, scope, or value of a switch is refused', async () => {
  await open();
  await expect(openPortal({ indexLag: 1 })).rejects.toThrow('no switch "indexLag"');
  await expect(openPortal({ scopes: 'crm.objects.everything' })).rejects.toThrow('unknown scope');
  await expect(openPortal({ lifecycleBackwards: 'sometimes' })).rejects.toThrow('ignore or refuse');
});

test('the people of the town are there with their own ids, an address once, and two years of dates', async () => {
  const { hands, stage } = await open();
  expect(stage.sandbox.people()).toBe(4);
  expect(hands.contacts.all().map(({ id, properties }) => [id, properties.email])).toEqual([
    [ADA, 'ada@acme.example'],
    [BEN, 'ben@acme.example'],
    [CHO, undefined],
    [ADA_AGAIN, undefined],
  ]);
  const created = hands.contacts.all().map(({ properties }) => properties.createdate ?? '');
  expect(created).toEqual([...created].sort());
  expect(created.every((at) => at > '2024-11-22' && at < START)).toBe(true);
  expect(hands.companies.all().map(({ properties }) => properties.industry)).toEqual(['RETAIL', 'RETAIL']);
});

test('a list goes by id, page after page, with repeated or joined names, and shows nothing unasked', async () => {
  const { call } = await open();
  const first = await call(
    'GET',
    `${contacts}?limit=3&properties=email,phone&properties=nps_score&properties=no_such&associations=companies`,
  );
  expect(first.body).toMatchObject({
    results: [
      {
        id: ADA,
        properties: { email: 'ada@acme.example', phone: '+44 20 7946 0001', nps_score: null },
        associations: { companies: { results: [{ id: '101', type: 'contact_to_company' }] } },
      },
      { id: BEN },
      { id: CHO },
    ],
    paging: { next: { after: ADA_AGAIN } },
  });
  expect(Object(first.body).results[0].properties).not.toHaveProperty('no_such');
  expect(Object(first.body).results[0].properties).not.toHaveProperty('lastname');
  const last = await call('GET', `${contacts}/?limit=3&after=${ADA_AGAIN}`);
  expect(last.body).toMatchObject({ results: [{ id: ADA_AGAIN, properties: { firstname: 'Ada', email: null } }] });
  expect(last.body).not.toHaveProperty('paging');
  expect((await call('GET', `${contacts}?limit=101`)).status).toBe(400);
  expect((await call('GET', `${contacts}?limit=51&propertiesWithHistory=email`)).status).toBe(400);
});

test('the dated paths show the same records', async () => {
  const { call } = await open();
  const old = await call('GET', `${contacts}/${ADA}?properties=email`);
  for (const version of ['2026-03', '2026-09']) {
    expect((await call('GET', `/crm/objects/${version}/0-1/${ADA}?properties=email`)).body).toEqual(old.body);
  }
  expect((await call('GET', `/crm/objects/2026-09/contacts/ada%40acme.example?idProperty=email&properties=email`)).body).toEqual(old.body);
});

test('an unknown type, record, and path are refused in their own words', async () => {
  const { call } = await open();
  expect((await call('GET', '/crm/v3/objects/blobs')).body).toMatchObject({ message: 'Unable to infer object type from: blobs' });
  expect(await call('GET', `${contacts}/999`)).toMatchObject({
    status: 404,
    body: { category: 'OBJECT_NOT_FOUND', message: 'resource not found' },
  });
  expect((await call('GET', '/nowhere')).status).toBe(404);
  expect((await call('GET', `${contacts}?properties=${'x'.repeat(16_300)}`)).status).toBe(414);
});

test('values are kept as text: addresses in lower case, numbers and times as they are read', async () => {
  const { call } = await open();
  const properties = { email: ' Dan@ACME.example', nps_score: 9, feedback_at: Date.parse(START), hs_buying_role: 'CHAMPION', phone: null };
  const made = await call('POST', contacts, { body: { properties } });
  expect(made).toMatchObject({
    status: 201,
    body: { id: '505', createdAt: START, updatedAt: START, properties: { hs_object_id: '505', hs_all_contact_vids: '505' } },
  });
  await call('PATCH', `${contacts}/505`, { body: { properties: { hs_buying_role: ';END_USER', email: 'dan@acme.example' } } });
  const read = await call('GET', `${contacts}/505?properties=email,nps_score,feedback_at,hs_buying_role,lastmodifieddate`);
  expect(read.body).toMatchObject({
    properties: { email: 'dan@acme.example', nps_score: '9', feedback_at: START, hs_buying_role: 'CHAMPION;END_USER' },
    updatedAt: '2026-11-22T09:00:00.001Z',
  });
  expect(read.body).toHaveProperty('properties.lastmodifieddate', '2026-11-22T09:00:00.001Z');
});

test('choices replace the ones before, and with a semicolon in front are added to them', async () => {
  const { hands } = await open();
  const written = ['CHAMPION;BLOCKER', 'END_USER', ';CHAMPION;END_USER'].map((hs_buying_role) =>
    hands.contacts.edit(ADA, { hs_buying_role }),
  );
  expect(written.map(({ properties }) => properties.hs_buying_role)).toEqual(['CHAMPION;BLOCKER', 'END_USER', 'END_USER;CHAMPION']);
});

test('what the create answers for a written time is epoch milliseconds, and later reads show ISO', async () => {
  const { call } = await open();
  const made = await call('POST', contacts, { body: { properties: { lastname: 'Day', feedback_at: START } } });
  expect(made.body).toHaveProperty('properties.feedback_at', String(Date.parse(START)));
});

test('an empty text clears, null says nothing, and what is already so moves no date', async () => {
  const { call, hands } = await open();
  const before = hands.contacts.get(ADA);
  await call('PATCH', `${contacts}/${ADA}`, { body: { properties: { phone: null, jobtitle: 'Engineer' } } });
  expect(hands.contacts.get(ADA)).toEqual(before);
  const cleared = await call('PATCH', `${contacts}/${ADA}`, { body: { properties: { phone: '' } } });
  expect(cleared.body).toMatchObject({ properties: { phone: null }, updatedAt: START });
});

test.each([
  ['an unknown property', { no_such: 'x' }, 'PROPERTY_DOESNT_EXIST', 'no_such'],
  ['a read-only property', { associatedcompanyid: '1' }, 'READ_ONLY_VALUE', 'associatedcompanyid'],
  ['a value outside the options', { nps_category: 'Promoter' }, 'INVALID_OPTION', 'nps_category'],
  ['a number with separators', { nps_mean: '1,000.5' }, 'INVALID_DOUBLE', 'nps_mean'],
  ['a time without a zone', { feedback_at: '2026-01-01T10:00:00' }, 'INVALID_DATE', 'feedback_at'],
  ['an address that is none', { email: 'ada at acme' }, 'INVALID_EMAIL', 'email'],
  ['a text that is too long', { feedback_comment: 'x'.repeat(65_537) }, 'VALUE_TOO_LONG', 'feedback_comment'],
  ['an owner whom nobody knows', { hubspot_owner_id: '1' }, 'INVALID_OWNER_ID', 'hubspot_owner_id'],
])('%s is refused with its detail inside the message', async (_what, properties, code, name) => {
  const { call } = await open();
  const { status, body } = await call('PATCH', `${contacts}/${ADA}`, { body: { properties } });
  expect(status).toBe(400);
  expect(body).toMatchObject({ category: 'VALIDATION_ERROR', errors: [{ code, context: { propertyName: [name] } }] });
  const detail = /^Property values were not valid: (.*)$/s.exec(String(Object(body).message))?.[1] ?? '';
  expect(JSON.parse(detail)).toMatchObject([{ isValid: false, error: code, name, portalId: 24711001 }]);
});

test('a create without any name or address is refused', async () => {
  const { call } = await open();
  expect((await call('POST', contacts, { body: { properties: { phone: '1' } } })).status).toBe(400);
  expect((await call('POST', '/crm/v3/objects/companies', { body: { properties: { city: 'Leeds' } } })).status).toBe(400);
});

test('an address belongs to one contact, in any letter case, also when it is a further address', async () => {
  const { call, hands } = await open();
  const taken = await call('POST', contacts, { body: { properties: { email: 'ADA@acme.example' } } });
  expect(taken.body).not.toHaveProperty('context');
  expect(taken).toMatchObject({ status: 409, body: { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${ADA}` } });
  const merged = hands.contacts.merge(ADA, BEN);
  const further = await call('POST', contacts, { body: { properties: { email: 'ben@acme.example' } } });
  expect(further.body).toMatchObject({ message: `Contact already exists. Existing ID: ${merged}` });
});

test('a lifecycle stage goes forward only, and back by way of empty', async () => {
  const { call } = await open();
  const stage = async (lifecyclestage: string) =>
    (await call('PATCH', `${contacts}/${ADA}`, { body: { properties: { lifecyclestage } } })).body;
  expect(await stage('customer')).toMatchObject({ properties: { lifecyclestage: 'customer', hs_lifecyclestage_customer_date: START } });
  expect(await stage('lead')).toMatchObject({ properties: { lifecyclestage: 'customer' } });
  expect(await stage('')).toMatchObject({ properties: { lifecyclestage: null } });
  expect(await stage('lead')).toMatchObject({ properties: { lifecyclestage: 'lead' } });
});

test('a portal that refuses steps back says so', async () => {
  const { call } = await open({ lifecycleBackwards: 'refuse' });
  expect((await call('PATCH', `${contacts}/${ADA}`, { body: { properties: { lifecyclestage: 'subscriber' } } })).status).toBe(400);
});

test('history shows what was there before, newest first', async () => {
  const { call, hands } = await open();
  hands.contacts.edit(ADA, { city: 'Leeds' });
  const { body } = await call('GET', `${contacts}/${ADA}?propertiesWithHistory=city`);
  expect(body).toMatchObject({ propertiesWithHistory: { city: [{ value: 'Leeds', timestamp: START }, { value: 'London' }] } });
});

test('only the newest version enforces conditional rules', async () => {
  const { call } = await open({ conditionalRequired: 'lifecyclestage=customer:mobilephone' });
  const patch = (path: string) => call('PATCH', path, { body: { properties: { lifecyclestage: 'customer' } } });
  expect(await patch(`/crm/objects/2026-09/contacts/${ADA}`)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  expect((await patch(`/crm/objects/2026-03/contacts/${ADA}`)).status).toBe(200);
  expect((await patch(`${contacts}/${BEN}`)).status).toBe(200);
});

test('life edits one field of one contact and tells of it', async () => {
  const { hands, stage } = await open();
  const random = randomFrom(7);
  for (let times = 0; times < 30; times += 1) {
    const before = new Map(hands.contacts.all().map((one) => [one.id, one.updatedAt]));
    expect(stage.sandbox.life.stir(random)).toMatch(/^In HubSpot /);
    expect(hands.contacts.all().filter((one) => before.get(one.id) !== one.updatedAt)).toHaveLength(1);
  }
});
