import { endArrivals, knownAsLate, readArrivals, streamsWithArrivals } from '../../hub/arrivals/arrivals.ts';
import { listConnections } from '../../hub/connections/connections.ts';
import type { Tx } from '../../hub/database.ts';
import { groupBy } from '../../kernel/lists.ts';
import { type Engine, mappingOf } from '../engine.ts';
import { nothingSeen, type Seen, type Work } from '../work.ts';
import { keepSeen } from './keep-seen.ts';
import { watched } from './observe.ts';

/** How many are stored in one transaction. */
const AT_ONCE = 500;

/** Stores what deliveries have shown of records that nobody can be asked for, in the order in which it came. */
export async function takeArrivals(engine: Engine, works: readonly Work[], total: Seen): Promise<void> {
  const [first] = works;
  const waiting = first === undefined ? new Set<string>() : await streamsWithArrivals(engine.hub, first.connection.id);
  for (const work of works.filter(({ stream }) => waiting.has(stream.id))) {
    const seen = nothingSeen();
    try {
      await watched(engine, work, { kind: 'changes', total: seen }, async (own) => {
        while (await takeSome(engine, own, seen)) own.held.signal.throwIfAborted();
      });
    } finally {
      for (const name of Object.keys(seen) as (keyof Seen)[]) total[name] += seen[name];
    }
  }
}

type Arrivals = Awaited<ReturnType<typeof readArrivals>>;

/** False when nothing is left. */
async function takeSome(engine: Engine, work: Work, total: Seen): Promise<boolean> {
  const arrivals = await readArrivals(engine.hub, work.stream.id, AT_ONCE);
  const doors = new Map((await listConnections(engine.hub)).map((connection) => [connection.id, connection]));
  for (const [doorId, some] of groupBy(arrivals, (arrival) => arrival.doorId)) {
    const door = doors.get(doorId);
    const mapping = door === undefined ? undefined : mappingOf(engine, door, work.stream.object);
    await storeSome(engine, { ...work, mapping: mapping?.kind === work.mapping.kind ? mapping : work.mapping }, some, total);
  }
  return arrivals.length === AT_ONCE;
}

async function storeSome(engine: Engine, work: Work, arrivals: Arrivals, total: Seen): Promise<void> {
  const all = arrivals.map(({ seen }) => seen);
  // What a connection has been asked for says more than what came by another way.
  const isGuest = arrivals.some(({ doorId }) => doorId !== work.connection.id);
  const late = isGuest ? await knownAsLate(engine.hub, { connectionId: work.connection.id, object: work.stream.object }, all) : new Set();
  const also = async (tx: Tx, changedIds: readonly string[]) => {
    const changed = new Set(changedIds);
    await endArrivals(tx, arrivals, ({ seen }) => changed.has(seen.id) && !late.has(seen));
  };
  await keepSeen(
    engine,
    work,
    all.filter((one) => !late.has(one)),
    { partial: false, total, also },
  );
}
