import { sql } from 'kysely';
import type { Db } from '../database.ts';

/** What connections, operators, and keys are called that something is about to be done to. Records are people: they stay ids. */
export async function namesOfSubjects(db: Db, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ name: string }>`
    select name from connection where id = any(${ids}::uuid[]) union all select name from operator where id::text = any(${ids}::text[])
    union all select name from api_key where id::text = any(${ids}::text[])`.execute(db);
  return rows.map(({ name }) => name);
}
