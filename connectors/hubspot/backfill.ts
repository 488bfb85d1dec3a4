import type { Ask } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Page } from '../../src/contract/records.ts';
import { chosenTarget, readAssociations } from './associations.ts';
import { afterBackfill, type BackfillCursor } from './cursor.ts';
import type { Reference } from './object-types.ts';
import { observeRecords, type ReferenceOf } from './observe.ts';
import { readRecords } from './read-records.ts';
import { askedReference, propertiesBehind, type Room } from './room.ts';
import { latest } from './times.ts';
import { parseRecordPage, type VendorRecord } from './wire.ts';

const PAGE_MAX = 100;
// HubSpot refuses an address of some 16,000 characters, and some have seen half of that refused.
const QUERY_MAX = 7000;

type Listed = { readonly records: readonly VendorRecord[]; readonly after: string | null; readonly servedAt: string | null };

/** Everything, in order of id: one request a page, associations included. */
export async function* backfill(room: Room, from: BackfillCursor | null, ask: Ask): AsyncIterable<Page> {
  let after = from?.after ?? null;
  let startedAt = from?.startedAt ?? null;
  do {
    const page = await listPage(room, after, ask.fields);
    // Without a Date header the newest change on the page is surely not later than now.
    startedAt ??= page.servedAt ?? latest(page.records.map(({ updatedAt }) => updatedAt)) ?? new Date(0).toISOString();
    if (page.after !== null && page.after === after)
      throw new HubError('broken_answer', `HubSpot's list of ${room.type.name} does not go on`);
    const seen = await observeRecords(room, page.records, {
      fields: ask.fields,
      referenceOf: await inlineReferences(room, page.records, ask.fields),
    });
    after = page.after;
    yield {
      seen,
      cursor: after === null ? afterBackfill(startedAt, room.hubspot.indexLagMs) : { v: 1, phase: 'backfill', after, startedAt },
    };
  } while (after !== null);
}

async function listPage(room: Room, after: string | null, fields: readonly string[]): Promise<Listed> {
  const reference = askedReference(room.type, fields);
  const properties = [...propertiesBehind(room.type, fields), ...(reference === null ? [] : [reference.primaryProperty])];
  const fits = properties.reduce((sum, name) => sum + name.length + '&properties='.length, 0) <= QUERY_MAX;
  const query = (fits ? properties : ['hs_object_id']).map((name) => ['properties', name] as const);
  const { hubspot, type } = room;
  const { body, servedAt } = await hubspot.get(hubspot.paths.objects(type.name), [
    ['limit', String(PAGE_MAX)],
    ...(after === null ? [] : [['after', after] as const]),
    ...query,
    ...(reference === null ? [] : [['associations', reference.to] as const]),
  ]);
  const page = parseRecordPage(body);
  return { records: fits ? page.records : await withProperties(room, page.records, properties), after: page.after, servedAt };
}

// More properties than an address can hold: the list gives ids and associations, a batch read the rest. Who left in between is left out.
async function withProperties(
  room: Room,
  listed: readonly VendorRecord[],
  properties: readonly string[],
): Promise<readonly VendorRecord[]> {
  const ids = listed.map(({ id }) => id);
  const { byId } = await readRecords(room, ids, { properties });
  return listed.flatMap(({ id, linked }) => {
    const record = byId.get(id);
    return record === undefined ? [] : [{ ...record, linked }];
  });
}

// Inline associations come without labels. With one there is nothing to choose; with several the contact's own property names the
// primary; only where it does not is another request needed.
async function inlineReferences(room: Room, records: readonly VendorRecord[], fields: readonly string[]): Promise<ReferenceOf> {
  const to = askedReference(room.type, fields);
  if (to === null) return () => undefined;
  const unclear = records.filter((record) => inlineReference(record, to) === undefined).map(({ id }) => id);
  const read = await readAssociations(room.hubspot, room.type, { ids: unclear, to });
  return (record) => {
    const inline = inlineReference(record, to);
    return inline === undefined ? chosenTarget(read.get(record.id) ?? []) : inline;
  };
}

function inlineReference({ linked, properties }: VendorRecord, to: Reference): string | null | undefined {
  const { ids, more } = linked[to.to] ?? { ids: [], more: false };
  if (ids.length <= 1 && !more) return ids[0] ?? null;
  const primary = properties[to.primaryProperty];
  return primary && ids.includes(primary) ? primary : undefined;
}
