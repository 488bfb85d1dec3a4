import type { Ask } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { Cursor, Observation, Page } from '../../contract/records.ts';
import { moveCursor } from '../../hub/connections/cursors.ts';
import type { Tx } from '../../hub/database.ts';
import { noteSightings } from '../../hub/records/sightings.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import type { Lane } from '../limits/lanes.ts';
import type { Seen, Work } from '../work.ts';
import { keepSeen } from './keep-seen.ts';
import { withSurvivors } from './survivors.ts';

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

async function storeLot(engine: Engine, { work, cursorKey, kind }: Reading, page: Page, total: Seen): Promise<void> {
  const seen = kind === 'changes' ? await withSurvivors(engine, work, page.seen) : page.seen;
  const also = async (tx: Tx) => {
    if (kind === 'sweep') {
      const met = page.seen.filter((one) => one.kind === 'present').map((one) => one.id);
      await noteSightings(tx, work.stream.id, met);
    }
    await moveCursor(tx, work.stream.id, cursorKey, page.cursor);
  };
  await keepSeen(engine, work, seen, { partial: kind === 'fields', total, also });
}
