import type { Db, Tx } from '../../hub/database.ts';
import { openHolds } from '../../hub/records/holds.ts';
import { addTally, countLinked, readTallies, type Tally } from '../../hub/records/tally.ts';
import { MASS, massLimit } from '../../merge/brakes.ts';
import type { EntityStream } from '../streams.ts';
import { addCounts, type Counted, type Counts, type Example } from './count-mass.ts';
import { type BrakeTold, brakeNote, brakeReason } from './words.ts';

/** How many of an operation may be done before it is counted anew what else of it waits: kept for one run. */
export type Passes = Map<string, number>;
/** Counts what else waits to be done of these operations, unless all of it together is no more than `spare`. */
export type CountWaiting = (unsure: readonly Counted[], spare: number) => Promise<Counts>;

/**
 * Judges what is about to be done before any of it is: together with what was done within the hour, and with all that waits to be done as well.
 * Opens a brake for every operation that comes to a mass change; whether there was one.
 */
export async function judge(
  tx: Tx,
  counts: Counts,
  { passes, countWaiting }: { passes: Passes; countWaiting: CountWaiting },
): Promise<boolean> {
  const unsure = [...counts.values()].filter(({ key, n }) => (passes.get(key) ?? 0) < n);
  const tripped = unsure.length === 0 ? [] : await findTripped(tx, unsure, { passes, countWaiting });
  for (const { key, n } of counts.values()) passes.set(key, (passes.get(key) ?? 0) - n);
  for (const one of tripped) await openBrake(tx, one.stream, one);
  return tripped.length > 0;
}

type Tripped = Counted & { readonly limit: number; readonly linked: number };

async function findTripped(
  tx: Tx,
  unsure: readonly Counted[],
  { passes, countWaiting }: { passes: Passes; countWaiting: CountWaiting },
): Promise<readonly Tripped[]> {
  const done = await readTallies(tx, unsure.map(tallyOf));
  const busiest = Math.max(...unsure.map(({ n }, at) => n + (done[at] ?? 0)));
  const waiting = await countWaiting(unsure, MASS.records - busiest);
  const tripped: Tripped[] = [];
  for (const [at, one] of unsure.entries()) {
    const pending = addCounts(new Map([[one.key, one]]), waiting).get(one.key) ?? one;
    const limits = await exceeds(tx, one.stream, pending.n + (done[at] ?? 0));
    if (limits === null) passes.set(one.key, pending.n);
    else tripped.push({ ...pending, ...limits });
  }
  return tripped;
}

/** By what limit so many are a mass change on a stream; null when they are none. */
export async function exceeds(db: Db, stream: EntityStream, n: number): Promise<{ limit: number; linked: number } | null> {
  if (n <= MASS.records) return null;
  const linked = await countLinked(db, { connectionId: stream.connection.id, object: stream.stream.object });
  const limit = massLimit(linked);
  return n > limit ? { limit, linked } : null;
}

type Trip = Pick<BrakeTold, 'limit' | 'linked'> & {
  readonly kind: BrakeTold['what'];
  readonly field: string | null;
  readonly n: number;
  readonly suspects?: number;
  readonly examples: readonly Example[];
};

/** Holds one operation of a stream until a person releases it, and says why. One that holds already is told anew. */
export async function openBrake(tx: Tx, { connection, stream }: EntityStream, trip: Trip): Promise<void> {
  const told: BrakeTold = {
    what: trip.kind,
    system: connection.name,
    object: stream.object,
    field: trip.field,
    count: trip.n,
    limit: trip.limit,
    linked: trip.linked,
    suspects: trip.suspects ?? 0,
  };
  await openHolds(tx, [
    {
      kind: 'brake',
      connectionId: connection.id,
      object: stream.object,
      remoteId: null,
      recordId: null,
      linkId: null,
      field: trip.field,
      reason: brakeReason(told),
      detail: { ...told, told: brakeNote(told), examples: trip.examples },
    },
  ]);
}

/** Counts what is done now, in the transaction that does it. */
export const tally = (tx: Tx, counts: Counts): Promise<void> => addTally(tx, [...counts.values()].map(tallyOf));

const tallyOf = ({ stream, kind, field, n }: Counted): Tally => ({ streamId: stream.stream.id, what: kind, field: field ?? '', n });
