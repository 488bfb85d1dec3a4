import type { Ask } from '../../../src/contract/connector.ts';
import type { Gone, Observation } from '../../../src/contract/records.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import type { VendorRow } from '../http/wire.ts';
import { PERSON_MARK } from '../object-types.ts';
import { hasPersons } from '../persons/halves.ts';
import { columnsBehind, type Room } from '../room.ts';
import { rowReader } from '../schema/values.ts';
import { rowsWhere } from './query.ts';
import { columnGroups } from './soql.ts';

/** Ids are 15 characters, or 18 with a checksum of their case; a query with anything else is refused as a whole. */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id);
}

/** The same id however long it was written. */
export const short = (id: string) => id.slice(0, 15);

/** The records as they are now, the recycle bin included: one answer an id, in order. A merged one leads to the last of its chain. */
export async function readByIds(room: Room, ids: readonly string[], ask: Ask): Promise<readonly Observation[]> {
  const values = [...new Set(ids.filter(isId))];
  const isMixed = values.length > 0 && (await hasPersons(room, {}));
  const groups = columnGroups([...(isMixed ? [PERSON_MARK] : []), ...columnsBehind(room.type, ask.fields)]);
  const { rows, servedAt } = await rowsWhere(room, { column: 'Id', values, groups });
  const types = rows.size === 0 ? {} : await room.schema.typesOf(ask.fields, {});
  const read = rowReader(room, { fields: ask.fields, types });
  const found = indexBy(rows.values(), ({ id }) => short(id));
  const lastOf = await followMerges(room, found);
  return ids.map((id): Observation => {
    const row = isId(id) ? found.get(short(id)) : undefined;
    // What is in no bin any more has no stamp: it is gone as of the answer.
    // Nor is a person account ever a company.
    if (row === undefined || (room.type.persons === 'account' && row.cells[PERSON_MARK] === true))
      return { kind: 'gone', id, changedAt: servedAt ?? new Date(0).toISOString() };
    const seen = read(row);
    return seen.kind === 'gone' ? { ...leading(seen, lastOf), id } : { ...seen, id };
  });
}

function leading(seen: Gone, lastOf: (id: string) => string): Gone {
  return seen.mergedInto === undefined ? seen : { ...seen, mergedInto: { ...seen.mergedInto, id: lastOf(seen.mergedInto.id) } };
}

type Rows = ReadonlyMap<string, VendorRow>;

/** Looks up winners that have since lost a merge themselves: a call for each link of the longest chain, and none where nothing was merged. */
async function followMerges(room: Room, found: Rows): Promise<(id: string) => string> {
  const known = new Map(found);
  const looked = new Set(known.keys());
  for (let wanted = mastersBeyond(known, looked); wanted.length > 0; wanted = mastersBeyond(known, looked)) {
    for (const id of wanted) looked.add(short(id));
    const { rows } = await rowsWhere(room, { column: 'Id', values: wanted, groups: [[]] });
    for (const row of rows.values()) known.set(short(row.id), row);
  }
  return (id) => endOf(id, known);
}

function mastersBeyond(known: Rows, looked: ReadonlySet<string>): readonly string[] {
  const masters = [...known.values()].flatMap(({ deleted, masterId }) => (deleted && masterId !== null ? [masterId] : []));
  return [...new Set(masters)].filter((id) => isId(id) && !looked.has(short(id)));
}

/** Where a chain of merges ends. A record that was restored since, or was deleted without a merge, ends it. */
function endOf(start: string, known: Rows): string {
  const passed = new Set<string>();
  let at = start;
  for (let row = known.get(short(at)); row?.deleted === true && row.masterId !== null; row = known.get(short(at))) {
    if (passed.has(short(at))) break;
    passed.add(short(at));
    at = row.masterId;
  }
  return at;
}
