import { sql } from 'kysely';
import type { FieldValue } from '../../contract/records.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { ChangeCause, ChangedField } from '../../hub/stored.ts';
import { sameValue } from '../../merge/same.ts';
import type { Engine } from '../engine.ts';

/** References that lead to one record and are to lead to another, because both became one or two. */
export type Repointing = {
  readonly object: string;
  readonly from: string;
  readonly to: string;
  readonly cause: Extract<ChangeCause, 'merged' | 'unmerged'>;
  readonly mergingId: string;
  readonly actor: string | null;
};
export type Reference = { readonly recordId: string; readonly field: string };

/**
 * Makes the references of other records that lead to one record lead to another; which those were. `only` names those that it may touch.
 */
export async function repoint(engine: Engine, tx: Tx, how: Repointing, only?: readonly Reference[]): Promise<readonly Reference[]> {
  const allowed = only === undefined ? null : new Set(only.map(keyOf));
  const done: Reference[] = [];
  for (const { object, field } of referencesTo(engine, how.object)) {
    const { rows } = await sql<{ id: string; value: FieldValue }>`
      select id, fields -> ${field} as value from record
      where object = ${object} and fields ->> ${field} like ${`%${how.from}%`} and id <> all(${[how.from, how.to]}::uuid[]) order by id for update`.execute(
      tx,
    );
    const changes = rows
      .filter((row) => allowed?.has(keyOf({ recordId: row.id, field })) !== false)
      .map((row) => ({ recordId: row.id, change: { old: row.value, new: withId(row.value, how) } }))
      .filter(({ change }) => !sameValue(change.old, change.new));
    await write(tx, field, changes, how);
    done.push(...changes.map(({ recordId }) => ({ recordId, field })));
  }
  return done;
}

const keyOf = ({ recordId, field }: Reference): string => `${recordId}|${field}`;

/** Marks the records that refer to one record: what their systems show of it is understood anew. */
export async function markReferring(engine: Engine, tx: Tx, to: { readonly object: string; readonly id: string }): Promise<void> {
  for (const { object, field } of referencesTo(engine, to.object))
    await sql`update record set dirty = true where object = ${object} and fields ->> ${field} like ${`%${to.id}%`}`.execute(tx);
}

/** The same for several records at once. */
export async function markReferringTo(engine: Engine, tx: Tx, hubObject: string, ids: readonly string[]): Promise<void> {
  for (const { object, field } of referencesTo(engine, hubObject)) {
    await sql`
      update record r set dirty = true where object = ${object} and merged_into is null and not dirty and (
        fields ->> ${field} = any(${ids}::text[])
        or (jsonb_typeof(fields -> ${field}) = 'array' and exists (
          select 1 from jsonb_array_elements_text(fields -> ${field}) as e where split_part(e, '#', 1) = any(${ids}::text[]))))`.execute(
      tx,
    );
  }
}

/** How many fields of other records lead to one record. */
export async function countReferring(engine: Engine, db: Db, to: { readonly object: string; readonly id: string }): Promise<number> {
  let total = 0;
  for (const { object, field } of referencesTo(engine, to.object)) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from record where object = ${object} and merged_into is null and fields ->> ${field} like ${`%${to.id}%`}`.execute(
      db,
    );
    total += rows[0]?.n ?? 0;
  }
  return total;
}

/** The fields that may lead to records of an object. Entries are left out: they follow whom their responses are attached to. */
function referencesTo(engine: Engine, hubObject: string): readonly { object: string; field: string }[] {
  const attaches = [...engine.mappings.byStream.values()].some((mapping) => mapping.kind === 'response' && mapping.hub === hubObject);
  return [...engine.mappings.model.values()].flatMap((object) =>
    [...object.fields.values()]
      .filter((field) => field.to === hubObject && field.segment === undefined && !(attaches && field.response !== null))
      .map((field) => ({ object: object.name, field: field.name })),
  );
}

/** A reference, or each of a list, with one id in place of another; its label stays. A list names no record twice. */
function withId(value: FieldValue, { from, to }: Pick<Repointing, 'from' | 'to'>): FieldValue {
  const one = (text: string): string => (text === from || text.startsWith(`${from}#`) ? to + text.slice(from.length) : text);
  if (typeof value === 'string') return one(value);
  return Array.isArray(value) ? [...new Set((value as readonly string[]).map(one))].sort() : value;
}

type Repointed = { readonly recordId: string; readonly change: ChangedField };

async function write(tx: Tx, field: string, done: readonly Repointed[], how: Repointing): Promise<void> {
  if (done.length === 0) return;
  const ids = done.map((one) => one.recordId);
  const detail = JSON.stringify({ mergingId: how.mergingId, repointed: { from: how.from, to: how.to } });
  await sql`
    update record r set fields = jsonb_set(r.fields, array[${field}], d.value::jsonb), dirty = true, updated_at = now()
    from unnest(${ids}::uuid[], ${done.map((one) => JSON.stringify(one.change.new))}::text[]) as d (id, value) where r.id = d.id`.execute(
    tx,
  );
  await sql`
    insert into change (id, record_id, cause, connection_id, remote_id, run_id, actor, fields, detail)
    select c.id, c.record_id, ${how.cause}, null, null, null, ${how.actor}, jsonb_build_object(${field}::text, c.change::jsonb), ${detail}::jsonb
    from unnest(${done.map(() => newId())}::uuid[], ${ids}::uuid[], ${done.map((one) => JSON.stringify(one.change))}::text[]) as c (id, record_id, change)`.execute(
    tx,
  );
}
