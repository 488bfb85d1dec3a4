import type { Ask } from '../../src/contract/connector.ts';
import type { Observation } from '../../src/contract/records.ts';
import { indexBy } from '../../src/kernel/lists.ts';
import { chosenTarget, readAssociations } from './associations.ts';
import { observeRecords, type ReferenceOf } from './observe.ts';
import { readRecords } from './read-records.ts';
import { askedReference, propertiesBehind, type Room } from './room.ts';
import type { VendorRecord } from './wire.ts';

/** The records as they are now, one answer an id; archived, erased, merged away, and unknown are all `gone`. */
export async function readByIds(room: Room, ids: readonly string[], ask: Pick<Ask, 'fields'>): Promise<readonly Observation[]> {
  // HubSpot refuses a whole batch for one id that is not a number, and no record can have such an id.
  const possible = ids.filter((id) => /^\d+$/.test(id));
  const { byId, servedAt } = await readRecords(room, possible, { properties: propertiesBehind(room.type, ask.fields) });
  // A merged id is answered with the record that absorbed it, under another id: the asked one is no more.
  const found = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
  const observed = await observeRecords(room, found, { fields: ask.fields, referenceOf: await readReferences(room, found, ask.fields) });
  const seen = indexBy(observed, ({ id }) => id);
  return ids.map((id) => seen.get(id) ?? { kind: 'gone', id, changedAt: servedAt });
}

/** The references of some records, read where they are asked for: one request for each thousand. */
export async function readReferences(room: Room, records: readonly VendorRecord[], fields: readonly string[]): Promise<ReferenceOf> {
  const to = askedReference(room.type, fields);
  if (to === null || records.length === 0) return () => undefined;
  const read = await readAssociations(room.hubspot, room.type, { ids: records.map(({ id }) => id), to });
  return ({ id }) => chosenTarget(read.get(id) ?? []);
}
