import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import type { BeforeMerging, MergedSide } from '../../hub/stored.ts';

/** A field of a journal line of which nobody is told any more what it was and became. */
const ERASED = JSON.stringify({ old: null, new: null, rule: 'erased' });

/** Takes everything out of the hub that a record held which stood for a response alone: its values, its past, what was written of it, and its words. */
export async function redactWhole(tx: Tx, recordId: string): Promise<void> {
  await sql`update record set fields = '{}', stamps = '{}' where id = ${recordId} and fields <> '{}'`.execute(tx);
  await sql`update change set fields = '{}' where record_id = ${recordId} and fields <> '{}'`.execute(tx);
  await sql`update delivery set before = '{}', after = '{}' where record_id = ${recordId} and (before <> '{}' or after <> '{}')`.execute(
    tx,
  );
  await sql`delete from plan_line where record_id = ${recordId}`.execute(tx);
  await sql`delete from hold where record_id = ${recordId} and kind in ('conflict', 'refused_field', 'refused_record')`.execute(tx);
  await sql`delete from record_lookup where record_id = ${recordId}`.execute(tx);
}

/** What was counted of a response: these fields of a record, since a time. */
export type Counted = { readonly recordId: string; readonly names: readonly string[]; readonly since: Date };

/**
 * Takes what was counted of a response out of a record's past: which values there were is not told any more, nor what was written of them. What was
 * undone or planned of them goes as well.
 */
export async function redactCounted(tx: Tx, { recordId, names, since }: Counted): Promise<void> {
  if (names.length === 0) return;
  await sql`
    update change c set fields = (
      select jsonb_object_agg(f.key, case when f.key = any(${names}::text[]) then ${ERASED}::jsonb else f.value end) from jsonb_each(c.fields) f)
    where record_id = ${recordId} and at >= ${since} and fields ?| ${names}::text[]`.execute(tx);
  await redactWritten(tx, { recordId, names, since });
  await sql`
    update plan_line set fields = fields - ${names}::text[], now_fields = now_fields - ${names}::text[] where record_id = ${recordId}`.execute(
    tx,
  );
  await sql`delete from hold where record_id = ${recordId} and field = any(${names}::text[])`.execute(tx);
  await sql`update record set fields = fields - ${names}::text[], stamps = stamps - ${names}::text[] where merged_into = ${recordId}`.execute(
    tx,
  );
  await redactMergings(tx, recordId, names);
}

/** Takes out what was written of it over there, and what that replaced. */
export async function redactWritten(tx: Tx, { recordId, names, since }: Counted): Promise<void> {
  await sql`
    update delivery set before = before - ${names}::text[], after = after - ${names}::text[]
    where record_id = ${recordId} and at >= ${since} and (before ?| ${names}::text[] or after ?| ${names}::text[])`.execute(tx);
}

async function redactMergings(tx: Tx, recordId: string, names: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string; before: BeforeMerging }>`
    select id, before from merging where winner_id = ${recordId} or loser_id = ${recordId} for update`.execute(tx);
  for (const { id, before } of rows) {
    const redacted = { ...before, winner: without(before.winner, names), loser: without(before.loser, names) };
    await sql`update merging set before = ${JSON.stringify(redacted)}::jsonb where id = ${id}`.execute(tx);
  }
}

function without(side: MergedSide, names: readonly string[]): MergedSide {
  const kept = <T>(all: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
  return { ...side, fields: kept(side.fields), stamps: kept(side.stamps) };
}
