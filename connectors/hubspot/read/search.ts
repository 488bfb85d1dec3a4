import { HubError } from '../../../src/contract/errors.ts';
import { parseRecordPage, type VendorRecord } from '../http/wire.ts';
import type { Room } from '../room.ts';

const SEARCH_MAX = 200;

export type Filter = { readonly propertyName: string; readonly operator: 'GTE' | 'GT' | 'LT'; readonly value: string };
export type Found = {
  readonly records: readonly VendorRecord[];
  readonly isLast: boolean;
  readonly lastId: string | null;
  readonly servedAt: string | null;
};

/**
 * One page of a search in order of id, after the given one. Going on by id and not by offset has no cap at 10,000, no trap in many
 * records of one timestamp, and loses nothing when a record leaves the result in between.
 */
export async function searchPage(
  room: Room,
  options: { filters: readonly Filter[]; after: string | null; properties: readonly string[] },
): Promise<Found> {
  const { hubspot, type } = room;
  const { filters, after, properties } = options;
  const beyond: Filter[] = after === null ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: after }];
  const { body, servedAt } = await hubspot.search(hubspot.paths.objects(type.name, '/search'), {
    filterGroups: [{ filters: [...filters, ...beyond] }],
    sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
    properties,
    limit: SEARCH_MAX,
  });
  const page = parseRecordPage(body);
  return {
    records: page.records,
    isLast: page.after === null || page.records.length === 0,
    lastId: lastInOrder(page.records, after),
    servedAt,
  };
}

/** Orders ids as the numbers that they are, whatever their size. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

// Going on from the last id is only sound in order of id: out of order, records would be passed over in silence.
function lastInOrder(records: readonly VendorRecord[], after: string | null): string | null {
  let last = after;
  for (const { id } of records) {
    if (last !== null && compareIds(id, last) <= 0) throw new HubError('broken_answer', "HubSpot's search did not answer in order of id");
    last = id;
  }
  return last;
}
