import type { Db } from '../database.ts';

/** The connection that something came from, for people to recognise. */
export type From = { readonly id: string; readonly name: string; readonly connector: string };
export type Systems = ReadonlyMap<string, From>;

/** All connections by id: a handful of rows, read once for a page. */
export async function systemsById(db: Db): Promise<Systems> {
  const rows = await db.selectFrom('connection').select(['id', 'name', 'connector']).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The connection, or what is left of one that was deleted. */
export function systemOf(systems: Systems, id: string): From {
  return systems.get(id) ?? { id, name: 'a deleted connection', connector: '' };
}

/** The name of whoever a stamp or a journal line speaks of: a connection, or the hub itself. */
export function nameOf(systems: Systems, by: string): string {
  return by === 'hub' ? 'Syncline' : systemOf(systems, by).name;
}
