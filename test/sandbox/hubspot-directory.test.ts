import { PropertyCreateFieldTypeEnum, PropertyCreateTypeEnum } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, type OpenPortal, openPortal, START, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
let sdk: ReturnType<typeof sdkOf>;
beforeEach(async () => {
  portal = await openPortal();
  sdk = sdkOf(portal);
});
afterEach(() => portal.stage.close());

describe('owners', () => {
  test('are found by address, by id, and by the id of their user, page after page', async () => {
    const { ownersApi } = sdk.crm.owners;
    const first = await ownersApi.getPage(undefined, undefined, 1);
    expect(first.results.map(({ email }) => email)).toEqual(['olga@acme.example']);
    const rest = await ownersApi.getPage(undefined, first.paging?.next?.after, 1);
    expect([rest.results.map(({ email }) => email), rest.paging]).toEqual([['omar@acme.example'], undefined]);
    const omar = (await ownersApi.getPage('omar@acme.example')).results[0];
    expect((await ownersApi.getById(Number(omar?.id))).email).toBe('omar@acme.example');
    const byUser = await portal.call('GET', `/crm/owners/2026-09/${omar?.userId}?idProperty=userId`);
    expect(byUser.body).toMatchObject({ email: 'omar@acme.example', type: 'PERSON' });
    await expect(ownersApi.getPage(undefined, undefined, 101)).rejects.toMatchObject({ code: 400 });
  });

  test('who left are listed apart, without a user, and get no more records', async () => {
    const { owners } = portal.hands;
    const id = owners.add({ email: 'new@acme.example', firstName: 'New', lastName: 'Owens' });
    portal.hands.contacts.edit(ADA, { hubspot_owner_id: id });
    owners.setArchived(id, true);
    const there = async (archived: boolean) => (await sdk.crm.owners.ownersApi.getPage(undefined, undefined, 100, archived)).results;
    expect((await there(false)).map((one) => one.email)).not.toContain('new@acme.example');
    const [left] = await there(true);
    expect([left?.id, left?.userId ?? null, left?.userIdIncludingInactive]).toEqual([id, null, 3_300_003]);
    expect((await sdk.crm.contacts.basicApi.getById(ADA, ['hubspot_owner_id'])).properties.hubspot_owner_id).toBe(id);
    const giving = sdk.crm.deals.basicApi.create({
      properties: { dealname: 'A', dealstage: 'contractsent', hubspot_owner_id: id },
      associations: [],
    });
    await expect(giving).rejects.toMatchObject({ code: 400 });
    owners.setArchived(id, false);
    expect(await there(true)).toEqual([]);
  });
});

test('pipelines tell how likely a stage of a deal is, and whether one of a ticket is open', async () => {
  const { pipelinesApi, pipelineStagesApi } = sdk.crm.pipelines;
  const [sales] = (await pipelinesApi.getAll('deals')).results;
  expect(sales?.stages.map(({ id, metadata }) => [id, metadata?.probability])).toEqual([
    ['appointmentscheduled', '0.2'],
    ['qualifiedtobuy', '0.4'],
    ['presentationscheduled', '0.6'],
    ['decisionmakerboughtin', '0.8'],
    ['contractsent', '0.9'],
    ['closedwon', '1.0'],
    ['closedlost', '0.0'],
  ]);
  const support = await pipelinesApi.getById('tickets', '0');
  expect(support.stages.map(({ id, metadata }) => [id, metadata?.ticketState])).toEqual([
    ['1', 'OPEN'],
    ['2', 'OPEN'],
    ['3', 'OPEN'],
    ['4', 'CLOSED'],
  ]);
  expect((await pipelineStagesApi.getById('deals', 'default', 'closedwon')).label).toBe('Closed Won');
  expect((await pipelinesApi.getAll('notes')).results).toEqual([]);
  await expect(pipelinesApi.getById('deals', 'nowhere')).rejects.toMatchObject({ code: 404 });
});

describe('properties', () => {
  const field = (name: string, more: object = {}) => ({
    name,
    label: name,
    groupName: 'syncline',
    type: PropertyCreateTypeEnum.String,
    fieldType: PropertyCreateFieldTypeEnum.Text,
    ...more,
  });

  test('that are archived vanish from records and lists, and are listed apart', async () => {
    const { coreApi } = sdk.crm.properties;
    await coreApi.create('contacts', field('tier'));
    portal.hands.contacts.edit(ADA, { tier: 'gold' });
    await coreApi.archive('contacts', 'tier');
    expect((await coreApi.getAll('contacts')).results.some(({ name }) => name === 'tier')).toBe(false);
    expect((await coreApi.getAll('contacts', true)).results).toMatchObject([{ name: 'tier', archived: true, archivedAt: new Date(START) }]);
    expect((await sdk.crm.contacts.basicApi.getById(ADA, ['tier'])).properties).not.toHaveProperty('tier');
    await expect(sdk.crm.contacts.basicApi.update(ADA, { properties: { tier: 'x' } })).rejects.toMatchObject({ code: 400 });
    await expect(coreApi.archive('contacts', 'email')).rejects.toMatchObject({ code: 400 });
  });

  test('change their label, options, and type, and what the vendor ships stays', async () => {
    const { coreApi } = sdk.crm.properties;
    await coreApi.create('contacts', field('tier'));
    const changed = await portal.call('PATCH', '/crm/v3/properties/contacts/tier', {
      body: { label: 'Tier', type: 'enumeration', fieldType: 'select', options: [{ label: 'Gold', value: 'gold' }] },
    });
    expect(changed.body).toMatchObject({ label: 'Tier', type: 'enumeration', options: [{ value: 'gold' }], hasUniqueValue: false });
    await expect(sdk.crm.contacts.basicApi.update(ADA, { properties: { tier: 'tin' } })).rejects.toMatchObject({ code: 400 });
    await expect(coreApi.update('contacts', 'email', { label: 'Mail' })).rejects.toMatchObject({ code: 400 });
    expect((await portal.call('PATCH', '/crm/v3/properties/contacts/tier', { body: { type: 'number', fieldType: 'text' } })).status).toBe(
      400,
    );
  });

  test('take the whole list of options in place of theirs, of what the vendor ships too where it says so, and each value and label once', async () => {
    const path = '/crm/v3/properties/contacts';
    const change = (name: string, body: object) => portal.call('PATCH', `${path}/${name}`, { body });
    const options = [
      { label: 'Cold', value: 'COLD', hidden: true },
      { label: 'Warm', value: 'WARM', displayOrder: 7 },
    ];
    const status = (await portal.call('GET', `${path}/hs_lead_status`)).body;
    expect(status).toMatchObject({ modificationMetadata: { readOnlyDefinition: true, readOnlyOptions: false } });
    expect((await change('hs_lead_status', { options })).body).toMatchObject({ label: 'Lead Status', options });
    for (const body of [
      { options, label: 'Mood' },
      { options: [...options, ...options] },
      { options: [...options, { label: 'Warm', value: 'W' }] },
    ])
      expect((await change('hs_lead_status', body)).status).toBe(400);
    for (const name of ['lifecyclestage', 'hubspot_owner_id', 'hs_analytics_source'])
      expect((await change(name, { options })).status).toBe(400);
    expect((await portal.call('PATCH', '/crm/v3/properties/deals/dealstage', { body: { options } })).status).toBe(400);
  });

  test('that are formulas are worked out and never written', async () => {
    const formula = field('double', { type: 'number', fieldType: 'calculation_equation' });
    expect((await portal.call('POST', '/crm/v3/properties/contacts', { body: formula })).body).toMatchObject({
      calculated: true,
      modificationMetadata: { readOnlyValue: true },
    });
    await expect(sdk.crm.contacts.basicApi.update(ADA, { properties: { double: '4' } })).rejects.toMatchObject({ code: 400 });
  });

  test('that are sensitive are listed only when they are asked for', async () => {
    await portal.call('POST', '/crm/v3/properties/contacts', { body: field('blood', { dataSensitivity: 'sensitive' }) });
    const names = async (query: string) =>
      Object((await portal.call('GET', `/crm/v3/properties/contacts${query}`)).body).results.map(({ name }: { name: string }) => name);
    expect(await names('')).not.toContain('blood');
    expect(await names('?dataSensitivity=sensitive')).toEqual(['blood']);
  });

  test('ten of a type may be unique, from their making on, and a thousand may be made', async () => {
    const unique = (n: number) => portal.call('POST', '/crm/v3/properties/contacts', { body: field(`u${n}`, { hasUniqueValue: true }) });
    for (let n = 1; n < 10; n += 1) expect((await unique(n)).status).toBe(201);
    expect((await unique(10)).status).toBe(400);
    for (let n = 0; n < 11; n += 1) {
      const inputs = Array.from({ length: 100 }, (_, at) => field(`many_${n * 100 + at}`));
      await portal.call('POST', '/crm/v3/properties/deals/batch/create', { body: { inputs } });
    }
    const made = (await sdk.crm.properties.coreApi.getAll('deals')).results.filter(({ hubspotDefined }) => hubspotDefined !== true);
    expect(made).toHaveLength(1000);
  });
});

test('history tells who and what changed a property, fifty records at a time', async () => {
  portal.hands.contacts.edit(ADA, { city: 'Leeds' }, 'omar@acme.example');
  await sdk.crm.contacts.basicApi.update(ADA, { properties: { city: '' } });
  const read = await sdk.crm.contacts.batchApi.read({ inputs: [{ id: ADA }], properties: [], propertiesWithHistory: ['city'] });
  expect(read.results[0]?.propertiesWithHistory?.city).toMatchObject([
    { value: '', sourceType: 'INTEGRATION', sourceId: '1960001', updatedByUserId: 3_399_001 },
    { value: 'Leeds', sourceType: 'CRM_UI', updatedByUserId: 3_300_002 },
    { value: 'London', sourceType: 'CRM_UI', updatedByUserId: 3_300_001 },
  ]);
  await expect(sdk.crm.contacts.basicApi.getPage(51, undefined, undefined, ['city'])).rejects.toMatchObject({ code: 400 });
  const inputs = Array.from({ length: 51 }, (_, n) => ({ id: String(n) }));
  const reading = sdk.crm.contacts.batchApi.read({ inputs, properties: [], propertiesWithHistory: ['city'] });
  await expect(reading).rejects.toMatchObject({ code: 400 });
});
