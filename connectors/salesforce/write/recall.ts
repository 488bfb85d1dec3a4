import type { Ask } from '../../../src/contract/connector.ts';
import type { Create, FieldValue, Present } from '../../../src/contract/records.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import { whoIsSignedIn } from '../http/identify.ts';
import type { VendorField, VendorRow } from '../http/wire.ts';
import { KEY_FIELD } from '../manifest.ts';
import { OWNER_FIELD } from '../object-types.ts';
import { queryPages, rowsWhere, selectFrom, widen } from '../read/query.ts';
import { columnGroups, instantLiteral, literal } from '../read/soql.ts';
import { columnsBehind, fateOf, type Room } from '../room.ts';
import { type Fields, hasKey } from '../schema/schema.ts';
import { type Reading, rowReader } from '../schema/values.ts';

type Wanted = { readonly since: string; readonly ask: Ask };

function toPresent(room: Room, row: VendorRow, reading: Reading): Present | null {
  // A record that was deleted since was made all the same: the next delta says that it is gone.
  const observation = rowReader(room, reading)({ ...row, deleted: false });
  return observation.kind === 'present' ? observation : null;
}

async function byKey(room: Room, creates: readonly Create[], ask: Ask): Promise<readonly (Present | null)[]> {
  const [first = [], ...more] = columnGroups(columnsBehind(room.type, ask.fields));
  const groups = [[...new Set([...first, KEY_FIELD])], ...more.map((group) => [KEY_FIELD, ...group])];
  const values = [...new Set(creates.map(({ key }) => key))];
  const { rows } = await rowsWhere(room, { column: KEY_FIELD, values, groups });
  const types = await room.schema.typesOf(ask.fields, {});
  // Of two with one key the living one counts, and it is put in last.
  const liveLast = [...rows.values()].sort((a, b) => Number(b.deleted) - Number(a.deleted));
  const found = indexBy(liveLast, ({ cells }) => String(cells[KEY_FIELD]).toLowerCase());
  return creates.map(({ key }) => {
    const row = found.get(key.toLowerCase());
    return row === undefined ? null : toPresent(room, row, { fields: ask.fields, types });
  });
}

/** A value as Salesforce would store it, as a text to compare: trimmed, rounded, in whole seconds, sets in order. */
function stored(value: FieldValue, field: VendorField | undefined): string {
  const type = field?.type ?? 'string';
  if (Array.isArray(value)) return [...value].sort().join(';');
  if (typeof value === 'number') return value.toFixed(field?.scale ?? 0);
  if (value === null) return type === 'boolean' ? 'false' : '';
  const text = String(value).trim().replace(/\r\n?/g, '\n');
  if (type === 'datetime') return String(Math.floor(Date.parse(text) / 1000));
  if (type === 'multipicklist') return text.split(';').sort().join(';');
  return type === 'email' || type === 'reference' ? text.toLowerCase() : text;
}

function isWhatWasSent(create: Create, seen: Present, fields: Fields): boolean {
  return Object.entries(create.fields).every(([name, value]) => {
    const shown = seen.fields[name];
    // What was sent empty may have been filled in by the org.
    if (value === null || value === '' || shown === undefined) return true;
    if (name === OWNER_FIELD) return String(value).trim().toLowerCase() === shown;
    return stored(value, fields.get(name)) === stored(shown, fields.get(name));
  });
}

const skewMs = 60_000;

async function madeByUs(room: Room, wanted: readonly string[], since: string): Promise<readonly VendorRow[]> {
  const { client, type } = room;
  const me = await whoIsSignedIn(client);
  const byMe = me === null ? '' : ` AND CreatedById = ${literal(me.userId)}`;
  const from = instantLiteral(new Date(Date.parse(since) - skewMs).toISOString());
  const select = selectFrom(type.name, [...fateOf(type), ...(columnGroups(columnsBehind(type, wanted))[0] ?? [])]);
  const rows: VendorRow[] = [];
  const soql = `${select} WHERE CreatedDate >= ${from}${byMe} ORDER BY Id`;
  for await (const page of queryPages(client, soql, { all: true })) {
    rows.push(...(await widen(room, page.rows, wanted)));
  }
  return rows;
}

async function byContent(room: Room, creates: readonly Create[], { since, ask }: Wanted): Promise<readonly (Present | null)[]> {
  const fields = await room.schema.fields();
  const wanted = [...new Set([...ask.fields, ...creates.flatMap((create) => Object.keys(create.fields))])];
  const types = await room.schema.typesOf(wanted, {});
  const rows = await madeByUs(room, wanted, since);
  const free = new Map(rows.map((row) => [row.id, row]));
  return creates.map((create) => {
    for (const row of free.values()) {
      const seen = toPresent(room, row, { fields: wanted, types });
      if (seen === null || !isWhatWasSent(create, seen, fields)) continue;
      // Two equal creates made two records: each answers for one.
      free.delete(row.id);
      return toPresent(room, row, { fields: ask.fields, types });
    }
    return null;
  });
}

/** Finds what creates have made whose answer was lost: by the hub's key where the org has it, else by what was written. */
export async function recall(room: Room, creates: readonly Create[], wanted: Wanted): Promise<readonly (Present | null)[]> {
  if (creates.length === 0) return [];
  return hasKey(await room.schema.fields()) ? byKey(room, creates, wanted.ask) : byContent(room, creates, wanted);
}
