import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { ObjectTypePropertyCreateTypeEnum } from '@hubspot/api-client/lib/codegen/crm/schemas/index.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACME, ADA, type OpenPortal, openPortal, START, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
let sdk: ReturnType<typeof sdkOf>;
beforeEach(async () => {
  portal = await openPortal();
  sdk = sdkOf(portal);
});
afterEach(() => portal.stage.close());

const make = (type: string, properties: Record<string, string>) => sdk.crm.objects.basicApi.create(type, { properties, associations: [] });
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  deals: { dealname: 'Licence', dealstage: 'contractsent' },
  tickets: { subject: 'Help', hs_pipeline: '0', hs_pipeline_stage: '1' },
  notes: { hs_timestamp: START },
  tasks: { hs_timestamp: START },
  calls: { hs_timestamp: START },
  meetings: { hs_timestamp: START },
  emails: { hs_timestamp: START },
  communications: { hs_timestamp: START, hs_communication_channel_type: 'SMS' },
};
const TYPE_IDS: Readonly<Record<string, string>> = {
  deals: '0-3',
  tickets: '0-5',
  communications: '0-18',
  tasks: '0-27',
  notes: '0-46',
  meetings: '0-47',
  calls: '0-48',
  emails: '0-49',
};

describe.each(Object.entries(NEEDED))('%s', (type, needed) => {
  test('are made with what they need and not without, and are known by name and by id', async () => {
    const made = await make(type, needed);
    const lean = Object.keys(needed).map((name) => Object.fromEntries(Object.entries(needed).filter(([one]) => one !== name)));
    for (const properties of lean) await expect(make(type, properties)).rejects.toMatchObject({ code: 400 });
    expect((await sdk.crm.objects.basicApi.getById(TYPE_IDS[type] ?? '', made.id)).id).toBe(made.id);
    const { body } = await portal.call('GET', `/crm/v3/objects/${type}/${made.id}`);
    expect(body).toMatchObject({ url: `https://app.hubspot.com/contacts/24711001/record/${TYPE_IDS[type]}/${made.id}`, updatedAt: START });
  });

  test('are searched by their own modified date, which is what a search shows', async () => {
    const { id } = await make(type, needed);
    portal.wind(3000);
    const filter = { propertyName: 'hs_lastmodifieddate', operator: FilterOperatorEnum.Gte, value: START };
    const asked = { filterGroups: [{ filters: [filter] }], sorts: ['hs_object_id'], properties: [], limit: 200, after: '0' };
    const { results } = await sdk.crm.objects.searchApi.doSearch(type, asked);
    expect(results.map((one) => one.id)).toEqual([id]);
    const shown = Object.keys(results[0]?.properties ?? {});
    expect(shown).toContain('hs_lastmodifieddate');
    expect(shown).toContain(['deals', 'tickets'].includes(type) ? 'createdate' : 'hs_createdate');
  });
});

test('only contacts, companies, deals, tickets, and custom objects merge, each into a new id', async () => {
  for (const type of ['deals', 'tickets'] as const) {
    const [a, b] = [await make(type, NEEDED[type] ?? {}), await make(type, NEEDED[type] ?? {})];
    const merged = await sdk.crm[type].basicApi.merge({ primaryObjectId: a.id, objectIdToMerge: b.id });
    expect([a.id, b.id]).not.toContain(merged.id);
    expect((await sdk.crm.objects.basicApi.getById(type, b.id, ['hs_merged_object_ids'])).properties.hs_merged_object_ids).toBe(
      `${a.id};${b.id}`,
    );
  }
  const [a, b] = [await make('notes', NEEDED.notes ?? {}), await make('notes', NEEDED.notes ?? {})];
  const body = { primaryObjectId: a.id, objectIdToMerge: b.id };
  expect((await portal.call('POST', '/crm/v3/objects/notes/merge', { body })).status).toBe(400);
});

test('a deal knows by its stage how likely it is, and whether it is closed', async () => {
  const { id } = await make('deals', { ...NEEDED.deals, amount: '1200' });
  const names = ['pipeline', 'hs_deal_stage_probability', 'hs_is_closed', 'hs_is_closed_won', 'amount_in_home_currency'];
  const shown = async () => Object.values((await sdk.crm.deals.basicApi.getById(id, names)).properties);
  expect(await shown()).toEqual(['default', '0.9', 'false', 'false', '1200']);
  await sdk.crm.deals.basicApi.update(id, { properties: { dealstage: 'closedwon' } });
  expect(await shown()).toEqual(['default', '1.0', 'true', 'true', '1200']);
  await expect(sdk.crm.deals.basicApi.update(id, { properties: { dealstage: 'nowhere' } })).rejects.toMatchObject({ code: 400 });
  await expect(sdk.crm.deals.basicApi.update(id, { properties: { hs_is_closed: 'true' } })).rejects.toMatchObject({ code: 400 });
});

test('feedback submissions are read, listed, and searched, and never written', async () => {
  expect((await sdk.crm.objects.basicApi.getPage('feedback_submissions')).results).toEqual([]);
  expect((await portal.call('POST', '/crm/v3/objects/0-19/search', { body: {} })).status).toBe(200);
  await expect(make('feedback_submissions', { hs_value: '9' })).rejects.toMatchObject({ code: 404 });
  expect((await portal.call('POST', '/crm/v3/objects/feedback_submissions/batch/update', { body: { inputs: [] } })).status).toBe(404);
});

test('the town has deals, tickets, and activities of its people, tied to them and their companies, and its contacts are as without', async () => {
  const bare = await openPortal({ salesData: false });
  expect(bare.hands.contacts.all()).toEqual(portal.hands.contacts.all());
  expect(bare.hands.companies.all()).toEqual(portal.hands.companies.all());
  expect(bare.hands.records('notes').all()).toEqual([]);
  await bare.stage.close();
  const activities = ['notes', 'tasks', 'calls', 'meetings', 'emails'].flatMap((object) =>
    portal.hands
      .records(object)
      .all()
      .map(({ id }) => ({ object, id })),
  );
  expect(activities.length).toBeGreaterThan(3);
  expect(activities.every((one) => portal.hands.tiedTo(one, 'contacts').length === 1)).toBe(true);
  expect(activities.every((one) => portal.hands.tiedTo(one, 'companies').length === 1)).toBe(true);
});

describe('custom objects', () => {
  const egg = (name: string) => ({
    name,
    labels: { singular: 'Boat', plural: 'Boats' },
    primaryDisplayProperty: 'title',
    requiredProperties: ['title'],
    searchableProperties: ['title'],
    secondaryDisplayProperties: [],
    associatedObjects: ['0-1'],
    properties: [
      { name: 'title', label: 'Title', type: ObjectTypePropertyCreateTypeEnum.String, fieldType: 'text' },
      { name: 'hull', label: 'Hull', type: ObjectTypePropertyCreateTypeEnum.String, fieldType: 'text', hasUniqueValue: true },
    ],
  });

  test('are made, written by any of their names, tied, and found', async () => {
    const made = await sdk.crm.schemas.coreApi.create(egg('boat'));
    expect(made).toMatchObject({ objectTypeId: '2-100001', fullyQualifiedName: 'p24711001_boat', requiredProperties: ['title'] });
    expect(made.associations).toMatchObject([
      { fromObjectTypeId: '2-100001', toObjectTypeId: '0-1' },
      { fromObjectTypeId: '0-1', toObjectTypeId: '2-100001' },
    ]);
    const { id } = await make('p24711001_boat', { title: 'Ark', hull: 'H1' });
    expect((await sdk.crm.objects.basicApi.getById('2-100001', 'H1', ['title'], undefined, undefined, false, 'hull')).id).toBe(id);
    await expect(make('boat', { hull: 'H2' })).rejects.toMatchObject({ code: 400 });
    await expect(make('boat', { title: 'Twin', hull: 'H1' })).rejects.toMatchObject({ code: 400 });
    await sdk.crm.associations.v4.basicApi.createDefault('boat', id, 'contacts', ADA);
    expect(portal.hands.tiedTo({ object: 'contacts', id: ADA }, 'boat')).toEqual([id]);
    await expect(sdk.crm.associations.v4.basicApi.createDefault('boat', id, 'companies', ACME)).rejects.toMatchObject({ code: 400 });
    const toCompany = { fromObjectTypeId: '2-100001', toObjectTypeId: '0-2', name: 'boat_to_company' };
    await sdk.crm.schemas.coreApi.createAssociation('boat', toCompany);
    await sdk.crm.associations.v4.basicApi.createDefault('boat', id, 'companies', ACME);
    expect(portal.hands.tiedTo({ object: 'boat', id }, 'companies')).toEqual([ACME]);
  });

  test('that could not be made leave nothing behind', async () => {
    const { properties, ...rest } = egg('boat');
    const broken = {
      ...rest,
      properties: [...properties, { name: 'Bad Name', label: 'Bad', type: ObjectTypePropertyCreateTypeEnum.String, fieldType: 'text' }],
    };
    await expect(sdk.crm.schemas.coreApi.create(broken)).rejects.toMatchObject({ code: 400 });
    expect((await sdk.crm.schemas.coreApi.create(egg('boat'))).properties.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['title', 'hull']),
    );
  });

  test('keep their name, change the rest, and go only when none are left', async () => {
    await sdk.crm.schemas.coreApi.create(egg('boat'));
    await expect(sdk.crm.schemas.coreApi.create(egg('boat'))).rejects.toMatchObject({ code: 409 });
    await sdk.crm.schemas.coreApi.update('boat', { requiredProperties: [] });
    const { id } = await make('boat', { hull: 'H1' });
    for (const hard of [false, true]) await expect(sdk.crm.schemas.coreApi.archive('boat', hard)).rejects.toMatchObject({ code: 400 });
    await sdk.crm.objects.basicApi.archive('boat', id);
    await sdk.crm.schemas.coreApi.archive('boat');
    await expect(make('boat', { title: 'Ark' })).rejects.toMatchObject({ body: { message: 'Unable to infer object type from: boat' } });
    await expect(sdk.crm.schemas.coreApi.create(egg('boat'))).rejects.toMatchObject({ code: 409 });
    await sdk.crm.schemas.coreApi.archive('2-100001', true);
    expect((await sdk.crm.schemas.coreApi.create(egg('boat'))).objectTypeId).toBe('2-100002');
    expect((await sdk.crm.schemas.coreApi.getAll()).results.map(({ name }) => name)).toEqual(['boat']);
  });
});
