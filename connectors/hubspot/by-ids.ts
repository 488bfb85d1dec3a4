import type { Ask } from '../../src/contract/connector.ts';
import type { Observation } from '../../src/contract/records.ts';
import { indexBy } from '../../src/kernel/lists.ts';
import { readAssociations } from './associations.ts';
import { findRecords } from './find-records.ts';
import { observeRecords, type TiesOf } from './observe.ts';
import { askedReference, propertiesBehind, type Room } from './room.ts';
import { shownOf } from './ties.ts';
import type { VendorRecord } from './wire.ts';

/** The records as they are now, one answer an id; what is archived, erased, or unknown is `gone`, and so is what was merged away. */
export async function readByIds(room: Room, ids: readonly string[], ask: Pick<Ask, 'fields'>): Promise<readonly Observation[]> {
  const { present, gone } = await findRecords(room, ids, propertiesBehind(room.type, ask.fields));
  const found = [...present.values()];
  const observed = await observeRecords(room, found, { fields: ask.fields, tiesOf: await readTies(room, found, ask.fields) });
  const seen = indexBy(observed, ({ id }) => id);
  return ids.flatMap((id) => seen.get(id) ?? gone.get(id) ?? []);
}

/** The ties of some records, read where their references are asked for: one request for each thousand. */
export async function readTies(room: Room, records: readonly VendorRecord[], fields: readonly string[]): Promise<TiesOf> {
  const to = askedReference(room.type, fields);
  if (to === null || records.length === 0) return () => undefined;
  const read = await readAssociations(room.hubspot, room.type, { ids: records.map(({ id }) => id), to });
  return ({ id }) => shownOf(read.get(id) ?? []);
}
