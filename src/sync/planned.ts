import { sql } from 'kysely';
import type { Fields } from '../contract/records.ts';
import type { Tx } from '../hub/database.ts';
import type { StoredBase } from '../hub/tables.ts';
import { canonical } from '../kernel/json.ts';
import type { LinkRow, RecordRow } from './trees.ts';

/** A link with the record that it was planned from, some time ago. */
export type Planned = { readonly link: LinkRow; readonly record: RecordRow };

/** What planned links stand on now. `outdated`: links whose record, or what they wait for, is not what they were planned from. */
export type Ground = {
  readonly fields: ReadonlyMap<string, Fields>;
  readonly bases: ReadonlyMap<string, StoredBase>;
  readonly outdated: ReadonlySet<string>;
};

/**
 * Locks the records of planned links, and sees what has become of them. Another worker may have reconciled a record after it was planned here:
 * what it found due must not be taken back by whoever did not know of it.
 */
export async function lockPlanned(tx: Tx, planned: readonly Planned[]): Promise<Ground> {
  const recordIds = [...new Set(planned.map(({ record }) => record.id))];
  const { rows: records } = await sql<{
    id: string;
    fields: Fields;
  }>`select id, fields from record where id = any(${recordIds}::uuid[]) order by id for update`.execute(tx);
  const { rows: links } = await sql<{ id: string; base: StoredBase; waits_for: string[] }>`
    select id, base, waits_for from link where id = any(${planned.map(({ link }) => link.id)}::uuid[])`.execute(tx);
  const fields = new Map(records.map((row) => [row.id, row.fields]));
  const byLink = new Map(links.map((row) => [row.id, row]));
  const outdated = planned.filter(({ link, record }) => {
    return (
      canonical(fields.get(record.id)) !== canonical(record.fields) ||
      canonical(byLink.get(link.id)?.waits_for) !== canonical(link.waitsFor)
    );
  });
  return { fields, bases: new Map(links.map((row) => [row.id, row.base])), outdated: new Set(outdated.map(({ link }) => link.id)) };
}
