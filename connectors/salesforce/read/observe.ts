import type { Ask } from '../../../src/contract/connector.ts';
import type { Observation } from '../../../src/contract/records.ts';
import type { VendorRow } from '../http/wire.ts';
import { columnsBehind, type Room } from '../room.ts';
import { rowReader, type Types } from '../schema/values.ts';
import { widen } from './query.ts';
import { columnGroups } from './soql.ts';

type Asked = { readonly ask: Ask; readonly types: Types };
type Observed = { readonly seen: readonly Observation[]; readonly types: Types };

/** What rows show that were read with the first columns only. */
export async function observe(room: Room, rows: readonly VendorRow[], asked: Asked): Promise<Observed> {
  return observeWhole(room, await widen(room, rows, asked.ask.fields), asked);
}

/** What rows show that have all columns. */
export async function observeWhole(room: Room, rows: readonly VendorRow[], { ask, types }: Asked): Promise<Observed> {
  if (rows.length === 0) return { seen: [], types };
  const known = await room.schema.typesOf(ask.fields, types);
  return { seen: rows.map(rowReader(room, { fields: ask.fields, types: known })), types: known };
}

/** The columns that a page is read with; where hundreds are asked for, the others follow. */
export function firstColumns({ type }: Room, ask: Ask): readonly string[] {
  return columnGroups(columnsBehind(type, ask.fields))[0] ?? [];
}
