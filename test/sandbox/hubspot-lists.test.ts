import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADA, ADA_AGAIN, BEN, CHO, type OpenPortal, openPortal, START, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
let lists: ReturnType<typeof sdkOf>['crm']['lists'];
beforeEach(async () => {
  portal = await openPortal();
  lists = sdkOf(portal).crm.lists;
});
afterEach(() => portal.stage.close());

const make = async (name: string, processingType = 'MANUAL') =>
  (await lists.listsApi.create({ name, objectTypeId: '0-1', processingType })).list.listId;
const members = async (listId: string) => (await lists.membershipsApi.getPage(listId)).results.map(({ recordId }) => recordId);
const status = async (call: Promise<{ httpStatusCode: number }>) => (await call).httpStatusCode;

test('a list is made once by its name, found by id, by name in any case, and by a search', async () => {
  const made = await lists.listsApi.createWithHttpInfo({ name: 'Hot Leads', objectTypeId: 'contacts', processingType: 'MANUAL' });
  expect([made.httpStatusCode, made.data.list]).toMatchObject([
    200,
    { name: 'Hot Leads', objectTypeId: '0-1', size: 0, processingStatus: 'COMPLETE' },
  ]);
  await expect(make('hot leads')).rejects.toMatchObject({ code: 400 });
  await make('Cold', 'SNAPSHOT');
  const { listId } = made.data.list;
  expect((await lists.listsApi.getById(listId)).list.name).toBe('Hot Leads');
  expect((await lists.listsApi.getByName('HOT LEADS', '0-1')).list.listId).toBe(listId);
  await lists.membershipsApi.add(listId, [ADA]);
  const found = await lists.listsApi.doSearchWithHttpInfo({ query: 'leads', offset: 0, count: 500 });
  expect([found.httpStatusCode, found.data]).toMatchObject([
    200,
    { total: 1, offset: 1, hasMore: false, lists: [{ listId, additionalProperties: { hs_list_size: '1' } }] },
  ]);
  expect(await lists.listsApi.doSearch({ count: 1 })).toMatchObject({ total: 2, hasMore: true, offset: 1 });
  expect((await lists.listsApi.doSearch({ processingTypes: ['SNAPSHOT'] })).lists.map(({ name }) => name)).toEqual(['Cold']);
  await expect(lists.listsApi.doSearch({ count: 501 })).rejects.toMatchObject({ code: 400 });
});

test('members are added and removed by bare arrays of ids; known ones are passed over, and those of nobody are told', async () => {
  const listId = await make('Hot');
  expect(await lists.membershipsApi.add(listId, [BEN, ADA, '999'])).toMatchObject({
    recordsIdsAdded: [BEN, ADA],
    recordIdsMissing: ['999'],
  });
  expect(await lists.membershipsApi.add(listId, [ADA, CHO])).toMatchObject({ recordsIdsAdded: [CHO], recordIdsMissing: [] });
  expect(await members(listId)).toEqual([ADA, BEN, CHO]);
  expect((await lists.membershipsApi.getPageOrderedByAddedToListDate(listId)).results.map(({ recordId }) => recordId)).toEqual([
    BEN,
    ADA,
    CHO,
  ]);
  expect(await lists.membershipsApi.remove(listId, [BEN, ADA_AGAIN])).toMatchObject({ recordIdsRemoved: [BEN] });
  const both = await lists.membershipsApi.addAndRemoveWithHttpInfo(listId, { recordIdsToAdd: [BEN], recordIdsToRemove: [ADA] });
  expect([both.httpStatusCode, both.data]).toMatchObject([200, { recordsIdsAdded: [BEN], recordIdsRemoved: [ADA] }]);
  const { body } = await portal.call('GET', `/crm/v3/lists/${listId}/memberships`);
  expect(body).toMatchObject({ total: 2, results: [{ recordId: BEN, membershipTimestamp: START }, { recordId: CHO }] });
  const wrapped = await portal.call('PUT', `/crm/v3/lists/${listId}/memberships/add`, { body: { recordIds: [ADA] } });
  expect(wrapped.status).toBe(400);
});

test('members come in pages of up to 250, and who is archived is none', async () => {
  const listId = await make('All');
  const ids = Array.from({ length: 260 }, (_, n) => portal.hands.contacts.add({ lastname: `n${n}` }));
  await lists.membershipsApi.add(listId, ids);
  const first = await lists.membershipsApi.getPage(listId, undefined, undefined, 250);
  expect([first.results.length, first.paging?.next?.after]).toEqual([250, '250']);
  const rest = await lists.membershipsApi.getPage(listId, first.paging?.next?.after, undefined, 250);
  expect([rest.results.length, rest.paging]).toEqual([10, undefined]);
  expect(await members(listId)).toHaveLength(100);
  await expect(lists.membershipsApi.getPage(listId, undefined, undefined, 251)).rejects.toMatchObject({ code: 400 });
  portal.hands.contacts.remove(ids[0] ?? '');
  expect((await lists.listsApi.getById(listId)).list.size).toBe(259);
});

test('a list can take over another, be emptied, renamed, deleted, and brought back within ninety days', async () => {
  const [one, two] = [await make('One'), await make('Two')];
  await lists.membershipsApi.add(one, [ADA, BEN]);
  expect(await status(lists.membershipsApi.addAllFromListWithHttpInfo(two, one))).toBe(204);
  expect(await members(two)).toEqual([ADA, BEN]);
  expect(await status(lists.membershipsApi.removeAllWithHttpInfo(one))).toBe(204);
  expect(await members(one)).toEqual([]);
  expect((await lists.listsApi.updateName(one, 'First')).updatedList?.name).toBe('First');
  expect(await status(lists.listsApi.removeWithHttpInfo(two))).toBe(204);
  await expect(lists.listsApi.getById(two)).rejects.toMatchObject({ code: 404 });
  expect(await status(lists.listsApi.restoreWithHttpInfo(two))).toBe(204);
  expect(await members(two)).toEqual([ADA, BEN]);
  await lists.listsApi.remove(two);
  portal.wind(91 * 86_400_000);
  await expect(lists.listsApi.restore(two)).rejects.toMatchObject({ code: 404 });
});

test('nobody writes the members of a list that follows from filters, or without the scope', async () => {
  const dynamic = await make('Rules', 'DYNAMIC');
  await expect(lists.membershipsApi.add(dynamic, [ADA])).rejects.toMatchObject({ code: 400 });
  const token = portal.hands.access.issueToken(['crm.lists.read']);
  await expect(sdkOf(portal, { token }).crm.lists.membershipsApi.add(dynamic, [ADA])).rejects.toMatchObject({ code: 403 });
  expect((await sdkOf(portal, { token }).crm.lists.listsApi.getById(dynamic)).list.processingType).toBe('DYNAMIC');
});

test('how many ids one call may add is a switch', async () => {
  const narrow = await openPortal({ listCallMax: 1 });
  const { listsApi, membershipsApi } = sdkOf(narrow).crm.lists;
  const { listId } = (await listsApi.create({ name: 'Few', objectTypeId: '0-1', processingType: 'MANUAL' })).list;
  await expect(membershipsApi.add(listId, [ADA, BEN])).rejects.toMatchObject({ code: 400 });
  await narrow.stage.close();
});
