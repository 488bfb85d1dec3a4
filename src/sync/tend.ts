import { HubError } from '../contract/errors.ts';
import { noteTrouble, noteWell } from '../hub/connection-health.ts';
import { addCalls, type Connection, findConnection, listStreams, type Stream } from '../hub/connections.ts';
import { closeInterrupted } from '../hub/interrupted-runs.ts';
import { LeaseLost } from '../hub/leases.ts';
import { askShadowPlan } from '../hub/plans.ts';
import { noteMatches } from '../hub/runs.ts';
import { must } from '../kernel/must.ts';
import { fieldsRead } from '../mapping/fields-read.ts';
import type { EntityMapping, Mapping } from '../mapping/mapping.ts';
import { adoptMapping } from './adopt-mapping.ts';
import { type CarriedOut, nothingCarriedOut } from './carry-out.ts';
import { type Check, checkWanted, wantsEveryId } from './check/check-wanted.ts';
import { type Engine, mappingOf } from './engine.ts';
import { wakePrevented } from './failures/wake-prevented.ts';
import { followHints } from './follow-hints.ts';
import { freshSchema } from './fresh-schema.ts';
import { type Held, withLease } from './lease.ts';
import { openReach, type Reach } from './lost-scope.ts';
import { mappingHash } from './mapping-versions.ts';
import { observe } from './observe.ts';
import { shadowAsked } from './plan/asked.ts';
import { reconcile } from './reconcile.ts';
import { recover } from './recover.ts';
import { type OpenConnection, openConnection } from './session.ts';
import { sweep } from './sweep.ts';
import { inTransaction } from './transaction.ts';
import { type Applying, nothingSeen, type Seen, type Work } from './work.ts';
import { writeStreams } from './write-streams.ts';

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
export async function tendHeld(engine: Engine, held: Held, options: Omit<TendOptions, 'signal'>): Promise<Tended | null> {
  const { connectionId } = held.lease;
  const connection = await findConnection(engine.hub, connectionId);
  const tended = {
    seen: nothingSeen(),
    wrote: nothingCarriedOut(),
    waitMs: 0,
    error: null as HubError | null,
  };
  if (connection === undefined || !(connection.enabled || options.takes !== undefined)) return tended;
  await closeInterrupted(engine.hub, connection.id);
  const calls = { made: 0, floor: 0 };
  let opened: OpenConnection | null = null;
  let callsBefore = 0;
  try {
    opened = await openConnection(engine, connection, held);
    callsBefore = opened.calls();
    await tendStreams(
      engine,
      connection,
      opened,
      {
        held,
        look: options.look ?? ((stream) => stream.dueInMs === 0),
        write: options.write ?? true,
        merge: options.merge ?? true,
        takes: options.takes ?? ((stream) => stream.enabled),
        applying: options.applying,
        check: options.check,
      },
      tended,
      calls,
    );
    await noteWell(engine.hub, connection.id);
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    if (!(error instanceof HubError)) throw error;
    tended.error = error;
    await noteTrouble(engine.hub, connection.id, error, { gotOn: hasGotOn(tended) });
    engine.log.warn({ connectionId, kind: error.kind, reason: error.message }, 'a connection does not work');
    engine.live({ event: 'connection', connectionId, state: error.kind, reason: error.message });
  } finally {
    await addCalls(engine.hub, connection.id, { made: (opened?.calls() ?? 0) - callsBefore, floor: calls.floor });
  }
  return tended;
}

type Tending = Required<Pick<TendOptions, 'look' | 'write' | 'merge' | 'takes'>> & {
  readonly held: Held;
  readonly applying: Applying | undefined;
  readonly check: Check | undefined;
};

async function tendStreams(
  engine: Engine,
  connection: Connection,
  opened: OpenConnection,
  tending: Tending,
  tended: { seen: Seen; wrote: CarriedOut; waitMs: number },
  calls: { floor: number },
): Promise<void> {
  const reach = openReach(engine);
  const works = await openWorks(engine, connection, opened, tending, { calls, reach });
  const ready: Work[] = [];
  for (const work of works) {
    const recovered = tending.merge ? await reach.within(work, () => recover(engine, work)) : { calls: 0, waitMs: 0 };
    if (recovered === null) continue;
    calls.floor += recovered.calls;
    tended.waitMs = Math.max(tended.waitMs, recovered.waitMs);
    if (recovered.waitMs === 0) ready.push(work);
  }
  if (tending.merge) calls.floor += await followHints(engine, opened, ready, { reach, total: tended.seen });
  for (const work of ready) {
    if (!tending.look(work.stream)) continue;
    const before = opened.calls();
    const seen = nothingSeen();
    try {
      await reach.within(work, () => observe(engine, work, seen));
      calls.floor += readFloor(opened, work, seen, opened.calls() - before);
    } finally {
      for (const name of Object.keys(seen) as (keyof Seen)[]) tended.seen[name] += seen[name];
    }
    if (tending.merge && work.stream.mode === 'shadow')
      await askShadowPlan(engine.hub, shadowAsked(engine, connection, work.stream), { isNews: seen.changed + seen.gone > 0 });
  }
  if (!tending.merge) return reach.conclude(works);
  for (const work of ready)
    if (isSweepDue(opened, work) || wantsEveryId(tending.check, work))
      calls.floor += (await reach.within(work, () => sweepOnce(engine, opened, work, tended.seen))) ?? 0;
  if (tended.seen.gone > 0) await wakePrevented(engine.hub, connection.id);
  await reconcileEntities(engine, works, tending.held.signal);
  for (const work of ready) {
    if (work.mapping.kind === 'entity' && !work.stream.backfilled && tending.look(work.stream))
      await noteMatches(engine.hub, work.stream.id);
  }
  if (tending.write) {
    await writeStreams(engine, await reread(engine, ready), {
      reach,
      noted: (wrote) => {
        calls.floor += wrote.floor + wrote.looks;
        for (const name of Object.keys(wrote) as (keyof CarriedOut)[]) tended.wrote[name] += wrote[name];
      },
      merged: () => reconcileEntities(engine, works, tending.held.signal),
    });
  }
  if (tending.write || tending.check !== undefined)
    calls.floor += await checkWanted(engine, (await reread(engine, ready)).filter(reach.isReached), tending.check);
  await reach.conclude(works);
}

/** Entities alone: a response that is not on a page any more is none of the hub's business. */
const isSweepDue = (opened: OpenConnection, { mapping, stream }: Work): boolean =>
  mapping.kind === 'entity' &&
  stream.backfilled &&
  stream.sweepInMs === 0 &&
  opened.connector.manifest.objects[stream.object]?.read.removals !== 'never';

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
  for (const hubObject of new Set(works.map((work) => work.mapping.hub))) await reconcile(engine, hubObject, signal);
}

/** The streams of a connection that are switched on, parents before children, each with its live schema. */
async function openWorks(
  engine: Engine,
  connection: Connection,
  opened: OpenConnection,
  tending: Tending,
  { calls, reach }: { readonly calls: { floor: number }; readonly reach: Reach },
): Promise<readonly Work[]> {
  const order = Object.keys(opened.connector.manifest.objects);
  const streams = (await listStreams(engine.hub, connection.id)).filter(
    (stream) => tending.takes(stream) && stream.direction !== 'off' && (stream.resumeInMs ?? 0) === 0,
  );
  const works: Work[] = [];
  for (const stream of [...streams].sort((a, b) => order.indexOf(a.object) - order.indexOf(b.object))) {
    const port = opened.ports.objects[stream.object];
    const mapping = mappingOf(engine, connection.connector, stream.object);
    if (port === undefined || mapping === undefined) continue;
    const before = opened.calls();
    const fresh =
      mapping.kind === 'entity'
        ? await reach.within({ stream }, async () =>
            freshSchema(engine, tending.merge ? await adopted(engine, stream, mapping) : stream, port, mapping),
          )
        : stream;
    if (fresh === null) continue;
    calls.floor += opened.calls() - before;
    works.push({
      connection,
      stream: fresh,
      port,
      mapping,
      fields: fieldsOf(fresh, mapping, tending),
      held: tending.held,
      merges: tending.merge,
      applying: tending.applying,
    });
  }
  return works;
}

/** The stream under its mapping as it is now. */
async function adopted(engine: Engine, stream: Stream, mapping: EntityMapping): Promise<Stream> {
  const isNew = stream.mappingHash !== mappingHash(mapping);
  if (isNew) await inTransaction(engine.hub, (tx) => adoptMapping(tx, stream, mapping));
  return isNew && stream.mappingHash !== null ? { ...stream, sinceSchemaMs: null, placed: false } : stream;
}

/**
 * What to ask for: everything that is mapped, and what keeps a record out, as far as the live schema shows it. Who only reads, under a mapping
 * that may never come to be, asks for what is asked already as well.
 */
function fieldsOf(stream: Stream, mapping: Mapping, { merge }: Tending): readonly string[] {
  if (mapping.kind !== 'entity') return [];
  const shown = new Set((stream.schema ?? []).map((field) => field.name));
  const wanted = new Set([...fieldsRead(mapping), ...(merge ? [] : (stream.asked ?? []))]);
  return [...wanted].filter((name) => shown.has(name));
}

async function reread(engine: Engine, works: readonly Work[]): Promise<readonly Work[]> {
  const [first] = works;
  if (first === undefined) return [];
  const streams = new Map((await listStreams(engine.hub, first.connection.id)).map((stream) => [stream.id, stream]));
  return works.map((work) => ({ ...work, stream: must(streams.get(work.stream.id), 'a stream that is being tended') }));
}

/** The fewest calls that this look could have taken: full pages at first, then one call a cycle, or what the changes fill. */
function readFloor(opened: OpenConnection, work: Work, seen: Seen, made: number): number {
  const read = opened.connector.manifest.objects[work.stream.object]?.read;
  if (read === undefined || work.mapping.kind === 'response') return made;
  const records = work.stream.backfilled ? seen.changed + seen.gone : seen.seen;
  return Math.max(1, Math.ceil(records / (work.stream.backfilled ? (read.deltaMax ?? read.pageMax) : read.pageMax)));
}
