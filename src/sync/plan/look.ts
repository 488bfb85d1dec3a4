import type { HubError } from '../../contract/errors.ts';
import { listConnections } from '../../hub/connections/connections.ts';
import type { PlanAsked } from '../../hub/plans/plans.ts';
import { must } from '../../kernel/must.ts';
import { withAdvice } from '../connecting/connect.ts';
import { type Engine, entityMapping } from '../engine.ts';
import { type Held, withLease } from '../lease.ts';
import { tendHeld } from '../tend.ts';
import { liveStreams } from './asked.ts';
import type { Latencies } from './forecast.ts';
import type { NotLookedAt } from './summary.ts';

export type Leases = ReadonlyMap<string, Held>;

/** The connections that a plan has to do with: those that it asks for, and those that are live and not paused. */
export async function connectionsOf(engine: Engine, asked: PlanAsked): Promise<readonly string[]> {
  const wanted = new Set(asked.streams.map(({ id }) => id));
  const streams = [...(await liveStreams(engine)), ...(await streamsNamed(engine, wanted))];
  const paused = new Set((await listConnections(engine.hub)).filter(({ isPaused }) => isPaused).map(({ id }) => id));
  const asks = new Set((await streamsNamed(engine, wanted)).map(({ connectionId }) => connectionId));
  return [...new Set(streams.map((stream) => stream.connectionId))].filter((id) => asks.has(id) || !paused.has(id)).sort();
}

async function streamsNamed(engine: Engine, ids: ReadonlySet<string>) {
  const rows = await engine.hub.selectFrom('stream').select(['id', 'connection_id as connectionId']).execute();
  return rows.filter((row) => ids.has(row.id));
}

/** Works on several connections alone; null when somebody is at one of them. */
export async function withLeases<T>(
  engine: Engine,
  work: { readonly ids: readonly string[]; readonly signal: AbortSignal },
  run: (leases: Leases, signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const take = async (ids: readonly string[], leases: Leases, signal: AbortSignal): Promise<{ readonly value: T } | null> => {
    const [id, ...rest] = ids;
    if (id === undefined) return { value: await run(leases, signal) };
    return withLease(engine, id, signal, (held) => take(rest, new Map([...leases, [id, held]]), held.signal));
  };
  return (await take(work.ids, new Map(), work.signal))?.value ?? null;
}

export type Looked = { readonly latencies: Latencies; readonly notLookedAt: NotLookedAt };

/**
 * Reads what a plan stands on, and merges none of it: what is asked for has to be seen, and a failure there is thrown; of what is live
 * already, the last view has to do.
 */
export async function lookFirst(engine: Engine, asked: PlanAsked, leases: Leases): Promise<Looked> {
  const latencies = new Map<string, number>();
  const notLookedAt: NotLookedAt[number][] = [];
  const wanted = new Set(asked.streams.map(({ id }) => id));
  const live = new Set((await liveStreams(engine)).map(({ id }) => id));
  for (const connection of await listConnections(engine.hub)) {
    const held = leases.get(connection.id);
    if (held === undefined && connection.isPaused && connection.enabled)
      notLookedAt.push({ connection: connection.name, reason: 'it is paused.' });
    if (held === undefined) continue;
    const before = await callsOf(engine, connection.id);
    const begun = engine.clock.now().getTime();
    const takes = (stream: { id: string; object: string }): boolean =>
      (wanted.has(stream.id) || live.has(stream.id)) && entityMapping(engine, connection, stream.object) !== undefined;
    const tended = await tendHeld(engine, held, { look: () => true, merge: false, write: false, takes });
    held.signal.throwIfAborted();
    const error = must(tended, 'what a look under a lease came to').error;
    const isAsked = asked.streams.some((stream) => stream.connection === connection.name);
    if (error !== null && isAsked) throw error;
    if (error !== null) notLookedAt.push({ connection: connection.name, reason: reasonOf(error) });
    const calls = (await callsOf(engine, connection.id)) - before;
    if (calls > 0) latencies.set(connection.id, (engine.clock.now().getTime() - begun) / calls);
  }
  return { latencies, notLookedAt };
}

const reasonOf = (error: HubError): string => withAdvice(error);

async function callsOf(engine: Engine, connectionId: string): Promise<number> {
  const row = await engine.hub.selectFrom('connection').select('calls_made').where('id', '=', connectionId).executeTakeFirstOrThrow();
  return Number(row.calls_made);
}
