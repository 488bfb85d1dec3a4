import type { Observation } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { countOutcomes } from '../../hub/records/accounting.ts';
import { storingResponses } from '../../hub/records/erasures.ts';
import type { Engine } from '../engine.ts';
import type { Work } from '../work.ts';
import { erasedIds } from './erased-ids.ts';

/** What was seen without the responses that were erased: whatever brings them again, they end here. */
export async function withoutErased(engine: Engine, tx: Tx, work: Work, seen: readonly Observation[]): Promise<readonly Observation[]> {
  if (work.mapping.kind === 'entity' || seen.length === 0) return seen;
  await storingResponses(tx);
  const erased = await erasedIds(
    engine,
    tx,
    work.connection,
    seen.map(({ id }) => id),
  );
  if (erased.size === 0) return seen;
  const kept = seen.filter(({ id }) => !erased.has(id));
  const n = seen.length - kept.length;
  if (work.runId !== undefined) await countOutcomes(tx, work.runId, { accepted: n, erased: n });
  return kept;
}
