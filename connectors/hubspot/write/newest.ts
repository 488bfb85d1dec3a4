import { HubError } from '../../../src/contract/errors.ts';
import { asRefusal } from '../http/errors.ts';
import { parseRecordPage, type RecordPage, type VendorRecord } from '../http/wire.ts';
import { readRecords } from '../read/read-records.ts';
import { type Filter, searchPage } from '../read/search.ts';
import type { Room } from '../room.ts';

const LIST_MAX = 100;

/**
 * All records created since `from`. The search index alone may show a new record late, by minutes at times, while the list shows it at
 * once, in order of id: so the list is read on from the last record that is surely older. Ids have always grown with time, but nobody
 * promises it, so what the index knows is added; then all of them are read directly.
 */
export async function readNewest(room: Room, from: string, properties: readonly string[]): Promise<readonly VendorRecord[]> {
  const indexed = await searchSince(room, from);
  const listed = await listAfter(room, await newestBefore(room, from), from);
  const { records } = await readRecords(room, [...indexed, ...listed], { properties });
  return records.filter(({ createdAt }) => createdAt >= from);
}

async function searchSince(room: Room, from: string): Promise<readonly string[]> {
  const filters: Filter[] = [{ propertyName: room.type.created, operator: 'GTE', value: String(Date.parse(from)) }];
  const ids: string[] = [];
  let after: string | null = null;
  let isLast = false;
  while (!isLast) {
    const page = await searchPage(room, { filters, after, properties: ['hs_object_id'] });
    ids.push(...page.records.map(({ id }) => id));
    after = page.lastId;
    isLast = page.isLast;
  }
  return ids;
}

async function newestBefore({ hubspot, type }: Room, from: string): Promise<string | null> {
  const { body } = await hubspot.search(hubspot.paths.objects(type.name, '/search'), {
    filterGroups: [{ filters: [{ propertyName: type.created, operator: 'LT', value: String(Date.parse(from)) }] }],
    sorts: [{ propertyName: 'hs_object_id', direction: 'DESCENDING' }],
    properties: ['hs_object_id'],
    limit: 1,
  });
  return parseRecordPage(body).records[0]?.id ?? null;
}

// `after` is documented to be the id of the next record, which lets us start in the middle. Where that does not hold, the list is read whole.
async function listAfter(room: Room, start: string | null, from: string): Promise<readonly string[]> {
  const entered = start === null ? null : await listPage(room, start).catch(asRefusal);
  if (entered instanceof HubError && entered.kind !== 'misconfigured') throw entered;
  const isEntered = entered !== null && !(entered instanceof HubError) && entered.records[0]?.id === start;
  const ids: string[] = [];
  let page = isEntered ? entered : await listPage(room, null);
  for (;;) {
    ids.push(...page.records.filter(({ createdAt }) => createdAt >= from).map(({ id }) => id));
    if (page.after === null) return ids;
    page = await listPage(room, page.after);
  }
}

async function listPage({ hubspot, type }: Room, after: string | null): Promise<RecordPage> {
  const query = [['limit', String(LIST_MAX)] as const, ['properties', 'hs_object_id'] as const];
  const { body } = await hubspot.get(hubspot.paths.objects(type.name), after === null ? query : [...query, ['after', after]]);
  return parseRecordPage(body);
}
