import type { Connection } from '../../hub/connections/connections.ts';
import type { Db } from '../../hub/database.ts';
import { erasedAmong } from '../../hub/records/erasures.ts';
import type { Engine } from '../engine.ts';
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
