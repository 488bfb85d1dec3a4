import type { Observation } from '../../contract/records.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { countOutcomes } from '../../hub/records/accounting.ts';
import { erasedAmong, storingResponses } from '../../hub/records/erasures.ts';
import type { Engine } from '../engine.ts';
import type { Work } from '../work.ts';
import { nameOfResponse } from './name.ts';

/** Those of some responses that were erased, by id. */
export async function erasedIds(
  engine: Engine,
  db: Db,
  connection: Pick<Connection, 'connector' | 'name'>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const digests = new Map(ids.map((id) => [id, engine.vault.fingerprints.all(nameOfResponse(engine, connection, id))]));
  const erased = await erasedAmong(db, [...digests.values()].flat());
  return new Set(ids.filter((id) => digests.get(id)?.some((digest) => erased.has(digest)) === true));
}

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
