import { sql } from 'kysely';
import type { FieldValue } from '../../contract/records.ts';
import { type Rated, rollUp } from '../../feedback/roll-up.ts';
import type { Db } from '../../hub/database.ts';
import type { ChangedField, Stamp } from '../../hub/stored.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { HubObject } from '../../mapping/mapping.ts';
import { sameValue } from '../../merge/same.ts';
import type { RecordRow } from './rows.ts';

export type RolledUp = { readonly recordId: string; readonly changed: Readonly<Record<string, ChangedField>> };

/** Computes the roll-up fields of some records from their responses, puts them into `records`, and says what changed. */
export async function rollUpRecords(
  db: Db,
  object: HubObject,
  ids: readonly string[],
  records: Map<string, RecordRow>,
): Promise<readonly RolledUp[]> {
  const fields = [...object.fields.values()].flatMap((field) =>
    field.rollup === null ? [] : [{ name: field.name, rollup: field.rollup }],
  );
  if (fields.length === 0 || ids.length === 0) return [];
  const { rows } = await sql<Omit<Rated, 'submittedAt'> & { submittedAt: Date; recordId: string; now: Date }>`
    select id, submitted_at as "submittedAt", scores, comment, record_id as "recordId", now() as now from response
    where record_id = any(${ids}::uuid[]) and attachment = 'attached' and state = 'complete' and submitted_at is not null`.execute(db);
  const { rows: clock } = await sql<{ now: Date }>`select now() as now`.execute(db);
  const at = (clock[0]?.now ?? new Date(0)).toISOString();
  const byRecord = groupBy(rows, (row) => row.recordId);
  return ids.flatMap((id) => {
    const record = records.get(id);
    const rated = (byRecord.get(id) ?? []).map((row) => ({ ...row, submittedAt: row.submittedAt.toISOString() }));
    const never = rated.length === 0 && fields.every(({ name }) => record?.fields[name] === undefined);
    if (record === undefined || never) return [];
    const next: Record<string, FieldValue> = { ...record.fields };
    const stamps: Record<string, Stamp> = { ...record.stamps };
    const changed: Record<string, ChangedField> = {};
    for (const { name, rollup } of fields) {
      const [old, value] = [record.fields[name] ?? null, rollUp(rated, rollup)];
      if (sameValue(old, value)) continue;
      next[name] = value;
      stamps[name] = [at, 'hub'];
      changed[name] = { old, new: value };
    }
    if (Object.keys(changed).length === 0) return [];
    records.set(id, { ...record, fields: next, stamps });
    return [{ recordId: id, changed }];
  });
}
