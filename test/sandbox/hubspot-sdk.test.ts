import { Client } from '@hubspot/api-client';
import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACME, ADA, ADA_AGAIN, BEN, BOLT, CHO, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

const USER = 'hs_updated_by_user_id';
let portal: OpenPortal;
let sdk: Client;
beforeEach(async () => {
  portal = await openPortal();
  sdk = new Client({ accessToken: 'pat-eu1-sandbox', basePath: portal.stage.origin });
});
afterEach(() => portal.stage.close());

const merge = (primaryObjectId: string, objectIdToMerge: string) => sdk.crm.contacts.basicApi.merge({ primaryObjectId, objectIdToMerge });
const inBin = (ids: readonly string[]) =>
  sdk.crm.contacts.batchApi.read({ inputs: ids.map((id) => ({ id })), properties: [], propertiesWithHistory: [] }, true);

test('merges make chains: every old id leads to the last record on a direct read or update, and its own list names them all', async () => {
  const first = await merge(ADA, BEN);
  const last = await merge(CHO, first.id);
  for (const old of [ADA, BEN, first.id, CHO]) {
    expect((await sdk.crm.contacts.basicApi.getById(old)).id).toBe(last.id);
    expect((await sdk.crm.contacts.basicApi.update(old, { properties: { city: `York ${old}` } })).id).toBe(last.id);
  }
  const properties = ['hs_merged_object_ids', 'hs_calculated_merged_vids'];
  const { properties: shown } = await sdk.crm.contacts.basicApi.getById(last.id, properties);
  expect(shown.hs_merged_object_ids?.split(';').sort()).toEqual([ADA, BEN, CHO, first.id].sort());
  expect(shown.hs_calculated_merged_vids).toMatch(/^(\d+:\d{13};){3}\d+:\d{13}$/);
  const read = await sdk.crm.contacts.batchApi.read({ inputs: [{ id: ADA }, { id: first.id }], properties: [], propertiesWithHistory: [] });
  expect(read.results).toEqual([]);
  await expect(merge(ADA, BEN)).rejects.toMatchObject({ code: 404 });
});

test('a batch archive says nothing of its rows, and puts no record into the bin by the id of one that was merged into it', async () => {
  const { id } = await merge(ADA, ADA_AGAIN);
  await sdk.crm.contacts.batchApi.archive({ inputs: [{ id: BEN }, { id: ADA }, { id: '999999' }] });
  expect(portal.hands.contacts.all().map((one) => one.id)).toEqual([CHO, id]);
  const { results } = await inBin([BEN, ADA, CHO]);
  expect(results).toMatchObject([{ id: BEN, archived: true, archivedAt: new Date(START) }]);
});

test('what a person brings back is there with its companies and their labels', async () => {
  portal.hands.tie(BEN, BOLT, { labels: ['Partner'] });
  portal.hands.contacts.remove(BEN);
  await expect(sdk.crm.contacts.basicApi.getById(BEN)).rejects.toMatchObject({ code: 404 });
  portal.hands.contacts.restore(BEN);
  expect((await inBin([BEN])).results).toEqual([]);
  expect(portal.hands.companiesOf(BEN)).toEqual([ACME, BOLT]);
  expect(portal.hands.labelsOf(BEN, BOLT)).toEqual(['Partner']);
  expect(portal.hands.primaryOf(BEN)).toBe(ACME);
});

test('a label that a person gives a tie shows in both directions, keeps the primary, and moves no date', async () => {
  const before = portal.hands.contacts.get(ADA)?.updatedAt;
  portal.hands.tie(ADA, ACME, { labels: ['Partner'] });
  const { results: types } = await sdk.crm.associations.v4.schema.definitionsApi.getAll('contacts', 'companies');
  const label = types.find((type) => type.label === 'Partner');
  expect(label?.category).toBe('USER_DEFINED');
  const read = await sdk.crm.associations.v4.batchApi.getPage('contacts', 'companies', { inputs: [{ id: ADA }] });
  expect(
    read.results[0]?.to.map(({ toObjectId, associationTypes }) => [Number(toObjectId), associationTypes.map((type) => type.label)]),
  ).toEqual([[Number(ACME), ['Primary', null, 'Partner']]]);
  const back = await sdk.crm.associations.v4.batchApi.getPage('companies', 'contacts', { inputs: [{ id: ACME }] });
  expect(back.results[0]?.to.find(({ toObjectId }) => String(toObjectId) === ADA)?.associationTypes.map((type) => type.label)).toContain(
    'Partner',
  );
  expect(portal.hands.contacts.get(ADA)?.updatedAt).toBe(before);
});

test('taking labels away in a batch leaves the tie', async () => {
  portal.hands.tie(ADA, BOLT, { labels: ['Partner', 'Payer'] });
  const { results } = await sdk.crm.associations.v4.schema.definitionsApi.getAll('contacts', 'companies');
  const associationTypeId = results.find(({ label }) => label === 'Partner')?.typeId ?? 0;
  const types = [{ associationCategory: AssociationSpecAssociationCategoryEnum.UserDefined, associationTypeId }];
  await sdk.crm.associations.v4.batchApi.archiveLabels('contacts', 'companies', {
    inputs: [{ _from: { id: ADA }, to: { id: BOLT }, types }],
  });
  expect(portal.hands.labelsOf(ADA, BOLT)).toEqual(['Payer']);
  expect(portal.hands.companiesOf(ADA)).toContain(BOLT);
});

test('the user who changed a record last is shown, whether by hand, by the API, or by a merge, and no job of the vendor is one', async () => {
  const userOf = async (id: string) => (await sdk.crm.contacts.basicApi.getById(id, [USER])).properties[USER];
  const { results: owners } = await sdk.crm.owners.ownersApi.getPage();
  const [olga, omar] = owners.map(({ userId }) => String(userId));
  expect(await userOf(ADA)).toBe(olga);
  portal.hands.contacts.edit(ADA, { jobtitle: 'Captain' }, 'omar@acme.example');
  expect(await userOf(ADA)).toBe(omar);
  portal.hands.contacts.touch([ADA]);
  expect(await userOf(ADA)).toBe(omar);
  await sdk.crm.contacts.basicApi.update(ADA, { properties: { jobtitle: 'Mate' } });
  const api = await userOf(ADA);
  expect([olga, omar]).not.toContain(api);
  const merged = portal.hands.contacts.merge(ADA, BEN);
  expect(await userOf(merged)).toBe(olga);
  const { id } = await sdk.crm.companies.basicApi.create({ properties: { name: 'New' } });
  expect((await sdk.crm.companies.basicApi.getById(id, [USER])).properties[USER]).toBe(api);
});
