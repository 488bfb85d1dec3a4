import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stored } from '../../connectors/hubspot/sandbox/records/records.ts';
import { SearchIndex } from '../../connectors/hubspot/sandbox/search/search-index.ts';
import { randomFrom } from '../../src/sandbox/random.ts';
import { ADA, ADA_AGAIN, BEN, CHO, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

let portal: OpenPortal;
const SEARCH = '/crm/v3/objects/contacts/search';
const everyone = [ADA, BEN, CHO, ADA_AGAIN];
const idsOf = (body: unknown) => Object(body).results.map(({ id }: { id: string }) => id);
/** Each question has a second of its own, so that the limit of five in a second is not in the way. */
const find = async (...filters: readonly object[]) => {
  portal.wind(1000);
  return idsOf((await portal.call('POST', SEARCH, { body: { filterGroups: [{ filters }] } })).body);
};
const refusal = async (body: object) => {
  portal.wind(1000);
  return (await portal.call('POST', SEARCH, { body })).status;
};

beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.stage.close());

test('search sees a write only when its lag is over, and a direct read sees it at once', async () => {
  const leeds = { propertyName: 'city', operator: 'EQ', value: 'leeds' };
  portal.hands.contacts.edit(ADA, { city: 'Leeds' });
  expect((await portal.call('GET', `/crm/v3/objects/contacts/${ADA}?properties=city`)).body).toMatchObject({
    properties: { city: 'Leeds' },
  });
  portal.wind(1999);
  expect(await find(leeds)).toEqual([]);
  expect(await find(leeds)).toEqual([ADA]);
});

test('a straggler comes minutes later', async () => {
  const slow = await openPortal({ stragglers: 1 });
  const stragglerIsSeen = async () =>
    idsOf(
      (
        await slow.call('POST', SEARCH, {
          body: { filterGroups: [{ filters: [{ propertyName: 'city', operator: 'EQ', value: 'Leeds' }] }] },
        })
      ).body,
    );
  slow.hands.contacts.edit(ADA, { city: 'Leeds' });
  slow.wind(9000);
  expect(await stragglerIsSeen()).toEqual([]);
  slow.wind(180_000);
  expect(await stragglerIsSeen()).toEqual([ADA]);
  await slow.stage.close();
});

test('a straggler never covers a later write that came through in time', () => {
  const record = (city: string): Stored => ({
    id: ADA,
    properties: { city },
    createdAt: START,
    updatedAt: START,
    archivedAt: null,
    versions: new Map(),
  });
  const draws = [0.1, 0.5, 0.9];
  const index = new SearchIndex({ lagMs: 3000, stragglers: 0.5, latestMs: 180_000, random: () => draws.shift() ?? 0.9 });
  index.note(ADA, record('Leeds'), 0);
  index.note(ADA, record('York'), 0);
  expect([...index.rows(2999)]).toEqual([]);
  expect([...index.rows(3000)].map(({ properties }) => properties.city)).toEqual(['York']);
  expect([...index.rows(200_000)].map(({ properties }) => properties.city)).toEqual(['York']);
});

test('the modified date filters by milliseconds or ISO, and under the wrong name finds nothing', async () => {
  portal.hands.contacts.edit(BEN, { city: 'York' });
  portal.wind(3000);
  const since = (propertyName: string, value: string) => ({ propertyName, operator: 'GTE', value });
  expect(await find(since('lastmodifieddate', START))).toEqual([BEN]);
  expect(await find(since('lastmodifieddate', String(Date.parse(START))))).toEqual([BEN]);
  expect(await find(since('lastmodifieddate', '0'))).toEqual(everyone);
  expect(await find(since('hs_lastmodifieddate', '0'))).toEqual([]);
});

describe('operators', () => {
  test.each([
    ['EQ ignores case', { propertyName: 'firstname', operator: 'EQ', value: 'ADA' }, [ADA, ADA_AGAIN]],
    ['NEQ finds the others', { propertyName: 'firstname', operator: 'NEQ', value: 'ada' }, [BEN, CHO]],
    ['IN finds lower-case values', { propertyName: 'firstname', operator: 'IN', values: ['ada', 'ben'] }, [ADA, BEN, ADA_AGAIN]],
    ['IN finds no upper-case text', { propertyName: 'firstname', operator: 'IN', values: ['Ada'] }, []],
    ['options are exact', { propertyName: 'lifecyclestage', operator: 'EQ', value: 'Lead' }, []],
    ['BETWEEN counts both ends', { propertyName: 'hs_object_id', operator: 'BETWEEN', value: '502', highValue: '503' }, [BEN, CHO]],
    ['ids compare as numbers', { propertyName: 'hs_object_id', operator: 'GT', value: '60' }, everyone],
    ['HAS_PROPERTY', { propertyName: 'email', operator: 'HAS_PROPERTY' }, [ADA, BEN]],
    ['NOT_HAS_PROPERTY', { propertyName: 'email', operator: 'NOT_HAS_PROPERTY' }, [CHO, ADA_AGAIN]],
    ['tokens are whole words', { propertyName: 'email', operator: 'CONTAINS_TOKEN', value: 'ad' }, []],
    ['a star stands for the rest', { propertyName: 'email', operator: 'CONTAINS_TOKEN', value: 'ad*' }, [ADA]],
    ['ties', { propertyName: 'associations.company', operator: 'EQ', value: '102' }, [CHO]],
  ])('%s', async (_name, filter, ids) => {
    expect(await find(filter)).toEqual(ids);
  });
});

test('filters of a group are all needed, and of the groups one is enough', async () => {
  const is = (firstname: string) => ({ propertyName: 'firstname', operator: 'EQ', value: firstname });
  const hasEmail = { propertyName: 'email', operator: 'HAS_PROPERTY' };
  const body = { filterGroups: [{ filters: [is('ada'), hasEmail] }, { filters: [is('cho')] }] };
  expect(idsOf((await portal.call('POST', SEARCH, { body })).body)).toEqual([ADA, CHO]);
});

test('one sort, either way, and pages by offset with the total', async () => {
  const page = async (after?: string) =>
    (await portal.call('POST', SEARCH, { body: { sorts: [{ propertyName: 'hs_object_id', direction: 'DESCENDING' }], limit: 3, after } }))
      .body;
  const first = await page();
  expect(idsOf(first)).toEqual([ADA_AGAIN, CHO, BEN]);
  expect(first).toMatchObject({ total: 4, paging: { next: { after: '3' } } });
  expect(idsOf(await page('3'))).toEqual([ADA]);
  expect(await page('3')).not.toHaveProperty('paging');
});

test('what is too much is refused', async () => {
  const filter = { propertyName: 'email', operator: 'HAS_PROPERTY' };
  const groups = (count: number, filters: number) =>
    Array.from({ length: count }, () => ({ filters: Array.from({ length: filters }, () => filter) }));
  expect(await refusal({ limit: 201 })).toBe(400);
  expect(await refusal({ limit: 200, after: '9900' })).toBe(400);
  expect(await refusal({ limit: 100, after: '9900' })).toBe(200);
  expect(await refusal({ sorts: ['email', 'city'] })).toBe(400);
  expect(await refusal({ filterGroups: groups(6, 1) })).toBe(400);
  expect(await refusal({ filterGroups: groups(1, 7) })).toBe(400);
  expect(await refusal({ filterGroups: groups(4, 5) })).toBe(400);
  expect(await refusal({ filterGroups: groups(3, 6) })).toBe(200);
  expect(await refusal({ filterGroups: [{ filters: [{ propertyName: 'no_such', operator: 'HAS_PROPERTY' }] }] })).toBe(400);
  expect(await refusal({ query: 'x'.repeat(3000) })).toBe(200);
  expect(await refusal({ query: 'x'.repeat(3001) })).toBe(400);
  const long = { propertyName: 'firstname', operator: 'IN', values: Array.from({ length: 400 }, (_, n) => `name${n}`) };
  expect(await refusal({ filterGroups: [{ filters: [long] }] })).toBe(400);
});

test('a job can give more records than search can reach one and the same date', async () => {
  for (let at = 0; at < 10_050; at += 1) portal.hands.contacts.add({ lastname: `n${at}` });
  portal.hands.contacts.touch();
  expect(new Set(portal.hands.contacts.all().map(({ updatedAt }) => updatedAt)).size).toBe(1);
  portal.wind(3000);
  const body = {
    filterGroups: [{ filters: [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: START }] }],
    limit: 200,
    sorts: ['hs_object_id'],
  };
  expect((await portal.call('POST', SEARCH, { body: { ...body, after: '9800' } })).body).toMatchObject({
    total: 10_054,
    paging: { next: { after: '10000' } },
  });
  expect((await portal.call('POST', SEARCH, { body: { ...body, after: '10000' } })).status).toBe(400);
});

test('a search by date finds the same rows as a look at all of them', async () => {
  const random = randomFrom(11);
  for (let turn = 0; turn < 40; turn += 1) {
    portal.wind(500 + 1000 * (turn % 3));
    portal.stage.sandbox.life.stir(random);
    if (turn % 7 === 0) portal.hands.contacts.remove(portal.hands.contacts.add({ lastname: `n${turn}` }));
    if (turn % 9 === 0) portal.hands.tie(CHO, turn % 2 === 0 ? '101' : '102', { primary: true });
    const since = { propertyName: 'lastmodifieddate', operator: 'GTE', value: String(Date.parse(START) + turn * 400) };
    const filters = [since];
    const [narrow, wide] = [{ filterGroups: [{ filters }] }, { filterGroups: [{ filters }, { filters }] }];
    const { body } = await portal.call('POST', SEARCH, { body: narrow });
    expect(body).toEqual((await portal.call('POST', SEARCH, { body: wide })).body);
  }
});
