import { sql } from 'kysely';
import type { Db } from './database.ts';

/** A choice for the whole hub, as it is stored; undefined where nobody has chosen. Whoever reads it checks its form. */
export async function readSetting(db: Db, name: string): Promise<unknown> {
  return (await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst())?.value;
}

/** Keeps a choice in place of the one before. */
export async function writeSetting(db: Db, name: string, { value, by }: { readonly value: unknown; readonly by: string }): Promise<void> {
  const row = { name, value: JSON.stringify(value), changed_by: by };
  await db
    .insertInto('setting')
    .values(row)
    .onConflict((c) => c.column('name').doUpdateSet({ value: row.value, changed_by: by, changed_at: sql`now()` }))
    .execute();
}

/** Goes back to how it comes. */
export async function dropSetting(db: Db, name: string): Promise<void> {
  await db.deleteFrom('setting').where('name', '=', name).execute();
}
