import { sql } from 'kysely';
import type { FieldValue } from '../../contract/records.ts';
import type { Db } from '../../hub/database.ts';

/**
 * What a plan calls a record that only it would make: by the remote record that it begins with, since its id is another one each time that the
 * plan is computed.
 */
export type Names = ReadonlyMap<string, string>;

/** What a record, or a remote record, that does not exist yet goes by in a plan. */
export const yetToBe = (name: string): string => `new:${name}`;
const YET_TO_BE = /^new:/;
export const isYetToBe = (id: string): boolean => YET_TO_BE.test(id);
/** The record that a remote record which is yet to be made stands for. */
export const nameIn = (id: string): string => id.replace(YET_TO_BE, '');

/** Names of the records among `recordIds`, or of all that this very transaction has made. */
export async function nameRecords(db: Db, recordIds: readonly string[] | null): Promise<Names> {
  const { rows } = await sql<{ id: string; name: string }>`
    select r.id, coalesce((
      select c.name || '/' || l.object || '/' || l.remote_id from link l join connection c on c.id = l.connection_id
      where l.record_id = r.id and l.remote_id is not null and l.evidence ->> 'made' is distinct from 'remote'
      order by l.evidence ->> 'made' = 'record' desc nulls last, c.name, l.object, l.remote_id limit 1), r.id::text) as name
    from record r where case when ${recordIds === null} then r.created_at = now() else r.id = any(${recordIds ?? []}::uuid[]) end`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** What tells a record apart in lines: its id, or its name when it is yet to be. */
export const recordKey = (names: Names, recordId: string): string => {
  const name = names.get(recordId);
  return name === undefined ? recordId : yetToBe(name);
};

/** A value with the records that it refers to by what tells them apart. */
export function withNames(names: Names, value: FieldValue): FieldValue {
  if (typeof value === 'string') return withName(names, value);
  return Array.isArray(value) ? value.map((one) => withName(names, one)) : value;
}

// In a list, a label may follow the id.
function withName(names: Names, text: string): string {
  const name = names.get(text.slice(0, 36));
  return name === undefined ? text : `${yetToBe(name)}${text.slice(36)}`;
}
