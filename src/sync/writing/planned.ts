import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import type { StoredBase } from '../../hub/stored.ts';
import { canonical } from '../../kernel/json.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { RecordRow } from '../reconciling/rows.ts';

/** A link with the record that it was planned from, some time ago. */
export type Planned = { readonly link: LinkRow; readonly record: RecordRow };

/**
 * What planned links stand on now. `outdated`: links whose record, or what they wait for, is not what they were planned from. `owners`: the
 * record of each link as it is now, since merges move links; `fields` are that record's, by the record that the link was planned from.
 */
export type Ground = {
  readonly owners: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, Fields>;
  readonly bases: ReadonlyMap<string, StoredBase>;
  readonly outdated: ReadonlySet<string>;
};

/**
 * Locks the records of planned links, and sees what has become of them. Another worker may have reconciled a record after it was planned here:
 * what it found due must not be taken back by whoever did not know of it.
 */
export async function lockPlanned(tx: Tx, planned: readonly Planned[]): Promise<Ground> {
  const links = await readOwned(tx, planned);
  const owners = new Map(links.map((row) => [row.id, row.record_id]));
  const ownerOf = ({ link, record }: Planned): string => owners.get(link.id) ?? record.id;
  const recordIds = [...new Set(planned.map(ownerOf))];
  const { rows: records } = await sql<{
    id: string;
    fields: Fields;
  }>`select id, fields from record where id = any(${recordIds}::uuid[]) order by id for update`.execute(tx);
  // A merge may have moved a link while its record's lock was waited for.
  const held = await readOwned(tx, planned);
  if (held.some((row) => owners.get(row.id) !== row.record_id)) return lockPlanned(tx, planned);
  const byId = new Map(records.map((row) => [row.id, row.fields]));
  const fields = new Map(planned.flatMap((one) => [[one.record.id, byId.get(ownerOf(one)) ?? {}] as const]));
  const byLink = new Map(held.map((row) => [row.id, row]));
  const outdated = planned.filter(({ link, record }) => {
    return (
      owners.get(link.id) !== record.id ||
      canonical(fields.get(record.id)) !== canonical(record.fields) ||
      canonical(byLink.get(link.id)?.waits_for) !== canonical(link.waitsFor)
    );
  });
  return { owners, fields, bases: new Map(held.map((row) => [row.id, row.base])), outdated: new Set(outdated.map(({ link }) => link.id)) };
}

type Owned = { readonly id: string; readonly record_id: string; readonly base: StoredBase; readonly waits_for: string[] };

async function readOwned(tx: Tx, planned: readonly Planned[]): Promise<readonly Owned[]> {
  const { rows } = await sql<Owned>`
    select id, record_id, base, waits_for from link where id = any(${planned.map(({ link }) => link.id)}::uuid[])`.execute(tx);
  return rows;
}
