import { afterEach, expect, test } from 'vitest';
import { DEFAULTS } from '../../connectors/hubspot/sandbox/portal/switches.ts';
import { ACME, ADA, BEN, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

let portal: OpenPortal;
const contacts = '/crm/v3/objects/contacts';
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
afterEach(() => portal.stage.close());
const patch = (id: string, properties: object, path = contacts) => portal.call('PATCH', `${path}/${id}`, { body: { properties } });
const create = (object: string, properties: object, version = 'v3') =>
  portal.call('POST', version === 'v3' ? `/crm/v3/objects/${object}` : `/crm/objects/${version}/${object}`, { body: { properties } });

test('every switch can be given what it is by itself', async () => {
  const { stage } = await open(DEFAULTS);
  expect(stage.sandbox.people()).toBe(4);
});

test.each([
  [{ uniqueClash: 500 }, 'uniqueClash takes 400 or 409'],
  [{ webhookKindName: 'kind' }, 'webhookKindName takes'],
  [{ dailyLimit: -1 }, 'dailyLimit takes a number from 0 up'],
  [{ requiredOnCreate: 'contacts' }, 'requiredOnCreate cannot be contacts'],
  [{ indexLagMs: 'long' }, 'indexLagMs'],
])('%j is refused', async (switches, message) => {
  await open();
  await expect(openPortal(switches)).rejects.toThrow(message);
});

test('a unique value that belongs to another may meet 409 instead of 400', async () => {
  const { hands } = await open({ uniqueClash: 409 });
  hands.contacts.edit(ADA, { syncline_id: 'k1' });
  expect(await patch(BEN, { syncline_id: 'k1' })).toMatchObject({ status: 409, body: { errors: [{ code: 'CONFLICTING_UNIQUE_VALUE' }] } });
});

test('a value outside the options, and a record that is not there, may be told in other words', async () => {
  const { call } = await open({ optionCode: 'NOT_AN_OPTION', notFoundMessage: 'Object not found' });
  expect((await patch(ADA, { nps_category: 'x' })).body).toMatchObject({ errors: [{ code: 'NOT_AN_OPTION' }] });
  expect((await call('GET', `${contacts}/999`)).body).toMatchObject({ message: 'Object not found', category: 'OBJECT_NOT_FOUND' });
});

test('a new contact may get a stage, and a new deal may bring its people on', async () => {
  const { call, hands } = await open({ newContactStage: 'lead', dealAdvancesStage: true });
  expect((await create('contacts', { lastname: 'Day' })).body).toMatchObject({ properties: { lifecyclestage: 'lead' } });
  expect((await create('contacts', { lastname: 'Day', lifecyclestage: 'customer' })).body).toMatchObject({
    properties: { lifecyclestage: 'customer' },
  });
  hands.contacts.edit(BEN, { lifecyclestage: 'customer' });
  const to = (id: string, associationTypeId: number) => ({
    to: { id },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
  });
  const associations = [to(ADA, 3), to(BEN, 3), to(ACME, 341)];
  await call('POST', '/crm/v3/objects/deals', { body: { properties: { dealname: 'A', dealstage: 'closedwon' }, associations } });
  const stages = [hands.contacts.get(ADA), hands.contacts.get(BEN), hands.companies.get(ACME)].map((one) => one?.properties.lifecyclestage);
  expect(stages).toEqual(['opportunity', 'customer', 'opportunity']);
});

test('a new deal brings nobody on by itself', async () => {
  const { call, hands } = await open();
  const associations = [{ to: { id: ADA }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] }];
  await call('POST', '/crm/v3/objects/deals', { body: { properties: { dealname: 'A', dealstage: 'closedwon' }, associations } });
  expect(hands.contacts.get(ADA)?.properties.lifecyclestage).toBe('lead');
});

test('notes and tasks may pass over what they do not know or cannot write, and contacts never do', async () => {
  const odd = { hs_timestamp: START, no_such: 'x', hs_object_id: '7' };
  await open({ activitiesIgnoreUnknown: true });
  const made = await create('notes', odd);
  expect(made.status).toBe(201);
  expect(Object(made.body).properties).not.toHaveProperty('no_such');
  expect(Object(made.body).id).not.toBe('7');
  const inputs = [{ id: Object(made.body).id, properties: { no_such: 'y' } }];
  expect((await portal.call('POST', '/crm/v3/objects/notes/batch/update', { body: { inputs } })).status).toBe(200);
  expect((await create('contacts', { lastname: 'Day', no_such: 'x' })).status).toBe(400);
  await portal.stage.close();
  await open();
  expect((await create('notes', odd)).status).toBe(400);
});

test('calls may do without a time, where notes never do', async () => {
  await open({ activitiesNeedTimestamp: false });
  expect([(await create('calls', {})).status, (await create('notes', {})).status]).toEqual([201, 400]);
});

test('with a second pipeline a new deal has to name its own', async () => {
  const { call } = await open({ secondDealPipeline: true });
  expect((await create('deals', { dealname: 'A', dealstage: 'renewalopen' })).status).toBe(400);
  expect((await create('deals', { dealname: 'A', dealstage: 'renewalopen', pipeline: 'renewals' })).status).toBe(201);
  expect(Object((await call('GET', '/crm/v3/pipelines/deals')).body).results).toHaveLength(2);
});

test('what the create form requires is enforced by the newest version only', async () => {
  await open({ requiredOnCreate: 'contacts:phone deals:amount' });
  const day = { lastname: 'Day' };
  expect((await create('contacts', day, '2026-09')).body).toMatchObject({
    category: 'VALIDATION_ERROR',
    context: { properties: ['phone'] },
  });
  expect((await create('contacts', { ...day, phone: '1' }, '2026-09')).status).toBe(201);
  expect([(await create('contacts', day, '2026-03')).status, (await create('contacts', day)).status]).toEqual([201, 201]);
  expect((await patch(ADA, { phone: '' }, '/crm/objects/2026-09/contacts')).status).toBe(200);
});

test('batches may answer their rows in any order, each with its own trace', async () => {
  const { call } = await open({ shuffledResults: true });
  const inputs = Array.from({ length: 30 }, (_, n) => ({ objectWriteTraceId: `t${n}`, properties: { lastname: `n${n}` } }));
  const { body } = await call('POST', `${contacts}/batch/create`, { body: { inputs } });
  const results: { objectWriteTraceId: string; properties: { lastname: string } }[] = Object(body).results;
  expect(results.map((one) => one.objectWriteTraceId)).not.toEqual(inputs.map((one) => one.objectWriteTraceId));
  expect(results.every((one) => one.objectWriteTraceId === one.properties.lastname.replace('n', 't'))).toBe(true);
  expect(new Set(results.map((one) => one.objectWriteTraceId)).size).toBe(30);
});

test('a history forgets its oldest versions, at a depth of its own for contacts', async () => {
  const { call, hands } = await open({ historyDepthContacts: 3, historyDepthOthers: 2 });
  for (let n = 0; n < 5; n += 1) {
    hands.contacts.edit(ADA, { city: `c${n}` });
    hands.companies.edit(ACME, { city: `c${n}` });
  }
  const depth = async (path: string) =>
    Object((await call('GET', `${path}?propertiesWithHistory=city`)).body).propertiesWithHistory.city.length;
  expect([await depth(`${contacts}/${ADA}`), await depth(`/crm/v3/objects/companies/${ACME}`)]).toEqual([3, 2]);
});

test('a merge takes the earlier create date and the further stage of the two, unless it is told to keep to the primary', async () => {
  for (const mergeTakesBest of [true, false]) {
    const { hands, stage } = await open({ mergeTakesBest });
    hands.contacts.edit(ADA, { lifecyclestage: 'customer' });
    const [ada, ben] = [hands.contacts.get(ADA), hands.contacts.get(BEN)];
    const merged = hands.contacts.get(hands.contacts.merge(BEN, ADA));
    const best = [ada?.properties.createdate, 'customer'];
    const own = [ben?.properties.createdate, 'lead'];
    expect([merged?.properties.createdate, merged?.properties.lifecyclestage]).toEqual(mergeTakesBest ? best : own);
    if (mergeTakesBest) await stage.close();
  }
});

test('further addresses can be searched for only where the portal is told to', async () => {
  for (const additionalEmailsSearchable of [false, true]) {
    const { call, hands, stage, wind } = await open({ additionalEmailsSearchable });
    hands.contacts.merge(ADA, BEN);
    wind(3000);
    const filters = [{ propertyName: 'hs_additional_emails', operator: 'EQ', value: 'ben@acme.example' }];
    expect((await call('POST', `${contacts}/search`, { body: { filterGroups: [{ filters }] } })).body).toMatchObject({
      total: additionalEmailsSearchable ? 1 : 0,
    });
    if (!additionalEmailsSearchable) await stage.close();
  }
});

test('how long an address may be is a switch', async () => {
  const { call } = await open({ urlMax: 8000 });
  expect((await call('GET', `${contacts}?properties=${'x'.repeat(7900)}`)).status).toBe(200);
  expect((await call('GET', `${contacts}?properties=${'x'.repeat(8000)}`)).status).toBe(414);
});

test('a 409 may keep to itself who has the address', async () => {
  const { call } = await open({ conflictTellsId: false });
  expect((await create('contacts', { email: 'ada@acme.example' })).body).toMatchObject({ message: 'Contact already exists.' });
  const inputs = [{ objectWriteTraceId: 'a', properties: { email: 'ada@acme.example' } }];
  const { body } = await call('POST', `${contacts}/batch/create`, { body: { inputs } });
  expect(Object(body).errors[0].context).toEqual({ objectWriteTraceId: ['a'] });
});

test('records without ties may be absent instead of errors', async () => {
  const { call, hands } = await open({ emptyTiesTold: false });
  hands.untie(ADA, ACME);
  const read = await call('POST', '/crm/v4/associations/contacts/companies/batch/read', { body: { inputs: [{ id: ADA }, { id: BEN }] } });
  expect(read).toMatchObject({ status: 200, body: { results: [{ from: { id: BEN } }] } });
});

test('a search may show what is newer than it asked for', async () => {
  for (const searchShowsNow of [false, true]) {
    const { call, hands, stage } = await open({ searchShowsNow });
    hands.contacts.edit(ADA, { city: 'Leeds' });
    const filters = [{ propertyName: 'city', operator: 'EQ', value: 'london' }];
    const body = { filterGroups: [{ filters }], properties: ['city'], limit: 1 };
    expect((await call('POST', `${contacts}/search`, { body })).body).toMatchObject({
      results: [{ id: ADA, properties: { city: searchShowsNow ? 'Leeds' : 'London' } }],
    });
    if (!searchShowsNow) await stage.close();
  }
});
