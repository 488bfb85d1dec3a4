import { HubError } from '../../../src/contract/errors.ts';
import type { Gone } from '../../../src/contract/records.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import { object } from '../http/shapes.ts';
import { parseRecord, type VendorRecord } from '../http/wire.ts';
import type { Room } from '../room.ts';
import { readRecords } from './read-records.ts';
import { latest } from './times.ts';

const AT_ONCE = 8;

/** What became of some ids: each of them is in one of the two. */
export type Found = { readonly present: ReadonlyMap<string, VendorRecord>; readonly gone: ReadonlyMap<string, Gone> };

/**
 * Looks ids up directly. What a batch leaves out may be in the bin, or merged into another record, to which only a read of the single id
 * leads; what neither shows is gone. One request for each hundred, and one for each id that is lost without being in the bin.
 */
export async function findRecords(room: Room, ids: readonly string[], properties: readonly string[]): Promise<Found> {
  // HubSpot refuses a whole batch for one id that is not a number, and no record can have such an id.
  const possible = ids.filter((id) => /^\d+$/.test(id));
  const { byId, servedAt } = await readRecords(room, possible, { properties });
  const present = new Map([...byId].filter(([id]) => possible.includes(id)));
  const gone = new Map<string, Gone>(ids.filter((id) => !/^\d+$/.test(id)).map((id) => [id, { kind: 'gone', id, changedAt: servedAt }]));
  const lost = possible.filter((id) => !present.has(id));
  const binned = await readBinned(room, lost);
  for (const [id, changedAt] of binned) gone.set(id, { kind: 'gone', id, changedAt });
  const homes = await readHomes(
    room,
    [...new Set(lost)].filter((id) => !binned.has(id)),
  );
  for (const [id, home] of homes) if (home === null || home.id !== id) gone.set(id, goneTo(room, { id, servedAt, home }));
  const back = lost.filter((id) => !gone.has(id));
  for (const [id, record] of await readAgain(room, back, properties)) present.set(id, record);
  return { present, gone };
}

// Never earlier than what was seen of a record before, or the news that it is gone would pass for old.
function goneTo({ type }: Room, { id, servedAt, home }: { id: string; servedAt: string; home: VendorRecord | null }): Gone {
  if (home === null) return { kind: 'gone', id, changedAt: servedAt };
  const changedAt = latest([home.updatedAt, servedAt]) ?? servedAt;
  return { kind: 'gone', id, changedAt, mergedInto: { object: type.singular, id: home.id } };
}

// When each of them was put into the bin; a record may have been changed in the very same moment.
async function readBinned(room: Room, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { records, servedAt } = await readRecords(room, ids, { properties: ['hs_object_id'], archived: true });
  const binned = records.filter(({ archived }) => archived);
  return new Map(binned.map(({ id, archivedAt, updatedAt }) => [id, latest([archivedAt ?? servedAt, updatedAt]) ?? updatedAt]));
}

// The record that each id leads to, which has another id after a merge, or null.
async function readHomes({ hubspot, type }: Room, ids: readonly string[]): Promise<ReadonlyMap<string, VendorRecord | null>> {
  const homes = new Map<string, VendorRecord | null>();
  const readHome = async (id: string) => {
    const answer = await hubspot.find(hubspot.paths.objects(type.name, `/${id}`), [['properties', 'hs_object_id']]);
    homes.set(id, answer === null ? null : parseRecord(object(answer.body, 'record')));
  };
  for (const part of chunk(ids, AT_ONCE)) await Promise.all(part.map(readHome));
  return homes;
}

// What was brought back between two reads. A record that a batch goes on leaving out is not called gone: it is there.
async function readAgain(room: Room, ids: readonly string[], properties: readonly string[]): Promise<ReadonlyMap<string, VendorRecord>> {
  const { byId } = await readRecords(room, ids, { properties });
  const lost = ids.find((id) => !byId.has(id));
  if (lost === undefined) return byId;
  throw new HubError('broken_answer', `HubSpot shows ${room.type.singular} ${lost} alone, and leaves it out of a batch`);
}
