import { sql } from 'kysely';
import type { FieldSchema } from '../../contract/connector.ts';
import type { Fields } from '../../contract/records.ts';
import type { Misfit } from '../../mapping/fit.ts';
import type { Db } from '../database.ts';
import { newId } from '../ids.ts';
import type { Schedule } from '../rhythm/schedule.ts';
import type { ConnectionState, StreamDirection } from '../stored.ts';

export type Connection = {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  readonly origin: string;
  readonly settings: Fields;
  readonly account: { readonly id: string; readonly name: string; readonly timeZone?: string } | null;
  readonly enabled: boolean;
  readonly state: ConnectionState;
  readonly reason: string | null;
  /** Whose sandbox it is; null for an account that is worked with. */
  readonly sandbox: 'ours' | 'theirs' | null;
  /** Somebody has stopped it, until somebody lets it go on. */
  readonly isPaused: boolean;
  readonly schedule: Schedule | null;
  /** Milliseconds until a connection that waits may be tried again, by the database's clock; 0 when now. */
  readonly waitMs: number;
  /** Milliseconds until more is done again than what somebody waits for, as little is left of the vendor's day; 0 when now. */
  readonly sparedMs: number;
};

/** One object of one connection, with its direction and its schedule. */
export type Stream = {
  readonly id: string;
  readonly connectionId: string;
  readonly object: string;
  readonly hubObject: string;
  readonly direction: StreamDirection;
  readonly enabled: boolean;
  readonly everyMs: number;
  /** Milliseconds until the schedule looks at it again; 0 when it is due. */
  readonly dueInMs: number;
  readonly backfilled: boolean;
  /** Milliseconds since a complete look, and since our last write, by the database's clock; null when never. */
  readonly sinceObservedMs: number | null;
  readonly sinceWroteMs: number | null;
  readonly schema: readonly FieldSchema[] | null;
  readonly sinceSchemaMs: number | null;
  /** Mapped fields over there that have become something else, and stand still. */
  readonly quarantined: readonly string[];
  /** Remote fields that every record has been read with; null before the first look. */
  readonly asked: readonly string[] | null;
  /** A shadow is read and reported on; nothing of it is merged, and nothing is written through it. */
  readonly mode: 'live' | 'shadow';
  readonly mappingHash: string | null;
  readonly sweepInMs: number;
  /** Whether every record has a link to it, or a place for one. */
  readonly placed: boolean;
  /** Milliseconds until it is tried again, when the credentials did not reach it last time; else null. */
  readonly resumeInMs: number | null;
};

const CONNECTION = [
  'id',
  'connector',
  'name',
  'origin',
  'settings',
  'account',
  'enabled',
  'state',
  'reason',
  'sandbox',
  'schedule',
] as const;
const sinceMs = (column: string) => sql<number | null>`extract(epoch from now() - ${sql.ref(column)})::float8 * 1000`;

export async function listConnections(db: Db): Promise<readonly Connection[]> {
  return connectionQuery(db).orderBy('name').execute();
}

export async function findConnection(db: Db, nameOrId: string): Promise<Connection | undefined> {
  return connectionQuery(db)
    .where((e) => e.or([e('name', '=', nameOrId), e(sql<string>`id::text`, '=', nameOrId)]))
    .executeTakeFirst();
}

function connectionQuery(db: Db) {
  return db
    .selectFrom('connection')
    .select(CONNECTION)
    .select(sql<boolean>`paused_at is not null`.as('isPaused'))
    .select(sql<number>`greatest(0, extract(epoch from coalesce(resume_at, '-infinity') - now())::float8 * 1000)`.as('waitMs'))
    .select(sql<number>`greatest(0, extract(epoch from coalesce(spared_until, '-infinity') - now())::float8 * 1000)`.as('sparedMs'));
}

/** Makes the connection, or gives the one of that name new settings. Its streams are kept. */
export async function saveConnection(
  db: Db,
  draft: Pick<Connection, 'connector' | 'name' | 'origin' | 'settings' | 'account'> & Partial<Pick<Connection, 'sandbox'>>,
): Promise<string> {
  const row = {
    connector: draft.connector,
    origin: draft.origin,
    settings: JSON.stringify(draft.settings),
    account: JSON.stringify(draft.account),
    sandbox: draft.sandbox ?? null,
    state: 'ready' as const,
    reason: null,
    cause: null,
    resume_at: null,
    attempts: 0,
  };
  const { id } = await db
    .insertInto('connection')
    .values({ id: newId(), name: draft.name, ...row })
    .onConflict((c) =>
      c
        .column('name')
        .doUpdateSet({ ...row, updated_at: sql`now()` })
        .where('connection.connector', '=', draft.connector),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function setConnectionEnabled(db: Db, connectionId: string, enabled: boolean): Promise<void> {
  await db.updateTable('connection').set({ enabled, updated_at: sql`now()` }).where('id', '=', connectionId).execute();
}

/** All streams with their live schemas, which are large; or only those of a connection or of a hub object. */
export async function listStreams(
  db: Db,
  { connectionId, hubObject }: { readonly connectionId?: string; readonly hubObject?: string } = {},
): Promise<readonly Stream[]> {
  let query = db
    .selectFrom('stream')
    .select([
      'id',
      'connection_id as connectionId',
      'object',
      'hub_object as hubObject',
      'direction',
      'enabled',
      'every_ms as everyMs',
      'schema',
      'quarantined',
      'asked',
      'mode',
      'mapping_hash as mappingHash',
      'placed',
    ])
    .select([
      sql<number>`greatest(0, extract(epoch from next_at - now())::float8 * 1000)`.as('dueInMs'),
      sql<number>`case when sweep_at = 'infinity' then 'Infinity'::float8 else greatest(0, extract(epoch from sweep_at - now())::float8 * 1000) end`.as(
        'sweepInMs',
      ),
      sql<boolean>`backfilled_at is not null`.as('backfilled'),
      sql<number | null>`case when resume_at is not null then greatest(0, extract(epoch from resume_at - now())::float8 * 1000) end`.as(
        'resumeInMs',
      ),
      sinceMs('observed_at').as('sinceObservedMs'),
      sinceMs('wrote_at').as('sinceWroteMs'),
      sinceMs('schema_at').as('sinceSchemaMs'),
    ]);
  if (connectionId !== undefined) query = query.where('connection_id', '=', connectionId);
  if (hubObject !== undefined) query = query.where('hub_object', '=', hubObject);
  return query.orderBy('id').execute();
}

/** Makes the streams that a connection can have, switched off, where they are not there yet. */
export async function ensureStreams(
  db: Db,
  connectionId: string,
  streams: readonly { object: string; hubObject: string; direction: StreamDirection; everyMs?: number | undefined }[],
): Promise<void> {
  if (streams.length === 0) return;
  await db
    .insertInto('stream')
    .values(
      streams.map((stream) => ({
        id: newId(),
        connection_id: connectionId,
        object: stream.object,
        hub_object: stream.hubObject,
        direction: stream.direction,
        ...(stream.everyMs === undefined ? {} : { every_ms: stream.everyMs }),
        backfilled_at: null,
        observed_at: null,
        wrote_at: null,
        schema: null,
        schema_at: null,
      })),
    )
    .onConflict((c) => c.columns(['connection_id', 'object']).doNothing())
    .execute();
}

/** The live schema, with what in the mapping does not fit it. */
export async function storeSchema(
  db: Db,
  streamId: string,
  {
    schema,
    misfits,
    quarantined,
  }: Pick<Stream, 'quarantined'> & {
    readonly schema: readonly FieldSchema[];
    readonly misfits: readonly Misfit[];
  },
): Promise<void> {
  await db
    .updateTable('stream')
    .set({ schema: JSON.stringify(schema), misfits: JSON.stringify(misfits), quarantined: [...quarantined], schema_at: sql`now()` })
    .where('id', '=', streamId)
    .execute();
}

type Ahead = { readonly sweeps: boolean; readonly nextAt?: Date | null };

/** A complete look has ended: the next is due at its time or else one interval later, and so is the first sweep where there are any. */
export async function noteObserved(db: Db, streamId: string, { sweeps, nextAt = null }: Ahead): Promise<void> {
  await db
    .updateTable('stream')
    .set({
      observed_at: sql`now()`,
      backfilled_at: sql`coalesce(backfilled_at, now())`,
      next_at: nextAt ?? sql`now() + every_ms * interval '1 ms'`,
      sweep_at: sweeps ? sql`least(sweep_at, now() + sweep_every_ms * interval '1 ms')` : sql`'infinity'`,
    })
    .where('id', '=', streamId)
    .execute();
}

/** The next look is due no sooner than that. */
export async function postpone(db: Db, streamId: string, ms: number): Promise<void> {
  await db
    .updateTable('stream')
    .set({ next_at: sql`greatest(next_at, now() + ${ms}::float8 * interval '1 ms')` })
    .where('id', '=', streamId)
    .execute();
}

/** Every record has been read with these fields. */
export async function noteAsked(db: Db, streamId: string, fields: readonly string[]): Promise<void> {
  await db
    .updateTable('stream')
    .set({ asked: [...fields] })
    .where('id', '=', streamId)
    .execute();
}

/** Every record has been looked at: the next sweep is due one interval later. */
export async function noteSwept(db: Db, streamId: string): Promise<void> {
  await db
    .updateTable('stream')
    .set({ swept_at: sql`now()`, sweep_at: sql`now() + sweep_every_ms * interval '1 ms'` })
    .where('id', '=', streamId)
    .execute();
}

/** Something may have been missed: the next sweep is due now. */
export async function makeSweepDue(db: Db, streamId: string): Promise<void> {
  await db.updateTable('stream').set({ sweep_at: sql`now()` }).where('id', '=', streamId).execute();
}

export async function noteWrote(db: Db, streamId: string): Promise<void> {
  await db.updateTable('stream').set({ wrote_at: sql`now()` }).where('id', '=', streamId).execute();
}

export async function addCalls(db: Db, connectionId: string, calls: { made: number; floor: number }): Promise<void> {
  await db
    .updateTable('connection')
    .set({ calls_made: sql`calls_made + ${calls.made}`, calls_floor: sql`calls_floor + ${calls.floor}` })
    .where('id', '=', connectionId)
    .execute();
}
