import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { segmentObject } from '../../mapping/mapping.ts';
import type { Engine } from '../engine.ts';
import type { Batch } from '../reconciling/batch.ts';

/** Lets whoever has changed be looked at by the segments, as long as some system takes them. */
export async function noteForSegments(engine: Engine, tx: Tx, batch: Batch): Promise<void> {
  if (segmentObject(engine.mappings.model)?.segments?.of !== batch.hubObject) return;
  const moved = batch.outcomes.flatMap(({ record, planned }) => (record.fresh || planned.plan.moved ? [record.id] : []));
  const archived = batch.outcomes.flatMap(({ record, planned: { plan } }) => ((plan.archived ?? plan.revived) === null ? [] : [record.id]));
  const ids = [...new Set([...batch.dirty, ...moved, ...archived])].sort();
  if (ids.length === 0) return;
  await sql`
    insert into segment_check (person_id) select p.id from unnest(${ids}::uuid[]) as p (id) where exists (select 1 from segment_settings where settings is not null)
    on conflict (person_id) do update set at = now()`.execute(tx);
}
