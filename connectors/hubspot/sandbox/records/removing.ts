import { OBJECT_TYPES, type ObjectType } from '../portal/object-types.ts';
import type { Portal, Table } from '../portal/portal.ts';
import { conflict } from '../wire/refusal.ts';
import type { Stored } from './records.ts';
import { claimAll, followTies, keep, nextTouch, releaseAll, uniqueValues } from './writing.ts';

const BIN_MS = 90 * 86_400_000;

/** Whether a record is in the recycle bin, which forgets after 90 days. */
export function isBinned(portal: Portal, record: Stored): boolean {
  return record.archivedAt !== null && portal.now().getTime() - Date.parse(record.archivedAt) <= BIN_MS;
}

function companies(): ObjectType {
  const found = OBJECT_TYPES.find((type) => type.name === 'companies');
  if (found === undefined) throw new Error('a portal has companies');
  return found;
}

/** Those at the other end see their primary come or go. */
function followNeighbours(portal: Portal, type: ObjectType, id: string): void {
  const contacts = portal.associations.neighbours({ type, id }).filter((end) => end.type.name === 'contacts');
  followTies(portal, contacts, companies());
}

/** Both ends of a tie that was just written. */
export function followPair(portal: Portal, pairs: Parameters<typeof followTies>[1]): void {
  followTies(portal, pairs, companies());
}

/** Puts a record into the bin; what is not there, or is there already, stays as it is. */
export function archiveRecord(portal: Portal, table: Table, id: string): void {
  const record = table.records.live(id);
  if (record === undefined) return;
  releaseAll(table, record);
  keep(portal, table, { ...record, archivedAt: portal.now().toISOString() });
  followNeighbours(portal, table.type, id);
}

/** Takes a record out of the bin, which only people can do, unless its address has a new owner. */
export function restoreRecord(portal: Portal, table: Table, id: string): void {
  const record = table.records.at(id);
  if (record === undefined || !isBinned(portal, record)) throw new Error(`${table.type.singular} ${id} is not in the bin`);
  for (const [name, value] of uniqueValues(table, record)) {
    const holder = table.records.holder(name, value);
    if (holder !== undefined) throw conflict(holder);
  }
  const updatedAt = nextTouch(portal, record);
  const properties = { ...record.properties, [table.type.modified]: updatedAt, hs_lastmodifieddate: updatedAt };
  const restored = keep(portal, table, { ...record, archivedAt: null, updatedAt, properties });
  claimAll(table, restored);
  followNeighbours(portal, table.type, id);
  followPair(portal, [{ type: table.type, id }]);
}

/** Erases a record for good, with its ties. */
export function purgeRecord(portal: Portal, table: Table, id: string): void {
  const record = table.records.at(id);
  if (record === undefined) return;
  const self = { type: table.type, id };
  const ends = portal.associations.neighbours(self);
  if (record.archivedAt === null) releaseAll(table, record);
  table.records.drop(id);
  table.index.note(id, null, portal.now().getTime());
  for (const end of ends) portal.associations.untie(self, end);
  followPair(portal, ends);
}
