import { HubError } from '../contract/errors.ts';
import { addCalls, type Connection, findConnection, listStreams, type Stream } from '../hub/connections/connections.ts';
import { noteTrouble, noteWell } from '../hub/connections/health.ts';
import { LeaseLost } from '../hub/connections/leases.ts';
import { askShadowPlan } from '../hub/plans/plans.ts';
import { closeInterrupted } from '../hub/runs/interrupted-runs.ts';
import { noteMatches } from '../hub/runs/runs.ts';
import { must } from '../kernel/must.ts';
import { entryObject } from '../mapping/mapping.ts';
import { followBulkJobs } from './bulk/follow.ts';
import { type Check, checkWanted, wantsEveryId } from './check/check-wanted.ts';
import { keepSubscription } from './connecting/keep-subscription.ts';
import { openReach, type Reach } from './connecting/lost-scope.ts';
import { type OpenConnection, openConnection } from './connecting/session.ts';
import type { Engine } from './engine.ts';
import { finishErasures } from './erasing/finish-erasures.ts';
import { wakePrevented } from './failures/wake-prevented.ts';
import { type Held, withLease } from './lease.ts';
import { awaitQuota } from './limits/await-quota.ts';
import { spreadLooks } from './limits/spread-looks.ts';
import { currentEngine } from './mappings/active.ts';
import { openWorks, type Wanted } from './open-works.ts';
import { shadowAsked } from './plan/asked.ts';
import { followHints } from './reading/follow-hints.ts';
import { askTogether, chooseLooks } from './reading/look-together.ts';
import { mergesBeside } from './reading/merge-beside.ts';
import { observe } from './reading/observe.ts';
import { observeOurs } from './reading/observe-ours.ts';
import { isOnlyOurs, sweep } from './reading/sweep.ts';
import { takeArrivals } from './reading/take-arrivals.ts';
import { exceptBeside } from './reading/without-ours.ts';
import { reconcileAll } from './reconciling/reconcile.ts';
import { untilQuiet, whyLeftAlone } from './rhythm/left-alone.ts';
import { forgetSchemas, SchemaOutdated, tellsOfSchema } from './schema/outdated.ts';
import { type Applying, isSwept, nothingSeen, type Seen, type Work } from './work.ts';
import { type CarriedOut, nothingCarriedOut } from './writing/carried-out.ts';
import { recover, streamsUnanswered } from './writing/recover.ts';
import { writeStreams } from './writing/write-streams.ts';

/** What tending a connection came to. `waitMs`: something has to wait that long before it can go on. */
export type Tended = {
  readonly seen: Seen;
  readonly wrote: CarriedOut;
  readonly waitMs: number;
  readonly error: HubError | null;
};

export type TendOptions = {
  readonly signal: AbortSignal;
  /** Which streams to look at; by default those whose schedule says so. */
  readonly look?: (stream: Stream) => boolean;
  /** Whether what is due is carried out; by default yes. */
  readonly write?: boolean;
  /** Whether what was seen is merged, and interrupted writes are looked up; by default yes. Without it the streams are only read. */
  readonly merge?: boolean;
  /** Which streams take part; by default those that are switched on, like their connection. */
  readonly takes?: (stream: Stream) => boolean;
  /** The plan that is being applied: nothing else is written. */
  readonly applying?: Applying;
  /** Compares both sides once everything else is done, and tells what was found. After a first load that is done by itself. */
  readonly check?: Check;
};

/**
 * Does everything that is due on one connection, under its lease: looks up interrupted writes, observes, reconciles, and carries out.
 * Null when another worker is at it. A vendor that fails leaves the connection waiting with the reason, and nothing is lost.
 */
export async function tend(engine: Engine, connectionId: string, options: TendOptions): Promise<Tended | null> {
  return withLease(engine, connectionId, options.signal, (held) => tendHeld(engine, held, options));
}

/** `tend` for whoever holds the lease already; null when it was lost on the way. */
export async function tendHeld(given: Engine, held: Held, options: Omit<TendOptions, 'signal'>): Promise<Tended | null> {
  const { connectionId } = held.lease;
  // Asked under the lease: whoever changes what is live holds it as well.
  const engine = await currentEngine(given);
  const connection = await findConnection(engine.hub, connectionId);
  const tended = {
    seen: nothingSeen(),
    wrote: nothingCarriedOut(),
    waitMs: 0,
    error: null as HubError | null,
  };
  if (connection === undefined || !(connection.enabled || options.takes !== undefined)) return tended;
  tended.error = await whyLeftAlone(engine, connection);
  if (tended.error !== null) return tended;
  await closeInterrupted(engine.hub, connection.id);
  const tending: Tending = {
    held: untilQuiet(engine, connection, held),
    look: options.look ?? ((stream) => stream.dueInMs === 0),
    write: options.write ?? true,
    merge: options.merge ?? true,
    takes: options.takes ?? ((stream) => stream.enabled),
    applying: options.applying,
    check: options.check,
    looksBySchedule: options.look === undefined,
  };
  const calls = { made: 0, floor: 0 };
  try {
    await tendAnew(engine, connection, tending, { tended, calls });
    await noteWell(engine.hub, connection.id);
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    if (!(error instanceof HubError)) throw error;
    tended.error = await awaitQuota(engine, connection, error);
    await noteTrouble(engine.hub, connection.id, tended.error, { gotOn: hasGotOn(tended) });
    engine.log.warn({ connectionId, kind: error.kind, reason: error.message }, 'a connection does not work');
    engine.live({ event: 'connection', connectionId, state: error.kind, reason: error.message });
  } finally {
    await addCalls(engine.hub, connection.id, calls);
  }
  return tended;
}

type CameTo = {
  readonly tended: { seen: Seen; wrote: CarriedOut; waitMs: number };
  readonly calls: { made: number; floor: number };
};

/** Tends a connection; once more, with the schema as it is now, when a field turns out to be another one than the hub believes, or none. */
async function tendAnew(engine: Engine, connection: Connection, tending: Tending, cameTo: CameTo): Promise<void> {
  try {
    return await tendOpened(engine, connection, tending, cameTo);
  } catch (error) {
    if (!(error instanceof SchemaOutdated) && !tellsOfSchema(error)) throw error;
    engine.log.warn({ connectionId: connection.id, reason: error.message }, 'the schema is read again');
  }
  await forgetSchemas(engine, connection);
  try {
    await tendOpened(engine, connection, tending, cameTo);
  } catch (error) {
    // The schema is fresh, so what is refused all the same is held by now.
    if (!(error instanceof SchemaOutdated)) throw error;
  }
}

async function tendOpened(engine: Engine, connection: Connection, tending: Tending, { tended, calls }: CameTo): Promise<void> {
  const opened = await openConnection(engine, connection, tending.held);
  const before = opened.calls();
  try {
    await tendStreams(engine, connection, opened, tending, tended, calls);
    if (tending.merge) calls.floor += await keepSubscription(engine, connection, opened);
  } finally {
    calls.made += opened.calls() - before;
    opened.enter('live');
    await opened.settle();
  }
}

type Tending = Wanted & Required<Pick<TendOptions, 'look' | 'write'>> & { readonly check: Check | undefined };

async function tendStreams(
  engine: Engine,
  connection: Connection,
  opened: OpenConnection,
  tending: Tending,
  tended: { seen: Seen; wrote: CarriedOut; waitMs: number },
  calls: { floor: number },
): Promise<void> {
  const reach = openReach(engine);
  const merges = mergesBeside(engine, tending.held.signal);
  const works = await openWorks(engine, connection, opened, tending, { calls, reach, merges });
  const [recovering, waiting]: [Work[], Work[]] = [[], []];
  const noted = (wrote: CarriedOut): void => {
    calls.floor += wrote.floor + wrote.looks;
    for (const name of Object.keys(wrote) as (keyof CarriedOut)[]) tended.wrote[name] += wrote[name];
  };
  const unanswered = tending.merge ? await streamsUnanswered(engine.hub, connection.id) : new Set();
  for (const work of works) {
    const isToAsk = unanswered.has(work.stream.id);
    const followed = isToAsk ? await reach.within(work, () => followBulkJobs(engine, work)) : null;
    if (followed !== null) noted(followed);
    const recovered = isToAsk ? await reach.within(work, () => recover(engine, work)) : { calls: 0, waitMs: 0 };
    if (recovered === null) continue;
    calls.floor += recovered.calls;
    tended.waitMs = Math.max(tended.waitMs, recovered.waitMs);
    (recovered.waitMs === 0 ? recovering : waiting).push(work);
  }
  const ready = exceptBeside(engine, recovering, waiting);
  if (tending.merge) calls.floor += await followHints(engine, opened, ready, { reach, total: tended.seen });
  if (tending.merge) await takeArrivals(engine, ready, tended.seen);
  try {
    await observeStreams(engine, opened, ready, { ...tending, reach, seen: tended.seen, calls });
  } finally {
    await merges.settle();
  }
  // Who looks at nothing is refused nothing.
  const conclude = () => reach.conclude(works, (work) => !isOnlyOurs(engine, work));
  if (!tending.merge) return conclude();
  for (const work of ready) {
    // Who has asked for a check wants to see all of it.
    const asked = wantsEveryId(tending.check, work);
    if (!asked && (!isSweepDue(opened, work) || (await work.turns?.rests('audit')) === true)) continue;
    const swept = asked ? { ...work, turns: undefined } : work;
    calls.floor += (await reach.within(work, () => sweepOnce(engine, opened, swept, tended.seen))) ?? 0;
  }
  if (tended.seen.gone > 0) await wakePrevented(engine.hub, connection.id);
  await reconcileEntities(engine, works, tending.held.signal);
  for (const work of ready) {
    if (work.mapping.kind === 'entity' && !work.stream.backfilled && tending.look(work.stream))
      await noteMatches(engine.hub, work.stream.id);
  }
  if (tending.write) {
    await writeStreams(engine, await reread(engine, ready), {
      reach,
      noted,
      merged: () => reconcileEntities(engine, works, tending.held.signal),
    });
  }
  if (tending.write || tending.check !== undefined)
    calls.floor += await checkWanted(engine, (await reread(engine, ready)).filter(reach.isReached), tending.check);
  await finishErasures(engine, tending.held.signal);
  await conclude();
}

type Observing = Pick<Tending, 'look' | 'merge' | 'looksBySchedule'> & {
  readonly reach: Reach;
  readonly seen: Seen;
  readonly calls: { floor: number };
};

/** Looks at the streams whose turn it is, one after the other. */
async function observeStreams(
  engine: Engine,
  opened: OpenConnection,
  works: readonly Work[],
  { look, merge, looksBySchedule, reach, seen: total, calls }: Observing,
): Promise<void> {
  const [chosen, began] = [chooseLooks(opened, works, { look, looksBySchedule }), opened.calls()];
  const asked = await askTogether(engine, opened, chosen);
  try {
    for (const work of chosen) {
      if (!work.stream.backfilled && (await work.turns?.rests('backfill')) === true) continue;
      const before = opened.calls();
      const seen = nothingSeen();
      try {
        await reach.within(work, () => (isOnlyOurs(engine, work) ? observeOurs(engine, work, seen) : observe(engine, work, seen)));
        const made = opened.calls() - before;
        calls.floor += readFloor(opened, work, seen, made);
        const cost = asked === null ? made * works.length : opened.calls() - began;
        if (work.stream.backfilled) await spreadLooks(engine, opened, work.stream, cost);
      } finally {
        for (const name of Object.keys(seen) as (keyof Seen)[]) total[name] += seen[name];
      }
      if (merge && work.stream.mode === 'shadow')
        await askShadowPlan(engine.hub, shadowAsked(engine, work.connection, work.stream), { isNews: seen.changed + seen.gone > 0 });
    }
  } finally {
    asked?.();
  }
}

// Where there are times for looking, there are none beside them.
const isSweepDue = (opened: OpenConnection, { connection, mapping, stream }: Work): boolean =>
  isSwept(opened.connector.manifest.objects[stream.object], mapping) &&
  stream.backfilled &&
  stream.sweepInMs === 0 &&
  ((connection.schedule?.cron ?? null) === null || stream.dueInMs === 0);

/** The fewest calls that the sweep could have taken. */
async function sweepOnce(engine: Engine, opened: OpenConnection, work: Work, total: Seen): Promise<number> {
  const seen = nothingSeen();
  try {
    await sweep(engine, work, seen);
  } finally {
    for (const name of Object.keys(seen) as (keyof Seen)[]) total[name] += seen[name];
  }
  return Math.max(1, Math.ceil(seen.seen / (opened.connector.manifest.objects[work.stream.object]?.read.pageMax ?? 100)));
}

/** Whether something came of it, so that a failure at the end is a new one and not the last one going on. */
export const hasGotOn = ({ seen, wrote }: Pick<Tended, 'seen' | 'wrote'>): boolean =>
  seen.changed + seen.gone + wrote.created + wrote.updated + wrote.deleted + wrote.adopted > 0;

/** Reconciles the hub objects that these streams feed, parents before children. */
async function reconcileEntities(engine: Engine, works: readonly Work[], signal: AbortSignal): Promise<void> {
  const entries = works.some(({ mapping }) => mapping.kind === 'response') ? entryObject(engine.mappings.model) : undefined;
  const hubObjects = [...works.map((work) => work.mapping.hub), ...(entries === undefined ? [] : [entries.name])];
  await reconcileAll(engine, signal, [...new Set(hubObjects)]);
}

async function reread(engine: Engine, works: readonly Work[]): Promise<readonly Work[]> {
  const [first] = works;
  if (first === undefined) return [];
  const streams = new Map((await listStreams(engine.hub, { connectionId: first.connection.id })).map((stream) => [stream.id, stream]));
  return works.map((work) => ({ ...work, stream: must(streams.get(work.stream.id), 'a stream that is being tended') }));
}

/** The fewest calls that this look could have taken: full pages at first, then one call a cycle, or what the changes fill. */
function readFloor(opened: OpenConnection, work: Work, seen: Seen, made: number): number {
  const read = opened.connector.manifest.objects[work.stream.object]?.read;
  if (read === undefined || read.only === 'ours' || work.mapping.kind === 'response') return made;
  const records = work.stream.backfilled ? seen.changed + seen.gone : seen.seen;
  return Math.max(1, Math.ceil(records / (work.stream.backfilled ? (read.deltaMax ?? read.pageMax) : read.pageMax)));
}
