import { isCauseId } from '../../causes/causes.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { Db } from '../database.ts';
import { type After, iso, isoOrNull, mapSlice, type Slice, sliceOf } from './slice.ts';

const CONNECTION = [
  'connection.id',
  'connection.connector',
  'connection.name',
  'connection.origin',
  'connection.settings',
  'connection.account',
  'connection.enabled',
  'connection.state',
  'connection.reason',
  'connection.cause',
  'connection.attempts',
  'connection.resume_at',
  'connection.created_at',
  'connection.updated_at',
  'connection.calls_made',
  'connection.calls_floor',
  'credential.kind as auth_kind',
] as const;
const STREAM = [
  'id',
  'connection_id',
  'object',
  'hub_object',
  'direction',
  'enabled',
  'every_ms',
  'next_at',
  'backfilled_at',
  'observed_at',
  'wrote_at',
  'misfits',
  'mode',
  'reason',
  'cause',
] as const;

type ConnectionRow = Awaited<ReturnType<typeof readConnections>>[number];
type StreamRow = Awaited<ReturnType<typeof readStreams>>[number];
export type ConnectionView = ReturnType<typeof viewOf>;

/** The connections with their streams, the newest first. Credentials are not among the columns. */
export async function listConnections(db: Db, page: After): Promise<Slice<ConnectionView>> {
  let query = connections(db)
    .orderBy('connection.id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query = query.where('connection.id', '<', page.after);
  const slice = sliceOf(await query.execute(), page.limit);
  const streams = await streamsOf(
    db,
    slice.items.map((row) => row.id),
  );
  return mapSlice(slice, (row) => viewOf(row, streams.get(row.id) ?? []));
}

/** One connection with its streams. */
export async function connectionById(db: Db, id: string): Promise<ConnectionView | null> {
  const row = await connections(db).where('connection.id', '=', id).executeTakeFirst();
  return row === undefined ? null : viewOf(row, (await streamsOf(db, [id])).get(id) ?? []);
}

const connections = (db: Db) =>
  db.selectFrom('connection').leftJoin('credential', 'credential.connection_id', 'connection.id').select(CONNECTION);
const readConnections = (db: Db) => connections(db).execute();
const readStreams = (db: Db, ids: readonly string[]) =>
  db.selectFrom('stream').select(STREAM).where('connection_id', 'in', ids).orderBy('object').execute();

async function streamsOf(db: Db, ids: readonly string[]): Promise<Map<string, StreamRow[]>> {
  return ids.length === 0 ? new Map() : groupBy(await readStreams(db, ids), (row) => row.connection_id);
}

function viewOf(row: ConnectionRow, streams: readonly StreamRow[]) {
  return {
    id: row.id,
    connector: row.connector,
    name: row.name,
    origin: row.origin,
    settings: row.settings,
    account: row.account,
    enabled: row.enabled,
    state: row.state,
    reason: row.reason,
    cause: row.cause !== null && isCauseId(row.cause) ? row.cause : null,
    attempts: row.attempts,
    resumeAt: isoOrNull(row.resume_at),
    authKind: row.auth_kind,
    calls: { made: Number(row.calls_made), floor: Number(row.calls_floor) },
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
    streams: streams.map(streamView),
  };
}

function streamView(row: StreamRow) {
  return {
    id: row.id,
    object: row.object,
    hubObject: row.hub_object,
    direction: row.direction,
    enabled: row.enabled,
    everyMs: row.every_ms,
    mode: row.mode,
    nextAt: iso(row.next_at),
    backfilledAt: isoOrNull(row.backfilled_at),
    observedAt: isoOrNull(row.observed_at),
    wroteAt: isoOrNull(row.wrote_at),
    misfits: [...row.misfits],
    reason: row.reason,
    cause: row.cause !== null && isCauseId(row.cause) ? row.cause : null,
  };
}
