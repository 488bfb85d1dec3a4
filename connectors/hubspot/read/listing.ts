import { HubError } from '../../../src/contract/errors.ts';
import { asRefusal } from '../http/errors.ts';
import { parseRecordPage, type VendorRecord } from '../http/wire.ts';
import type { ObjectType } from '../object-types.ts';
import { propertiesBehind, type Room } from '../room.ts';
import type { AskedTies } from './backfill-ties.ts';
import { readRecords } from './read-records.ts';
import { type Filter, searchPage } from './search.ts';

const PAGE_MAX = 100;
// HubSpot refuses an address of some 16,000 characters, and some have seen half of that refused.
const QUERY_MAX = 7000;

/** One answer of a list or of a search; `after` is null at the end. */
export type Piece = { readonly records: readonly VendorRecord[]; readonly after: string | null; readonly servedAt: string | null };

/** What to ask of each record. `fits`: the properties can be named in an address. */
export type Shows = { readonly properties: readonly string[]; readonly fits: boolean; readonly inline: readonly string[] };

export function showsOf(type: ObjectType, fields: readonly string[], ties: readonly AskedTies[]): Shows {
  const primaries = ties.flatMap(({ to }) => to.primaryProperty ?? []);
  const properties = [...new Set([...propertiesBehind(type, fields), ...primaries])];
  const length = properties.reduce((sum, name) => sum + name.length + '&properties='.length, 0);
  return { properties, fits: length <= QUERY_MAX, inline: ties.map(({ to }) => to.to) };
}

/** A page of the list, in order of id, from `after` on. */
export async function listed(room: Room, after: string | null, { properties, fits, inline }: Shows): Promise<Piece> {
  const { hubspot, type } = room;
  const { body, servedAt } = await hubspot.get(hubspot.paths.objects(type.name), [
    ['limit', String(PAGE_MAX)],
    ...(after === null ? [] : [['after', after] as const]),
    ...(fits ? properties : ['hs_object_id']).map((name) => ['properties', name] as const),
    ...inline.map((to) => ['associations', to] as const),
  ]);
  const page = parseRecordPage(body);
  return { records: fits ? page.records : await withProperties(room, page.records, properties), after: page.after, servedAt };
}

// More properties than an address can hold: the list gives ids and associations, a batch read the rest. Who left in between is left out.
async function withProperties(room: Room, some: readonly VendorRecord[], properties: readonly string[]): Promise<readonly VendorRecord[]> {
  const { byId } = await readRecords(
    room,
    some.map(({ id }) => id),
    { properties },
  );
  return some.flatMap(({ id, linked }) => {
    const record = byId.get(id);
    return record === undefined ? [] : [{ ...record, linked }];
  });
}

/**
 * Enters the list at one record. `after` is documented to be the id of the next record, which allows it. Where that does not hold, or the
 * record has gone meanwhile, the list is read from its beginning.
 */
export async function enterList(room: Room, at: string | null, shows: Shows): Promise<Piece> {
  const entered = await listed(room, at, shows).catch(asRefusal);
  if (entered instanceof HubError && entered.kind !== 'misconfigured') throw entered;
  return entered instanceof HubError || (at !== null && entered.records[0]?.id !== at) ? listed(room, null, shows) : entered;
}

/** What the index has of the records that were made before some time, in order of id, beyond the given one. */
export async function searched(
  room: Room,
  after: string | null,
  { properties, before }: { readonly properties: readonly string[]; readonly before: string },
): Promise<Piece> {
  const filters: Filter[] = [{ propertyName: room.type.created, operator: 'LT', value: String(Date.parse(before)) }];
  const { records, isLast, lastId, servedAt } = await searchPage(room, { filters, after, properties });
  return { records, after: isLast ? null : lastId, servedAt };
}
