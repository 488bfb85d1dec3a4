import type { Ask } from '../contract/connector.ts';
import { HubError } from '../contract/errors.ts';
import type { Cursor, Observation, Page } from '../contract/records.ts';
import { storeAliases } from '../hub/aliases.ts';
import { moveCursor } from '../hub/cursors.ts';
import type { Tx } from '../hub/database.ts';
import { noteSeenSoFar } from '../hub/interrupted-runs.ts';
import { assertLease } from '../hub/leases.ts';
import { storeObservations } from '../hub/observations.ts';
import { noteSightings } from '../hub/sightings.ts';
import { must } from '../kernel/must.ts';
import { attachFiled, fileResponses } from './attach.ts';
import type { Engine } from './engine.ts';
import type { Lane } from './limits/lanes.ts';
import { withSurvivors } from './survivors.ts';
import { inTransaction } from './transaction.ts';
import type { Seen, Work } from './work.ts';

/** Pages are stored together until they hold this many records: fewer commits, and no gain beyond. */
const STORE_AT = 500;

/**
 * One way through the records of a stream. `changes`: what moved since the cursor. `sweep`: all of them, to find what no delta tells. `fields`: all of
 * them, for some fields alone. `cursorKey` is where the cursor is kept.
 */
export type Reading = { readonly work: Work; readonly kind: 'changes' | 'sweep' | 'fields'; readonly ask: Ask; readonly cursorKey: string };

/**
 * Stores one lot while the next pages are being fetched, and lets what is stored be merged meanwhile. False when it has given way to what is more
 * urgent, and has to be gone on with.
 */
export async function readPages(engine: Engine, reading: Reading, from: Cursor | null, total: Seen): Promise<boolean> {
  const { work } = reading;
  let lot: Observation[] = [];
  let cursor: Cursor | null = null;
  let storing: Promise<void> = Promise.resolve();
  let isDone = true;
  const lane = laneOf(reading);
  const flush = async (): Promise<void> => {
    await storing;
    const [seen, at] = [lot, must(cursor, 'the cursor of a page')];
    lot = [];
    storing = storeLot(engine, reading, { seen, cursor: at }, total).then(() => mergeBeside(work));
    // The error is thrown where the lot is awaited; until then it must not count as unhandled.
    storing.catch(() => undefined);
  };
  try {
    for await (const page of work.port.read.changes(from, reading.ask)) {
      work.held.signal.throwIfAborted();
      lot.push(...page.seen);
      cursor = page.cursor;
      const isFull = lot.length >= STORE_AT;
      if (isFull) await flush();
      engine.live({
        event: 'progress',
        connectionId: work.connection.id,
        object: work.stream.object,
        phase: 'reading',
        done: total.seen + lot.length,
        total: page.total ?? null,
      });
      isDone = !isFull || lane === 'live' || (await work.turns?.givesWay(lane)) !== true;
      if (!isDone) break;
    }
  } catch (error) {
    // What came before the vendor failed is kept, so that every try gets on.
    if (error instanceof HubError && lot.length > 0) await flush();
    await storing;
    throw error;
  }
  if (cursor !== null) await flush();
  await storing;
  return isDone;
}

const laneOf = ({ kind, work }: Reading): Lane =>
  kind === 'sweep' ? 'audit' : kind === 'fields' || !work.stream.backfilled ? 'backfill' : 'live';

/** A first load is merged while more of it is read: what is new afterwards is little, and merged when all has been seen. */
function mergeBeside({ merges, mapping, stream }: Work): void {
  if (mapping.kind === 'entity' && !stream.backfilled) merges?.begin(stream.hubObject);
}

const addSeen = (a: Seen, b: Seen): Seen => ({
  seen: a.seen + b.seen,
  changed: a.changed + b.changed,
  unchanged: a.unchanged + b.unchanged,
  stale: a.stale + b.stale,
  gone: a.gone + b.gone,
});

async function storeLot(engine: Engine, { work, cursorKey, kind }: Reading, page: Page, total: Seen): Promise<void> {
  const seen = kind === 'changes' ? await withSurvivors(engine, work, page.seen) : page.seen;
  const before = { ...total };
  await inTransaction(engine.hub, async (tx) => {
    // What a try has counted that was taken back is counted by the next one.
    Object.assign(total, before);
    await storeSeen(tx, work, seen, { partial: kind === 'fields', total });
    if (kind === 'sweep') {
      const met = page.seen.filter((one) => one.kind === 'present').map((one) => one.id);
      await noteSightings(tx, work.stream.id, met);
    }
    await moveCursor(tx, work.stream.id, cursorKey, page.cursor);
  });
  await attachSeen(engine, work, seen);
}

/** What was stored of responses a moment ago is attached also to whoever came in beside it. */
export async function attachSeen(engine: Engine, { connection, mapping }: Work, seen: readonly Observation[]): Promise<void> {
  if (mapping.kind === 'entity') return;
  const ids = seen.map((one) => one.id);
  await inTransaction(engine.hub, (tx) => attachFiled(tx, connection, mapping, ids));
}

/** Stores what was seen, in the caller's transaction, and counts it; the ids of what was news. */
export async function storeSeen(
  tx: Tx,
  work: Work,
  seen: readonly Observation[],
  { partial, total }: { readonly partial: boolean; readonly total: Seen },
): Promise<readonly string[]> {
  const key = { connectionId: work.connection.id, object: work.stream.object };
  await assertLease(tx, work.held.lease);
  // A response is filed right here; only entities are merged.
  const stored = await storeObservations(tx, key, seen, { dirty: work.mapping.kind === 'entity', runId: work.runId, partial });
  if (work.mapping.kind === 'entity') await storeAliases(tx, key, seen);
  else await fileResponses(tx, work.connection, work.mapping, seen, stored.changedIds);
  const counts = addSeen(total, { seen: seen.length, ...stored });
  await noteSeenSoFar(tx, work.runId, counts);
  Object.assign(total, counts);
  return stored.changedIds;
}
