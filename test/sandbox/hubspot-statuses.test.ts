import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import { PropertyCreateFieldTypeEnum, PropertyCreateTypeEnum } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACME, ADA, ADA_AGAIN, BEN, BOLT, CHO, type OpenPortal, openPortal, sdkOf } from './hubspot-portal.ts';

// The client throws at any status but the one of the specification, so every call that comes back had the right one.
let portal: OpenPortal;
let sdk: ReturnType<typeof sdkOf>;
beforeEach(async () => {
  portal = await openPortal();
  sdk = sdkOf(portal);
});
afterEach(() => portal.stage.close());

const status = async (call: Promise<{ httpStatusCode: number }>) => (await call).httpStatusCode;
const unlabelled = { associationCategory: AssociationSpecAssociationCategoryEnum.HubspotDefined, associationTypeId: 279 };
const none: never[] = [];

test('objects: create 201, get, list, search, patch, and merge 200, archive and erase 204', async () => {
  const { basicApi, searchApi } = sdk.crm.contacts;
  expect(await status(basicApi.createWithHttpInfo({ properties: { lastname: 'Day' }, associations: none }))).toBe(201);
  expect(await status(basicApi.getByIdWithHttpInfo(ADA))).toBe(200);
  expect(await status(basicApi.getPageWithHttpInfo())).toBe(200);
  expect(await status(searchApi.doSearchWithHttpInfo({ limit: 1, after: '0', sorts: none, properties: none, filterGroups: none }))).toBe(
    200,
  );
  expect(await status(basicApi.updateWithHttpInfo(ADA, { properties: { city: 'York' } }))).toBe(200);
  expect(await status(basicApi.mergeWithHttpInfo({ primaryObjectId: ADA, objectIdToMerge: ADA_AGAIN }))).toBe(200);
  expect(await status(basicApi.archiveWithHttpInfo(BEN))).toBe(204);
  expect(await status(basicApi.purgeWithHttpInfo({ objectId: CHO }))).toBe(204);
});

test('batches: create 201 or 207, read, update, and upsert 200 or 207, archive 204', async () => {
  const { batchApi } = sdk.crm.contacts;
  const row = (objectWriteTraceId: string, email: string) => ({ objectWriteTraceId, properties: { email }, associations: none });
  expect(await status(batchApi.createWithHttpInfo({ inputs: [row('a', 'eve@acme.example')] }))).toBe(201);
  const two = [row('a', 'ada@acme.example'), row('b', 'fay@acme.example')];
  expect(await status(batchApi.createWithHttpInfo({ inputs: two }))).toBe(207);
  const read = (id: string) => ({ inputs: [{ id }], properties: none, propertiesWithHistory: none });
  expect(await status(batchApi.readWithHttpInfo(read(ADA)))).toBe(200);
  expect(await status(batchApi.readWithHttpInfo(read('999')))).toBe(207);
  const change = (id: string) => ({ inputs: [{ id, properties: { city: 'York' } }] });
  expect(await status(batchApi.updateWithHttpInfo(change(ADA)))).toBe(200);
  expect(await status(batchApi.updateWithHttpInfo(change('999')))).toBe(207);
  const upsert = (id: string, nps_score: string) => ({
    id,
    idProperty: 'syncline_id',
    properties: { lastname: id, nps_score },
    objectWriteTraceId: id,
  });
  expect(await status(batchApi.upsertWithHttpInfo({ inputs: [upsert('k1', '9')] }))).toBe(200);
  const mixed = [upsert('k1', '8'), upsert('k2', 'many')];
  expect(await status(batchApi.upsertWithHttpInfo({ inputs: mixed }))).toBe(207);
  expect(await status(batchApi.archiveWithHttpInfo({ inputs: [{ id: ADA }] }))).toBe(204);
});

test('properties: create 201, batch 201 or 207, archive 204; groups: create 201, delete 204', async () => {
  const { coreApi, batchApi, groupsApi } = sdk.crm.properties;
  const field = (name: string) => ({
    name,
    label: name,
    groupName: 'syncline',
    type: PropertyCreateTypeEnum.String,
    fieldType: PropertyCreateFieldTypeEnum.Text,
  });
  expect(await status(coreApi.createWithHttpInfo('deals', field('tier')))).toBe(201);
  expect(await status(coreApi.getAllWithHttpInfo('deals'))).toBe(200);
  expect(await status(coreApi.updateWithHttpInfo('deals', 'tier', { label: 'Tier of it' }))).toBe(200);
  expect(await status(batchApi.createWithHttpInfo('deals', { inputs: [field('one')] }))).toBe(201);
  expect(await status(batchApi.createWithHttpInfo('deals', { inputs: [field('one'), field('two')] }))).toBe(207);
  expect(await status(batchApi.archiveWithHttpInfo('deals', { inputs: [{ name: 'one' }] }))).toBe(204);
  expect(await status(coreApi.archiveWithHttpInfo('deals', 'tier'))).toBe(204);
  expect(await status(groupsApi.createWithHttpInfo('deals', { name: 'mine', label: 'Mine' }))).toBe(201);
  expect(await status(groupsApi.updateWithHttpInfo('deals', 'mine', { label: 'Ours' }))).toBe(200);
  expect(await status(groupsApi.archiveWithHttpInfo('deals', 'mine'))).toBe(204);
});

test('associations: default 200, labelled 201, delete 204; batches 201 or 207, 200, 200 or 207, 204, 204', async () => {
  const { basicApi, batchApi } = sdk.crm.associations.v4;
  expect(await status(basicApi.createDefaultWithHttpInfo('contacts', ADA, 'companies', BOLT))).toBe(200);
  expect(await status(basicApi.createWithHttpInfo('contacts', ADA, 'companies', BOLT, [unlabelled]))).toBe(201);
  expect(await status(basicApi.getPageWithHttpInfo('contacts', ADA, 'companies'))).toBe(200);
  expect(await status(basicApi.archiveWithHttpInfo('contacts', ADA, 'companies', BOLT))).toBe(204);
  const tie = (to: string) => ({ _from: { id: ADA }, to: { id: to }, types: [unlabelled] });
  expect(await status(batchApi.createWithHttpInfo('contacts', 'companies', { inputs: [tie(BOLT)] }))).toBe(201);
  expect(await status(batchApi.createWithHttpInfo('contacts', 'companies', { inputs: [tie(BOLT), tie('999')] }))).toBe(207);
  const plain = { inputs: [{ _from: { id: ADA }, to: { id: ACME } }] };
  expect(await status(batchApi.createDefaultWithHttpInfo('contacts', 'companies', plain))).toBe(200);
  expect(await status(batchApi.getPageWithHttpInfo('contacts', 'companies', { inputs: [{ id: ADA }] }))).toBe(200);
  const gone = { inputs: [{ _from: { id: ADA }, to: [{ id: ACME }, { id: BOLT }] }] };
  expect(await status(batchApi.archiveWithHttpInfo('contacts', 'companies', gone))).toBe(204);
  expect(await status(batchApi.getPageWithHttpInfo('contacts', 'companies', { inputs: [{ id: ADA }] }))).toBe(207);
  expect(await status(batchApi.archiveLabelsWithHttpInfo('contacts', 'companies', { inputs: [tie(ACME)] }))).toBe(204);
});

test('labels: create 200, change 204, delete 204', async () => {
  const { definitionsApi } = sdk.crm.associations.v4.schema;
  const made = await definitionsApi.createWithHttpInfo('contacts', 'deals', { name: 'payer', label: 'Payer', inverseLabel: 'Paid by' });
  const [first, second] = made.data.results;
  expect([made.httpStatusCode, first?.label, second?.label]).toEqual([200, 'Payer', 'Paid by']);
  const associationTypeId = first?.typeId ?? 0;
  expect(await status(definitionsApi.updateWithHttpInfo('contacts', 'deals', { associationTypeId, label: 'Pays' }))).toBe(204);
  const labels = async () => (await definitionsApi.getAll('contacts', 'deals')).results.map(({ label }) => label);
  expect(await labels()).toContain('Pays');
  expect(await status(definitionsApi.removeWithHttpInfo('contacts', 'deals', associationTypeId))).toBe(204);
  expect(await labels()).toEqual([null]);
});

test('an archive of ties answers 200 on the dated paths, which the client takes for an error unless it is told better', async () => {
  const dated = sdkOf(portal, { version: '2026-09' });
  const gone = { inputs: [{ _from: { id: ADA }, to: [{ id: ACME }] }] };
  await expect(dated.crm.associations.v4.batchApi.archive('contacts', 'companies', gone)).rejects.toMatchObject({ code: 200 });
  expect(portal.hands.companiesOf(ADA)).toEqual([]);
  expect(await status(dated.crm.contacts.basicApi.getPageWithHttpInfo())).toBe(200);
  expect(await status(dated.crm.contacts.basicApi.archiveWithHttpInfo(ADA))).toBe(204);
  const tied = await dated.crm.associations.v4.basicApi.createDefaultWithHttpInfo('contacts', BEN, 'companies', BOLT);
  expect(tied.httpStatusCode).toBe(200);
});
