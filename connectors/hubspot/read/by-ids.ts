import type { Ask } from '../../../src/contract/connector.ts';
import type { Observation } from '../../../src/contract/records.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import type { VendorRecord } from '../http/wire.ts';
import { askedReferences, propertiesBehind, type Room } from '../room.ts';
import { readAssociations } from '../ties/associations.ts';
import { shownOf, type Tie } from '../ties/ties.ts';
import { findRecords } from './find-records.ts';
import { observeRecords, type TiesOf } from './observe.ts';

/** The records as they are now, one answer an id; what is archived, erased, or unknown is `gone`, and so is what was merged away. */
export async function readByIds(room: Room, ids: readonly string[], ask: Pick<Ask, 'fields'>): Promise<readonly Observation[]> {
  const { present, gone } = await findRecords(room, ids, propertiesBehind(room.type, ask.fields));
  const found = [...present.values()];
  const observed = await observeRecords(room, found, { fields: ask.fields, tiesOf: await readTies(room, found, ask.fields) });
  const seen = indexBy(observed, ({ id }) => id);
  return ids.flatMap((id) => seen.get(id) ?? gone.get(id) ?? []);
}

/** The ties of some records, read where their references are asked for: one request for each thousand, and for each other type. */
export async function readTies(room: Room, records: readonly VendorRecord[], fields: readonly string[]): Promise<TiesOf> {
  const ids = records.map(({ id }) => id);
  const read = new Map<string, ReadonlyMap<string, readonly Tie[]>>();
  if (records.length > 0) {
    for (const to of askedReferences(room.type, fields)) read.set(to.many, await readAssociations(room.hubspot, room.type, { ids, to }));
  }
  return ({ id }, { many }) => {
    const ties = read.get(many);
    return ties === undefined ? undefined : shownOf(ties.get(id) ?? []);
  };
}
