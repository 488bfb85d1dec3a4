import { sql } from 'kysely';
import { type Connection, listConnections, listStreams, type Stream } from '../../hub/connections/connections.ts';
import type { Db, Hub, Tx } from '../../hub/database.ts';
import { must } from '../../kernel/must.ts';
import { type Engine, mappingOf } from '../engine.ts';
import { indexIdentities } from '../identity/identities.ts';
import { place } from '../reconciling/place.ts';
import { reconcileAll } from '../reconciling/reconcile.ts';
import { adoptMapping } from '../schema/adopt-mapping.ts';
import { type EntityStream, entityStream } from '../streams.ts';
import type { Work } from '../work.ts';
import { carryOut } from '../writing/carry-out.ts';
import { type Names, nameRecords } from './names.ts';
import { standInPort } from './stand-in.ts';

/** A rehearsal: the engine inside one transaction, with the streams that take part and the records that it has made. */
export type Stage = {
  readonly engine: Engine;
  readonly tx: Tx;
  /** The database as it is for everybody else. */
  readonly outside: Db;
  readonly streams: readonly EntityStream[];
  readonly names: Names;
  /** What Postgres marks the rows with that came into being in this transaction. */
  readonly xid: string;
};

/** How often in thought what was just made may let others be made. */
const MOST_ROUNDS = 8;

/**
 * Lets everything happen in the hub that would happen if these streams were live: the engine itself merges what has been seen and gives
 * places to what is missing. All of it is in the caller's transaction, for the caller to keep or to take back.
 */
export async function stage(engine: Engine, tx: Tx, options: { streamIds: readonly string[]; signal: AbortSignal }): Promise<Stage> {
  // In its transaction the engine finds the tables by themselves; that it is another kind of database handle makes no difference to it.
  // Its mappings are what it was given, whatever is active for others.
  const { revision: _, ...mappings } = engine.mappings;
  const inner: Engine = { ...engine, mappings, hub: tx as Hub, foreseen: true, live: () => undefined };
  await coverConnections(tx, options.streamIds);
  await goLive(tx, options.streamIds);
  const streams = await taking(inner, tx);
  await noteSeen(tx, streams);
  for (const { stream, mapping } of streams) {
    if (await adoptMapping(tx, stream, mapping)) await indexIdentities(inner, tx, stream.hubObject);
  }
  await reconcileAll(inner, options.signal);
  for (const { connection, stream } of await taking(inner, tx))
    if (stream.backfilled && !stream.placed) await place(inner, { connection, stream });
  await reconcileAll(inner, options.signal);
  return {
    engine: inner,
    tx,
    outside: engine.hub,
    streams: await taking(inner, tx),
    names: await nameRecords(tx, null),
    xid: await markOf(tx),
  };
}

async function markOf(tx: Tx): Promise<string> {
  const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::xid::text as xid`.execute(tx);
  return must(rows[0], 'the id of a transaction').xid;
}

/**
 * Switches connections on for this transaction alone, in a table that covers the real one: a lock on the real rows would cost whoever works on
 * a connection its lease.
 */
async function coverConnections(tx: Tx, streamIds: readonly string[]): Promise<void> {
  await sql`create temporary table connection on commit drop as select * from connection`.execute(tx);
  await sql`update connection set lease_until = 'infinity', paused_at = null,
    enabled = enabled or id in (select connection_id from stream where id = any(${streamIds}::uuid[]))`.execute(tx);
}

/** Makes what `stage` has covered real, for a transaction that is kept. */
export async function uncoverConnections(tx: Tx, streamIds: readonly string[]): Promise<void> {
  await sql`drop table pg_temp.connection`.execute(tx);
  await sql`update connection set enabled = true, updated_at = now()
    where not enabled and id in (select connection_id from stream where id = any(${streamIds}::uuid[]))`.execute(tx);
}

async function goLive(tx: Tx, streamIds: readonly string[]): Promise<void> {
  await sql`update stream set enabled = true, mode = 'live', next_at = case when enabled then next_at else now() end
    where id = any(${streamIds}::uuid[])`.execute(tx);
}

/** The streams that take part, parents before children on each connection. */
async function taking(engine: Engine, tx: Tx): Promise<readonly EntityStream[]> {
  const connections = new Map((await listConnections(tx)).map((connection) => [connection.id, connection]));
  const live = (await listStreams(tx)).filter((stream) => isLive(stream, connections));
  const opened = live.flatMap((stream) => entityStream(engine, must(connections.get(stream.connectionId), 'a connection'), stream) ?? []);
  return opened.sort((a, b) => compare(a.connection.name, b.connection.name) || orderOf(engine, a) - orderOf(engine, b));
}

const isLive = (stream: Stream, connections: ReadonlyMap<string, Connection>): boolean =>
  stream.enabled && stream.mode === 'live' && stream.direction !== 'off' && connections.get(stream.connectionId)?.enabled === true;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function orderOf(engine: Engine, { connection, stream }: EntityStream): number {
  return Object.keys(engine.connectors.get(connection.connector)?.manifest.objects ?? {}).indexOf(stream.object);
}

/** Notes what is to be merged now, and whether it was known before. */
async function noteSeen(tx: Tx, streams: readonly EntityStream[]): Promise<void> {
  await sql`
    create temporary table planned_seen on commit drop as
    select o.connection_id, o.object, o.remote_id, exists (
      select 1 from link l where l.connection_id = o.connection_id and l.object = o.object and l.remote_id = o.remote_id) as linked
    from observation o join unnest(${streams.map((s) => s.connection.id)}::uuid[], ${streams.map((s) => s.stream.object)}::text[]) as s (connection_id, object)
      on s.connection_id = o.connection_id and s.object = o.object
    where o.dirty`.execute(tx);
  await sql`create unique index on planned_seen (connection_id, object, remote_id)`.execute(tx);
  await sql`analyze planned_seen`.execute(tx);
}

/**
 * Carries out in thought all that is due, with the engine's own hands and a port that stands in for each vendor's: what would be written is
 * left in the deliveries of this transaction.
 */
export async function carryOutInThought({ engine, tx, streams, names }: Stage, signal: AbortSignal): Promise<void> {
  // What was seen last counts as fresh, no sweep is due, and whatever waits for its next try waits no more.
  await sql`update stream set observed_at = now(), sweep_at = 'infinity' where id = any(${streams.map((s) => s.stream.id)}::uuid[])`.execute(
    tx,
  );
  await sql`update link set not_before = '-infinity' where due and not_before > now()`.execute(tx);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    let wrote = 0;
    for (const { connection, stream } of streams) {
      const done = await carryOut(engine, await workOf(engine, tx, { connection, stream, names, signal }));
      const count = done.created + done.updated + done.deleted;
      // What was just made may be what records of another stream wait for.
      if (count > 0) await reconcileAll(engine, signal);
      wrote += count;
    }
    if (wrote === 0) return;
  }
}

type Part = { readonly connection: Connection; readonly stream: Stream; readonly names: Names; readonly signal: AbortSignal };

async function workOf(engine: Engine, tx: Tx, { connection, stream, names, signal }: Part): Promise<Work> {
  const { fence } = await tx.selectFrom('connection').select('fence').where('id', '=', connection.id).executeTakeFirstOrThrow();
  return {
    connection,
    stream: must(
      (await listStreams(tx, { connectionId: connection.id })).find(({ id }) => id === stream.id),
      'a stream of a plan',
    ),
    port: standInPort(tx, { connectionId: connection.id, object: stream.object }, names),
    mapping: must(mappingOf(engine, connection, stream.object), 'the mapping of a stream'),
    fields: [],
    held: { lease: { connectionId: connection.id, fence }, signal, assertHeld: () => undefined },
  };
}
