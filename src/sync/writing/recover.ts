import { sql } from 'kysely';
import { assertLease } from '../../hub/connections/leases.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { storeAliases } from '../../hub/records/aliases.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import { storeDeliveries } from '../../hub/runs/deliveries.ts';
import { recountWrites } from '../../hub/runs/interrupted-runs.ts';
import { writesRunAt } from '../../hub/runs/runs.ts';
import { chunk } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import { arrivedOf } from '../../merge/agreed-base.ts';
import type { Engine } from '../engine.ts';
import { readByIds } from '../reading/survivors.ts';
import { mayBeOlder } from '../reconciling/link-presence.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { reconcile } from '../reconciling/reconcile.ts';
import { readRefs } from '../reconciling/refs.ts';
import { encodeSent, readLinks, readRecords } from '../reconciling/trees.ts';
import { type EntityStream, entityStream, streamKey } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import { askFor, type Work } from '../work.ts';
import type { Attempt } from './attempt.ts';
import { lateDeliveries } from './deliveries.ts';
import { settleDone } from './outcomes.ts';

/** How far before the first interrupted create the vendor's clock may say that it was made. */
const CLOCK_SKEW_MS = 120_000;

type Interrupted = {
  readonly id: string;
  readonly recordId: string;
  readonly remoteId: string | null;
  readonly sentAt: Date;
  readonly agoMs: number;
};

/** What is left to wait for, in milliseconds; 0 when every interrupted write of the stream is accounted for. */
export type Recovered = { readonly waitMs: number; readonly calls: number };

/** The streams of a connection on which something was sent that has no answer yet, alone or in a job. */
export async function streamsUnanswered(db: Db, connectionId: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select s.id from stream s where s.connection_id = ${connectionId} and (
      exists (select 1 from link l where l.connection_id = s.connection_id and l.object = s.object and l.sent is not null)
      or exists (select 1 from bulk_job j where j.stream_id = s.id and j.ended_at is null))`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Finds out what became of writes whose answer never came, before anything is read or written on their stream: a write that was done is
 * taken as done, one that was not is due again. All of it belongs to the run that sent them.
 */
export async function recover(engine: Engine, from: Work): Promise<Recovered> {
  const { rows } = await sql<Interrupted>`
    select id, record_id as "recordId", remote_id as "remoteId", sent_at as "sentAt", extract(epoch from now() - sent_at)::float8 * 1000 as "agoMs"
    from link where connection_id = ${from.connection.id} and object = ${from.stream.object} and sent is not null and bulk_job_id is null order by id`.execute(
    engine.hub,
  );
  if (rows.length === 0) return { waitMs: 0, calls: 0 };
  const lastSentAt = new Date(Math.max(...rows.map((row) => row.sentAt.getTime())));
  const work: Work = { ...from, runId: await writesRunAt(engine.hub, from.stream.id, lastSentAt) };
  engine.log.warn({ streamId: work.stream.id, writes: rows.length }, 'looking up interrupted writes');
  const updates = rows.filter((row) => row.remoteId !== null);
  const creates = rows.filter((row) => row.remoteId === null);
  let calls = 0;
  for (const batch of chunk(updates, pageMaxOf(engine, work))) {
    await recoverUpdates(engine, work, batch);
    calls += 1;
  }
  await recountWrites(engine.hub, must(work.runId, 'the run of an interrupted write'));
  if (creates.length === 0) return { waitMs: 0, calls };
  const stream = must(entityStream(engine, work.connection, work.stream), 'the stream of an interrupted create');
  const recallMs = stream.traits.write?.recallMs ?? 0;
  const waitMs = Math.max(0, ...creates.map((create) => recallMs - create.agoMs));
  if (waitMs > 0) return { waitMs, calls };
  for (const batch of chunk(creates, stream.traits.write?.batchMax ?? 1)) {
    await recoverCreates(engine, work, stream, batch);
    calls += 1;
  }
  await recountWrites(engine.hub, must(work.runId, 'the run of an interrupted write'));
  return { waitMs: 0, calls };
}

const pageMaxOf = (engine: Engine, work: Work): number =>
  engine.connectors.get(work.connection.connector)?.manifest.objects[work.stream.object]?.read.pageMax ?? 100;

/** The merge knows the echo of what was sent, so a fresh look is all that an update needs. */
async function recoverUpdates(engine: Engine, work: Work, batch: readonly Interrupted[]): Promise<void> {
  const seen = await readByIds(
    engine,
    work,
    batch.map((row) => row.remoteId ?? ''),
  );
  const stream = entityStream(engine, work.connection, work.stream);
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    const ids = new Set(batch.map((row) => row.id));
    const links = (
      await readLinks(
        tx,
        batch.map((row) => row.recordId),
      )
    ).filter((link) => ids.has(link.id));
    const place = {
      runId: must(work.runId, 'the run of an interrupted write'),
      connectionId: work.connection.id,
      object: work.stream.object,
    };
    if (stream !== null) await storeDeliveries(tx, place, lateDeliveries(links, seen, stream));
    await storeAliases(tx, { connectionId: work.connection.id, object: work.stream.object }, seen);
    await storeObservations(tx, { connectionId: work.connection.id, object: work.stream.object }, seen, { runId: work.runId });
    await sql`update record set dirty = true where id = any(${batch.map((row) => row.recordId)}::uuid[])`.execute(tx);
  });
  await reconcile(engine, work.stream.hubObject, work.held.signal);
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    await sql`update link set sent = null, sent_at = null where id = any(${batch.map((row) => row.id)}::uuid[])`.execute(tx);
    await sql`update record set dirty = true where id = any(${batch.map((row) => row.recordId)}::uuid[])`.execute(tx);
  });
}

async function recoverCreates(engine: Engine, work: Work, stream: EntityStream, batch: readonly Interrupted[]): Promise<void> {
  const { write: writer } = work.port;
  const attempts = await attemptsOf(engine, work, stream, batch);
  const since = new Date(Math.min(...batch.map((row) => row.sentAt.getTime())) - CLOCK_SKEW_MS).toISOString();
  const creates = attempts.map((attempt) => attempt.write).filter((write) => write.verb === 'create');
  const found = await must(writer, 'the writer of an interrupted create').recall(creates, since, askFor(engine, work, 'all'));
  const lines = new Map(stream.lines.map((line) => [line.hub, line]));
  const done = attempts.flatMap((attempt, i) => {
    const observed = found[i] ?? null;
    if (observed === null) return [];
    const arrived = mayBeOlder(attempt.link) ? { ...attempt, ...arrivedOf(attempt, lines, observed.fields) } : attempt;
    return [{ attempt: arrived, id: observed.id, observed: null, seen: observed }];
  });
  const known = new Set(done.map(({ attempt }) => attempt.link.id));
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    await settleDone(engine, tx, work, done);
    // What it shows now is no answer to the write: somebody may have edited it since.
    await storeObservations(
      tx,
      { connectionId: work.connection.id, object: work.stream.object },
      done.map(({ seen }) => seen),
      { runId: work.runId },
    );
    await showAnew(
      tx,
      work,
      done.map(({ id }) => id),
    );
    const again = attempts.filter((attempt) => !known.has(attempt.link.id)).map((attempt) => attempt.link.id);
    await sql`
      update link set sent = null, sent_at = null, due = given_up is null, evidence = coalesce(evidence, '{}') || '{"again": true}'
      where id = any(${again}::uuid[])`.execute(tx);
  });
  engine.log.info({ streamId: work.stream.id, found: done.length, again: attempts.length - done.length }, 'looked up interrupted creates');
}

/** What was seen of a record before anybody knew that it is ours is as good as what is seen now: it is merged, also where nothing has changed. */
async function showAnew(tx: Tx, { connection, stream }: Work, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update link set expected = null where connection_id = ${connection.id} and object = ${stream.object} and remote_id = any(${ids}::text[])`.execute(
    tx,
  );
  await sql`
    update observation set dirty = true where connection_id = ${connection.id} and object = ${stream.object} and remote_id = any(${ids}::text[])`.execute(
    tx,
  );
}

/** Creates as they were sent. */
export async function attemptsOf(
  engine: Engine,
  work: Work,
  stream: EntityStream,
  batch: readonly Pick<Interrupted, 'id' | 'recordId'>[],
): Promise<readonly Attempt[]> {
  const ids = new Set(batch.map((row) => row.id));
  const recordIds = batch.map((row) => row.recordId);
  const links: LinkRow[] = (await readLinks(engine.hub, recordIds)).filter((link) => ids.has(link.id));
  const records = await readRecords(engine.hub, recordIds);
  const refs = await readRefs(engine.hub, new Map([[streamKey(work.connection.id, work.stream.object), stream]]), { links, records });
  return links.map((link) => {
    const push = encodeSent(link, stream, refs);
    return {
      link,
      record: must(records.get(link.recordId), 'the record of a link'),
      push,
      pushed: link.sent ?? {},
      write: { verb: 'create', key: link.id, fields: push },
    };
  });
}
