import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import type { HubObject } from '../../mapping/mapping.ts';
import type { Outcome } from '../reconciling/batch.ts';

/** Makes the entries of people due who are tied to another company or the like now: an entry stands with that as well. */
export async function followTies(tx: Tx, object: HubObject, outcomes: readonly Outcome[]): Promise<void> {
  const ties = new Set([...object.fields.values()].flatMap(({ name, to }) => (to === null ? [] : [name])));
  const moved = outcomes.flatMap(({ record, planned }) =>
    planned.plan.changes.some(({ fields }) => Object.keys(fields).some((name) => ties.has(name))) ? [record.id] : [],
  );
  if (moved.length === 0) return;
  await sql`
    update entry e set due = true from response r where r.id = e.response_id and r.record_id = any(${moved}::uuid[]) and not e.due`.execute(
    tx,
  );
}
