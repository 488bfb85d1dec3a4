import { type Portal, sourceOf, type Table } from '../portal/portal.ts';
import { followNeighbours, followTies } from '../ties/following.ts';
import { conflict } from '../wire/refusal.ts';
import { claimAll, keep, nextTouch, releaseAll, uniqueValues } from './keeping.ts';
import type { Stored } from './records.ts';

const BIN_MS = 90 * 86_400_000;

/** The record that is meant, and the user who does it. */
type Act = { readonly id: string; readonly by: number };

/** Whether a record is in the recycle bin, which forgets after 90 days. */
export function isBinned(portal: Portal, record: Stored): boolean {
  return record.archivedAt !== null && portal.now().getTime() - Date.parse(record.archivedAt) <= BIN_MS;
}

/** Puts a record into the bin; what is not there, or is there already, stays as it is. */
export function archiveRecord(portal: Portal, table: Table, { id, by }: Act): void {
  const record = table.records.live(id);
  if (record === undefined) return;
  releaseAll(table, record);
  keep(portal, table, { ...record, archivedAt: portal.now().toISOString() });
  followNeighbours(portal, { type: table.type, id });
  portal.news.tell({ kind: 'deletion', type: table.type, id, source: sourceOf(portal, by) });
}

/** Takes a record out of the bin, which only people can do, unless its address has a new owner. */
export function restoreRecord(portal: Portal, table: Table, { id, by }: Act): void {
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
  followNeighbours(portal, { type: table.type, id });
  followTies(portal, [{ type: table.type, id }]);
  portal.news.tell({ kind: 'restore', type: table.type, id, source: sourceOf(portal, by) });
}

/** Erases a record for good, with its ties. */
export function purgeRecord(portal: Portal, table: Table, { id, by }: Act): void {
  const record = table.records.at(id);
  if (record === undefined) return;
  const self = { type: table.type, id };
  const ends = portal.associations.neighbours(self);
  if (record.archivedAt === null) releaseAll(table, record);
  table.records.drop(id);
  table.index.note(id, null, portal.now().getTime());
  for (const end of ends) portal.associations.untie(self, end);
  followTies(portal, ends);
  portal.news.tell({ kind: 'privacyDeletion', type: table.type, id, source: sourceOf(portal, by) });
}
