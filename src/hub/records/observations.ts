import { sql } from 'kysely';
import type { Fields, Observation } from '../../contract/records.ts';
import type { SurveyResponse } from '../../contract/survey.ts';
import type { Db } from '../database.ts';
import { digestOf } from '../ids.ts';
import type { StreamKey } from './accounting.ts';
import { countOutcomes, supersede } from './accounting.ts';

/** Every observation of a page ends in exactly one of these. */
export type Stored = { changed: number; unchanged: number; stale: number; gone: number };

const GONE_HASH = digestOf('gone');
type Row = {
  remoteId: string;
  fields: string;
  hash: string;
  changedAt: string;
  version: string | null;
  gone: boolean;
  changedBy: string | null;
};
/** `runId`: the run that saw it. `partial`: these views show some fields alone, and the others are as they were. */
type StoreOptions = { readonly dirty?: boolean; readonly runId?: string | null | undefined; readonly partial?: boolean };

/**
 * Stores what was seen, and marks as dirty what differs from what had been seen before. An older version never replaces a newer one, and an
 * unchanged record costs one read and no write. Fields that this view did not show keep their last known value.
 */
export async function storeObservations(
  tx: Db,
  key: StreamKey,
  seen: readonly Observation[],
  options: StoreOptions = {},
): Promise<Stored & { changedIds: readonly string[] }> {
  const counts = { changed: 0, unchanged: 0, stale: 0, gone: 0 };
  if (seen.length === 0) return { ...counts, changedIds: [] };
  const known = await readHashes(
    tx,
    key,
    seen.map((one) => one.id),
  );
  const held = options.partial === true ? await readFields(tx, key, [...known.keys()]) : new Map<string, Fields>();
  const rows = new Map<string, Row>();
  const touched: Touched[] = [];
  for (const view of seen) {
    const one = { ...view, changedAt: new Date(view.changedAt).toISOString() };
    const before = rows.get(one.id) ?? known.get(one.id);
    // What nobody has seen whole is left to a look that shows it whole.
    if (before === undefined && (one.kind === 'gone' || options.partial === true)) {
      counts.unchanged += 1;
      continue;
    }
    if (before !== undefined && before.changedAt > one.changedAt) {
      counts.stale += 1;
      continue;
    }
    const fields = one.kind === 'gone' ? {} : options.partial === true ? { ...held.get(one.id), ...one.fields } : one.fields;
    const hash = one.kind === 'gone' ? GONE_HASH : contentHash(fields, one.response);
    if (before?.hash === hash) {
      counts.unchanged += 1;
      const version = one.kind === 'gone' || one.version === null ? before.version : one.version;
      if (before.changedAt < one.changedAt || before.version !== version)
        touched.push({ remoteId: one.id, changedAt: one.changedAt, version });
      continue;
    }
    counts[one.kind === 'gone' ? 'gone' : 'changed'] += 1;
    rows.set(one.id, {
      remoteId: one.id,
      fields: JSON.stringify(fields),
      hash,
      changedAt: one.changedAt,
      version: one.kind === 'gone' ? null : one.version,
      gone: one.kind === 'gone',
      changedBy: one.changedBy ?? null,
    });
  }
  await supersede(tx, key, [...rows.keys()]);
  await upsert(tx, key, [...rows.values()], options);
  await touch(tx, key, touched);
  await countSeen(tx, seen.length, { ...counts, stored: rows.size }, options);
  return { ...counts, changedIds: [...rows.keys()] };
}

/** Of two views of one record the later stands, and what differs is merged later, or is filed by the caller. */
async function countSeen(
  tx: Db,
  accepted: number,
  counts: Stored & { stored: number },
  { dirty = true, runId }: StoreOptions,
): Promise<void> {
  if (runId == null) return;
  const superseded = counts.stale + counts.changed + counts.gone - counts.stored;
  await countOutcomes(tx, runId, { accepted, duplicate: counts.unchanged, superseded, applied: dirty ? 0 : counts.stored });
}

/**
 * What tells two views apart. Of a response that is what was answered and how far it has come, and not how its questions are worded: a form that was
 * reworded has no new answers.
 */
function contentHash(fields: Fields, response: SurveyResponse | undefined): string {
  if (response === undefined) return digestOf(fields);
  const { state, submittedAt, language, channel, answers } = response;
  return digestOf({ fields, state, submittedAt, language, channel, answers: answers.map(({ question, value }) => [question.id, value]) });
}

type Held = { readonly hash: string; readonly changedAt: string; readonly version: string | null };

async function readHashes(tx: Db, key: StreamKey, ids: readonly string[]): Promise<Map<string, Held>> {
  const { rows } = await sql<{ remote_id: string; hash: string; changed_at: Date; version: string | null }>`
    select remote_id, hash, changed_at, version from observation
    where connection_id = ${key.connectionId} and object = ${key.object} and remote_id = any(${ids}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.remote_id, { hash: row.hash, changedAt: row.changed_at.toISOString(), version: row.version }]));
}

/** What stands for the content of some records as they were last seen. */
export async function knownHashes(db: Db, key: StreamKey, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await readHashes(db, key, ids))].map(([id, { hash }]) => [id, hash]));
}

/** The versions that some records were last seen in, where their vendor has such a thing. */
export async function readVersions(db: Db, key: StreamKey, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  return new Map([...(await readHashes(db, key, ids))].map(([id, { version }]) => [id, version]));
}

async function readFields(tx: Db, key: StreamKey, ids: readonly string[]): Promise<ReadonlyMap<string, Fields>> {
  const { rows } = await sql<{ remote_id: string; fields: Fields }>`
    select remote_id, fields from observation
    where connection_id = ${key.connectionId} and object = ${key.object} and remote_id = any(${ids}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.remote_id, row.fields]));
}

/** The ids of which this very version is held already. */
export async function knownVersions(
  db: Db,
  key: StreamKey,
  seen: readonly { id: string; changedAt: string }[],
): Promise<ReadonlySet<string>> {
  const held = await readHashes(
    db,
    key,
    seen.map((one) => one.id),
  );
  return new Set(seen.filter((one) => held.get(one.id)?.changedAt === one.changedAt).map((one) => one.id));
}

async function upsert(tx: Db, key: StreamKey, rows: readonly Row[], { dirty = true, runId = null }: StoreOptions): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into observation (connection_id, object, remote_id, fields, hash, changed_at, version, gone, dirty, run_id, changed_by, outcome)
    select ${key.connectionId}::uuid, ${key.object}, r.remote_id, r.fields::jsonb, r.hash, r.changed_at, r.version, r.gone, ${dirty}, ${runId}::uuid, r.changed_by, ${dirty ? null : 'applied'}
    from unnest(${rows.map((r) => r.remoteId)}::text[], ${rows.map((r) => r.fields)}::text[], ${rows.map((r) => r.hash)}::uuid[],
      ${rows.map((r) => r.changedAt)}::timestamptz[], ${rows.map((r) => r.version)}::text[], ${rows.map((r) => r.gone)}::boolean[],
      ${rows.map((r) => r.changedBy)}::text[]) as r (remote_id, fields, hash, changed_at, version, gone, changed_by)
    on conflict (connection_id, object, remote_id) do update
    set fields = observation.fields || excluded.fields, hash = excluded.hash, changed_at = excluded.changed_at, version = excluded.version,
      gone = excluded.gone, dirty = excluded.dirty, seen_at = now(), run_id = excluded.run_id, changed_by = excluded.changed_by, outcome = excluded.outcome`.execute(
    tx,
  );
  // Seen for the first time since a write of ours: if it says nothing else, it is the echo of that.
  await sql`
    with written as (
      update link set expected = null where connection_id = ${key.connectionId} and object = ${key.object}
        and remote_id = any(${rows.map((r) => r.remoteId)}::text[]) and expected is not null returning remote_id)
    update observation o set outcome = 'awaited' from written w
    where o.connection_id = ${key.connectionId} and o.object = ${key.object} and o.remote_id = w.remote_id and o.dirty`.execute(tx);
}

type Touched = { readonly remoteId: string; readonly changedAt: string; readonly version: string | null };

async function touch(tx: Db, key: StreamKey, rows: readonly Touched[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update observation o set changed_at = r.changed_at, version = r.version
    from unnest(${rows.map((r) => r.remoteId)}::text[], ${rows.map((r) => r.changedAt)}::timestamptz[], ${rows.map((r) => r.version)}::text[])
      as r (remote_id, changed_at, version)
    where o.connection_id = ${key.connectionId} and o.object = ${key.object} and o.remote_id = r.remote_id`.execute(tx);
  // What a write had left there was put back since: nothing differs from the view before the write, and yet the merge has to see it.
  await sql`
    with put_back as (
      update link set expected = null where connection_id = ${key.connectionId} and object = ${key.object}
        and remote_id = any(${rows.map((r) => r.remoteId)}::text[]) and expected is not null returning remote_id)
    update observation o set dirty = true from put_back p
    where o.connection_id = ${key.connectionId} and o.object = ${key.object} and o.remote_id = p.remote_id`.execute(tx);
}
