import { sql } from 'kysely';
import { isCauseId } from '../../causes/causes.ts';
import { groupBy } from '../../kernel/lists.ts';
import { nameOfActor } from '../access/actors.ts';
import { latestDrifts, type StoredDrift } from '../connections/drifts.ts';
import type { Db } from '../database.ts';
import { readAllowances } from '../limits/allowances.ts';
import { type Day, daysOf } from '../limits/day.ts';
import { nextLook, quietUntil, type Schedule } from '../rhythm/schedule.ts';
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
  'connection.daily_share',
  'connection.spared_until',
  'connection.sandbox',
  'connection.paused_at',
  'connection.paused_why',
  'connection.schedule',
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
  'asked',
  'mode',
  'reason',
  'cause',
] as const;

type ConnectionRow = Awaited<ReturnType<typeof readConnections>>[number];
type StreamWithDrift = StreamRow & { readonly drifts: readonly StoredDrift[] };
type StreamRow = Awaited<ReturnType<typeof readStreams>>[number];
export type ConnectionView = ReturnType<typeof viewOf>;

/** What a connection has used of its day, and what it may use. */
const quotasOf = async (db: Db) => daysOf(db, await readAllowances(db));

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
  const quotas = await quotasOf(db);
  return mapSlice(slice, (row) => viewOf(row, streams.get(row.id) ?? [], quotas.get(row.id)));
}

/** One connection with its streams. */
export async function connectionById(db: Db, id: string): Promise<ConnectionView | null> {
  const row = await connections(db).where('connection.id', '=', id).executeTakeFirst();
  return row === undefined ? null : viewOf(row, (await streamsOf(db, [id])).get(id) ?? [], (await quotasOf(db)).get(id));
}

const connections = (db: Db) =>
  db
    .selectFrom('connection')
    .leftJoin('credential', 'credential.connection_id', 'connection.id')
    .select(CONNECTION)
    .select([nameOfActor<string | null>('connection.paused_by').as('who_paused'), sql<Date>`now()`.as('read_at')]);
const readConnections = (db: Db) => connections(db).execute();
const readStreams = (db: Db, ids: readonly string[]) =>
  db.selectFrom('stream').select(STREAM).where('connection_id', 'in', ids).orderBy('object').execute();

const DRIFTS_SHOWN = 20;

async function streamsOf(db: Db, ids: readonly string[]): Promise<Map<string, StreamWithDrift[]>> {
  if (ids.length === 0) return new Map();
  const rows = await readStreams(db, ids);
  const drifts = await latestDrifts(
    db,
    rows.map(({ id }) => id),
    DRIFTS_SHOWN,
  );
  return groupBy(
    rows.map((row) => ({ ...row, drifts: drifts.get(row.id) ?? [] })),
    (row) => row.connection_id,
  );
}

function viewOf(row: ConnectionRow, streams: readonly StreamWithDrift[], day: Day | undefined) {
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
    quota: quotaView(row, day),
    sandbox: row.sandbox,
    paused: row.paused_at === null ? null : { at: iso(row.paused_at), by: row.who_paused ?? '', why: row.paused_why },
    schedule: scheduleView(row.schedule, row.read_at),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
    streams: streams.map(streamView),
  };
}

/** When a connection is looked at and left alone, with the times that follow from it. */
function scheduleView(schedule: Schedule | null, now: Date) {
  if (schedule === null) return null;
  const { cron, timeZone, quiet } = schedule;
  const hours = quiet.map(({ from, to, days }) => ({ from, to, days: [...days] }));
  return { cron, timeZone, quiet: hours, nextAt: isoOrNull(nextLook(schedule, now)), quietUntil: isoOrNull(quietUntil(schedule, now)) };
}

/** The vendor's day: what it allows, what was used of it, the hub's share, and until when the hub spares what is left of that. */
function quotaView({ daily_share, spared_until }: Pick<ConnectionRow, 'daily_share' | 'spared_until'>, day: Day | undefined) {
  return {
    percent: daily_share,
    max: day?.max ?? null,
    share: day?.share ?? null,
    ours: day?.ours ?? 0,
    others: day?.others ?? 0,
    resetsAt: day?.max == null ? null : day.resetsAt,
    sparedUntil: isoOrNull(spared_until),
  };
}

function streamView(row: StreamWithDrift) {
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
    drift: row.drifts.map(({ kind, field, detail, at, endedAt }) => ({
      kind,
      field,
      detail,
      mapped: row.asked?.includes(field) === true || row.misfits.some(({ remote }) => remote === field),
      at: iso(at),
      endedAt: isoOrNull(endedAt),
    })),
    reason: row.reason,
    cause: row.cause !== null && isCauseId(row.cause) ? row.cause : null,
  };
}
