import { sql } from 'kysely';
import type { Db } from '../database.ts';

/**
 * Why these connections, by name, cannot be on: people whom a sandbox of this hub has made up would be written into an account that is worked with.
 * Null when nothing of the kind would happen.
 */
export async function madeUpBeside(db: Db, names: readonly string[]): Promise<string | null> {
  const { rows } = await sql<{ ours: string | null; real: string | null }>`
    with own as (select name, sandbox from connection where enabled or name = any(${names}::text[]))
    select (select min(name) from own where sandbox = 'ours') as ours, (select min(name) from own where sandbox is null) as real`.execute(
    db,
  );
  const { ours = null, real = null } = rows[0] ?? {};
  if (ours === null || real === null) return null;
  return `${ours} is full of people who are made up, and they would be written into ${real}. Disconnect the sandboxes before you switch on an account that is worked with.`;
}

/**
 * Forgets a sandbox of this hub, with the records that came from nowhere else: nobody whom it has made up is to be met again in an account that is
 * worked with.
 */
export async function forgetMadeUp(tx: Db, connectionId: string): Promise<void> {
  await sql`create temporary table made_up on commit drop as
    with recursive gone as (
      select distinct l.record_id as id from link l where l.connection_id = ${connectionId} and not exists (
        select 1 from link o where o.record_id = l.record_id and o.connection_id <> l.connection_id and o.remote_id is not null)
      union select r.id from record r join gone g on r.merged_into = g.id)
    select id from gone`.execute(tx);
  await sql`delete from connection where id = ${connectionId}`.execute(tx);
  await sql`update response set record_id = null, attachment = 'unmatched', evidence = null where record_id in (select id from made_up)`.execute(
    tx,
  );
  for (const { refers, column } of await referring(tx))
    await sql`delete from ${sql.table(refers)} where ${sql.ref(column)} in (select id from made_up)`.execute(tx);
  await sql`delete from delivery where record_id in (select id from made_up)`.execute(tx);
  await sql`delete from record where id in (select id from made_up)`.execute(tx);
}

/** What is about a record, and does not go by itself when that goes: those first that others point at least. */
async function referring(tx: Db): Promise<readonly { readonly refers: string; readonly column: string }[]> {
  const { rows } = await sql<{ refers: string; column: string }>`
    select c.conrelid::regclass::text as refers, a.attname as "column"
    from pg_catalog.pg_constraint c join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'public.record'::regclass and c.confdeltype = 'a' and c.conrelid <> c.confrelid and c.conrelid <> 'response'::regclass
    order by (select count(*) from pg_catalog.pg_constraint o where o.contype = 'f' and o.confrelid = c.conrelid), 1, 2`.execute(tx);
  return rows;
}
