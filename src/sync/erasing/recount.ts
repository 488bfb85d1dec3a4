import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { ChangedField } from '../../hub/stored.ts';
import type { HubObject } from '../../mapping/mapping.ts';
import { rollUpRecords } from '../reconciling/roll-up.ts';
import type { RecordRow } from '../reconciling/rows.ts';

type Recounting = { readonly object: HubObject; readonly names: readonly string[]; readonly actor: string };

/**
 * Counts the fields of some records anew, now that a response is gone, without a word of what they were: each line of the journal tells what they are.
 * The records are locked, and go on to the systems like any that has changed.
 */
export async function recount(tx: Tx, ids: readonly string[], { object, names, actor }: Recounting): Promise<void> {
  const { rows } = await sql<Omit<RecordRow, 'fresh'>>`
    select id, fields, stamps, archived from record where id = any(${ids}::uuid[]) order by id for update`.execute(tx);
  const records = new Map(rows.map((row) => [row.id, { ...row, fresh: false }]));
  await rollUpRecords(tx, object, [...records.keys()], records);
  for (const { id, fields, stamps } of records.values()) {
    const told = Object.fromEntries(
      names.map((name): [string, ChangedField] => [name, { old: null, new: fields[name] ?? null, rule: 'erased' }]),
    );
    await sql`
      update record set fields = ${JSON.stringify(fields)}::jsonb, stamps = ${JSON.stringify(stamps)}::jsonb, dirty = true, updated_at = now() where id = ${id}`.execute(
      tx,
    );
    await tx
      .insertInto('change')
      .values({ id: newId(), record_id: id, cause: 'rollup', actor, fields: JSON.stringify(told) })
      .execute();
  }
}
