import type { Observation } from '../../contract/records.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import type { Tx } from '../../hub/database.ts';
import { storeAliases } from '../../hub/records/aliases.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import { noteSeenSoFar } from '../../hub/runs/interrupted-runs.ts';
import type { Engine } from '../engine.ts';
import { withoutErased } from '../erasing/without-erased.ts';
import { attachFiled } from '../responses/attach.ts';
import { fileResponses } from '../responses/file.ts';
import { makeContacts } from '../responses/make-contacts.ts';
import { inTransaction } from '../transaction.ts';
import type { Seen, Work } from '../work.ts';
import { withoutOurs } from './without-ours.ts';

type Keeping = {
  readonly partial: boolean;
  readonly total: Seen;
  /** What belongs into the same transaction, with the ids of what was news. */
  also(tx: Tx, changedIds: readonly string[]): Promise<void>;
};

/** Keeps what was seen, and adds it to `total` once it is kept. Responses are then attached to whoever came in beside them as well. */
export async function keepSeen(engine: Engine, work: Work, seen: readonly Observation[], { partial, total, also }: Keeping): Promise<void> {
  const counts = await inTransaction(engine.hub, async (tx) => {
    const { changedIds, ...counted } = await storeSeen(engine, tx, work, { seen, partial });
    const sum = addSeen(total, { seen: seen.length, ...counted });
    await noteSeenSoFar(tx, work.runId, sum);
    await also(tx, changedIds);
    return sum;
  });
  Object.assign(total, counts);
  const { connection, mapping } = work;
  if (mapping.kind === 'entity') return;
  const ids = seen.map(({ id }) => id);
  await inTransaction(engine.hub, (tx) => attachFiled(engine, tx, { connection, mapping }, ids));
  await makeContacts(engine, connection, mapping);
}

type Shown = { readonly seen: readonly Observation[]; readonly partial: boolean };

/** Stores what was seen, in the caller's transaction; responses are filed. */
export async function storeSeen(engine: Engine, tx: Tx, work: Work, { seen: all, partial }: Shown) {
  const { connection, stream, held, mapping, runId } = work;
  const key = { connectionId: connection.id, object: stream.object };
  await assertLease(tx, held.lease);
  const seen = await withoutErased(engine, tx, work, await withoutOurs(tx, engine, work, all));
  // A response is filed right here; only entities are merged.
  const stored = await storeObservations(tx, key, seen, { dirty: mapping.kind === 'entity', runId, partial });
  if (mapping.kind === 'entity') await storeAliases(tx, key, seen);
  else await fileResponses(engine, tx, seen, { connection, mapping, changedIds: stored.changedIds });
  return stored;
}

const addSeen = (a: Seen, b: Seen): Seen => ({
  seen: a.seen + b.seen,
  changed: a.changed + b.changed,
  unchanged: a.unchanged + b.unchanged,
  stale: a.stale + b.stale,
  gone: a.gone + b.gone,
});
