import { sql } from 'kysely';
import { HubError } from '../contract/errors.ts';
import { type Connection, listConnections, listStreams, type Stream } from '../hub/connections/connections.ts';
import { LEASE_MS } from '../hub/connections/leases.ts';
import { isOfPlanUnderWay } from '../hub/plans/progress.ts';
import { entryObject } from '../mapping/mapping.ts';
import type { Engine } from './engine.ts';
import { isPrevented } from './failures/wake-prevented.ts';
import { reconcileAll } from './reconciling/reconcile.ts';
import { whyLeftAlone } from './rhythm/left-alone.ts';
import { hasGotOn, type Tended, type TendOptions, tend } from './tend.ts';

export type Quiet = {
  /** Writes that the vendors confirmed on the way. */
  readonly writes: number;
  /** Connections that could not be brought to rest, with the reason. */
  readonly troubles: readonly { readonly connection: string; readonly error: HubError }[];
};

/** How long a connection that cannot be reached is tried before the rest goes on without it. */
const PATIENCE_MS = 120_000;
const STEP_MS = 1_000;

/**
 * Syncs all enabled connections until nothing moves any more: every stream has been looked at since the last write to it and since the start,
 * late enough that a lagging index has caught up; nothing is dirty, due, or interrupted.
 */
export async function syncUntilQuiet(engine: Engine, signal: AbortSignal): Promise<Quiet> {
  const started = engine.clock.now().getTime();
  const givenUp = new Map<string, HubError>();
  const failingSince = new Map<string, number>();
  const busy = new Set<string>();
  const names = new Map<string, string>();
  let writes = 0;
  let isFirst = true;
  for (;;) {
    signal.throwIfAborted();
    const connections: Connection[] = [];
    for (const connection of (await listConnections(engine.hub)).filter((one) => one.enabled && !givenUp.has(one.id))) {
      names.set(connection.id, connection.name);
      const why = await whyLeftAlone(engine, connection);
      if (why === null) connections.push(connection);
      else givenUp.set(connection.id, why);
    }
    // Somebody who starts this wants to know now: only what the vendor itself asked for is waited for.
    const able = connections.filter((connection) => connection.waitMs === 0 || (isFirst && connection.state !== 'waiting'));
    isFirst = false;
    for (const connection of connections)
      if (isTooLong(connection) && !able.includes(connection)) givenUp.set(connection.id, whyItWaits(connection));
    const tended = await round(engine, able, signal, (stream, connection) => isDue(engine, stream, connection.connector, started));
    const now = engine.clock.now().getTime();
    for (const [id, result] of tended) {
      writes += writesOf(result);
      if (result.error === null) failingSince.delete(id);
      else if (result.error.recovery === 'ask_operator' || (!hasGotOn(result) && now - (failingSince.get(id) ?? now) > PATIENCE_MS))
        givenUp.set(id, result.error);
      else failingSince.set(id, hasGotOn(result) ? now : (failingSince.get(id) ?? now));
    }
    for (const connection of able) if (!tended.has(connection.id)) sayBusy(engine, connection, busy);
    if (await isQuiet(engine, started, [...givenUp.keys()])) {
      const troubles = [...givenUp].map(([id, error]) => ({ connection: names.get(id) ?? id, error }));
      return { writes, troubles: [...troubles, ...(await outOfReach(engine))] };
    }
    if ([...tended.values()].every((result) => writesOf(result) === 0 && result.seen.changed === 0)) {
      for (const connection of connections.filter(({ sparedMs }) => sparedMs > PATIENCE_MS))
        givenUp.set(connection.id, whyItIsSpared(connection));
      await engine.clock.sleep(STEP_MS, signal);
    }
  }
}

const isTooLong = ({ state, waitMs }: Connection): boolean => state === 'waiting' && waitMs > PATIENCE_MS;

/** Objects that stand still while their connections work. */
async function outOfReach(engine: Engine): Promise<Quiet['troubles']> {
  const { rows } = await sql<{ connection: string; reason: string }>`
    select c.name || ' ' || s.object as connection, coalesce(s.reason, '') as reason from stream s join connection c on c.id = s.connection_id
    where c.enabled and s.enabled and s.resume_at > now() order by 1`.execute(engine.hub);
  return rows.map(({ connection, reason }) => ({ connection, error: new HubError('not_allowed', reason, { code: 'MISSING_SCOPES' }) }));
}

const whyItWaits = ({ reason, waitMs }: Connection): HubError =>
  new HubError('rate_limited', reason ?? 'the vendor asked to be left alone', { retryAfterMs: waitMs });

const whyItIsSpared = ({ name, sparedMs }: Connection): HubError =>
  new HubError('quota_spent', `What is left of the day’s share in ${name} is kept for edits; the rest goes on when there is more`, {
    code: 'SHARE_SPENT',
    retryAfterMs: sparedMs,
  });

/** Says once that another worker is at a connection: after a crash it is one that is dead, and its lease has to run out. */
function sayBusy(engine: Engine, connection: Connection, said: Set<string>): void {
  if (said.has(connection.id)) return;
  said.add(connection.id);
  const reason = `another worker is at it, or has died within the last ${LEASE_MS / 1000} s; waiting`;
  engine.live({ event: 'connection', connectionId: connection.id, state: connection.state, reason });
}

/** Looks at every enabled stream once, whatever its schedule says; the writes that this caused. */
export async function cycleOnce(engine: Engine, signal: AbortSignal): Promise<number> {
  const connections = (await listConnections(engine.hub)).filter(
    (connection) => connection.enabled && !connection.isPaused && connection.waitMs === 0,
  );
  const tended = await round(engine, connections, signal, () => true);
  return [...tended.values()].reduce((sum, result) => sum + writesOf(result), 0);
}

/** Reads everything before it writes anything, so that what several systems say of one record is written once. */
async function round(
  engine: Engine,
  connections: readonly Connection[],
  signal: AbortSignal,
  look: (stream: Stream, connection: Connection) => boolean,
): Promise<ReadonlyMap<string, Tended>> {
  const read = await tendAll(engine, connections, (connection) => ({ signal, write: false, look: (stream) => look(stream, connection) }));
  await reconcileAll(engine, signal);
  const able = connections.filter((connection) => read.get(connection.id)?.error === null);
  const wrote = await tendAll(engine, able, () => ({ signal, look: () => false }));
  await reconcileAll(engine, signal);
  return new Map(
    [...read].map(([id, result]) => [
      id,
      { ...result, wrote: wrote.get(id)?.wrote ?? result.wrote, error: result.error ?? wrote.get(id)?.error ?? null },
    ]),
  );
}

/** Tends connections side by side; those that another worker is at are left out. */
async function tendAll(
  engine: Engine,
  connections: readonly Connection[],
  options: (connection: Connection) => TendOptions,
): Promise<ReadonlyMap<string, Tended>> {
  const tended = await Promise.all(
    connections.map(async (connection) => [connection.id, await tend(engine, connection.id, options(connection))] as const),
  );
  return new Map(tended.flatMap(([id, result]) => (result === null ? [] : [[id, result] as const])));
}

const writesOf = (tended: Tended): number => tended.wrote.created + tended.wrote.updated + tended.wrote.deleted;

/** How late an entity's changes show. Responses may take half an hour to appear, and are not waited for. */
function settleMsOf(engine: Engine, connector: string, object: string): number {
  const traits = engine.connectors.get(connector)?.manifest.objects[object];
  return traits?.nature === 'entity' && traits.read.only === undefined ? traits.read.settleMs : 0;
}

/** How long ago there was last a reason to look at a stream: the start, or our own last write to it. */
const sinceNewsMs = (engine: Engine, stream: Stream, started: number): number =>
  Math.min(engine.clock.now().getTime() - started, stream.sinceWroteMs ?? Number.POSITIVE_INFINITY);

/** Whether a stream has been looked at since then, late enough for its index. */
function isSettled(engine: Engine, stream: Stream, connector: string, started: number): boolean {
  if (!stream.backfilled || stream.sinceObservedMs === null) return false;
  return sinceNewsMs(engine, stream, started) - stream.sinceObservedMs >= settleMsOf(engine, connector, stream.object);
}

/** Whether a look at the stream would tell something now: never read, or unsettled with an index that has had its time. */
function isDue(engine: Engine, stream: Stream, connector: string, started: number): boolean {
  if (!stream.backfilled || stream.sinceObservedMs === null) return true;
  return (
    !isSettled(engine, stream, connector, started) && sinceNewsMs(engine, stream, started) >= settleMsOf(engine, connector, stream.object)
  );
}

async function isQuiet(engine: Engine, started: number, givenUp: readonly string[]): Promise<boolean> {
  const connections = new Map(
    (await listConnections(engine.hub)).filter((c) => c.enabled && !givenUp.includes(c.id)).map((c) => [c.id, c]),
  );
  for (const stream of await listStreams(engine.hub)) {
    const connection = connections.get(stream.connectionId);
    if (connection === undefined || !stream.enabled || stream.direction === 'off' || (stream.resumeInMs ?? 0) > 0) continue;
    if (!isSettled(engine, stream, connection.connector, started)) return false;
  }
  const ids = [...connections.keys()];
  const { rows } = await sql<{ busy: boolean }>`
    select exists (select 1 from observation o join stream s on s.connection_id = o.connection_id and s.object = o.object and s.enabled and s.mode = 'live' and coalesce(s.resume_at, '-infinity') <= now() where o.dirty and o.connection_id = any(${ids}::uuid[]) and s.hub_object <> 'response')
      or exists (select 1 from record where dirty)
      or ${entryObject(engine.mappings.model) !== undefined} and exists (select 1 from entry where due)
      or exists (select 1 from segment_check k, segment_settings s where k.at <= now() and s.settings is not null)
      or exists (select 1 from link l join stream s on s.connection_id = l.connection_id and s.object = l.object and s.enabled and s.mode = 'live' and s.direction in ('both', 'out') and coalesce(s.resume_at, '-infinity') <= now()
        where (l.due and not coalesce(${isPrevented}, false) and not ${isOfPlanUnderWay} or l.sent is not null) and l.connection_id = any(${ids}::uuid[])) as busy`.execute(
    engine.hub,
  );
  return rows[0]?.busy === false;
}
