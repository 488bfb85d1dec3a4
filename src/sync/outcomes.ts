import { sql } from 'kysely';
import type { HubError } from '../contract/errors.ts';
import type { Fields, Observation, Present, Write, WriteOutcome } from '../contract/records.ts';
import { settleObservations } from '../hub/accounting.ts';
import type { Tx } from '../hub/database.ts';
import { storeDeliveries } from '../hub/deliveries.ts';
import { type OpenHold, openHolds } from '../hub/holds.ts';
import { digestOf } from '../hub/ids.ts';
import { assertLease } from '../hub/leases.ts';
import { nameCauses } from '../hub/link-causes.ts';
import { storeObservations } from '../hub/observations.ts';
import { lastWritesRun } from '../hub/runs.ts';
import type { StoredBase } from '../hub/tables.ts';
import { must, unreachable } from '../kernel/must.ts';
import type { Line } from '../mapping/mapping.ts';
import { agreedBase } from '../merge/agreed-base.ts';
import { sameValue } from '../merge/same.ts';
import { attachWaiting, idDigest } from './attach.ts';
import type { CarriedOut } from './carry-out.ts';
import { deliveryOf } from './deliveries.ts';
import type { Engine } from './engine.ts';
import { noteTries } from './note-tries.ts';
import { lockPlanned } from './planned.ts';
import { type EntityStream, entityStream } from './streams.ts';
import { tieAgain } from './tie-again.ts';
import { inTransaction } from './transaction.ts';
import type { LinkRow, RecordRow } from './trees.ts';
import { askFor, type Work } from './work.ts';

/** One write with what it was planned from. `push` is in the remote's words, `pushed` the same in the hub's. */
export type Attempt = {
  readonly link: LinkRow;
  readonly record: RecordRow;
  readonly push: Fields;
  readonly pushed: Fields;
  readonly write: Write;
};

const NEVER = '1970-01-01T00:00:00.000Z';

type Done = { readonly attempt: Attempt; readonly id: string; readonly observed: Present | null };
type Failed = { readonly attempt: Attempt; readonly error: HubError };

/** Turns the vendor's answers, item by item, into observations and new bases; what was refused is held with the vendor's reason. */
export async function settleAttempts(
  engine: Engine,
  work: Work,
  batch: readonly Attempt[],
  outcomes: readonly WriteOutcome[],
  total: CarriedOut,
): Promise<void> {
  const done: Done[] = [];
  const failed: Failed[] = [];
  batch.forEach((attempt, i) => {
    const outcome = must(outcomes[i], 'the outcome of a write');
    if (outcome.done) done.push({ attempt, id: outcome.id, observed: outcome.observed });
    else failed.push({ attempt, error: outcome.error });
  });
  const existing = await readExisting(engine, work, failed);
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    await settleDone(engine, tx, work, done);
    await settleFailed(engine, tx, work, failed, existing);
  });
  total.created += done.filter(({ attempt }) => attempt.write.verb === 'create').length;
  total.updated += done.filter(({ attempt }) => attempt.write.verb === 'update').length;
  total.deleted += done.filter(({ attempt }) => attempt.write.verb === 'delete').length;
  total.adopted += existing.size;
  total.refused += failed.filter(({ error }) => error.recovery === 'hold_record').length;
  total.failed += failed.filter(({ error }) => error.recovery === 'retry' || error.recovery === 'wait').length;
}

/** Writes that were confirmed: both sides agree on what was sent, and the answer, where it shows the record, is what was seen last. */
export async function settleDone(engine: Engine, tx: Tx, work: Work, all: readonly Done[]): Promise<void> {
  if (all.length === 0) return;
  await settleRemoved(
    tx,
    work,
    all.filter(({ attempt }) => attempt.write.verb === 'delete'),
  );
  const done = all.filter(({ attempt }) => attempt.write.verb !== 'delete');
  const stream = must(entityStream(engine, work.connection, work.stream), 'the stream of a write');
  const lines = new Map(stream.lines.map((line) => [line.hub, line]));
  const {
    fields: records,
    bases: byLink,
    owners,
    outdated,
  } = await lockPlanned(
    tx,
    done.map(({ attempt }) => attempt),
  );
  const settled = done.map(({ attempt, id, observed }) => {
    const fields = records.get(attempt.record.id) ?? {};
    const creates = attempt.write.verb === 'create';
    const base = agreedBase(byLink.get(attempt.link.id) ?? {}, attempt, { lines, observed: observed?.fields ?? null });
    const moved = Object.entries(attempt.pushed).some(([field, value]) => !sameValue(fields[field] ?? null, value));
    return {
      linkId: attempt.link.id,
      remoteId: id,
      due: moved,
      creates,
      base: JSON.stringify(creates ? { ...blanks(lines, fields, stream.schema), ...base } : base),
      expected: observed === null ? JSON.stringify({ ...attempt.link.expected, ...attempt.push }) : null,
    };
  });
  const shown = await storeObservations(
    tx,
    { connectionId: work.connection.id, object: work.stream.object },
    done.flatMap(({ attempt, id, observed }) => [observed ?? unseen(attempt, id)].filter((one) => one !== null)),
    { runId: work.runId },
  );
  await sql`
    update link l set remote_id = s.remote_id, base = s.base::jsonb, expected = s.expected::jsonb, sent = null, sent_at = null, due = l.due or s.due, attempts = 0, given_up = null,
      state = case when l.state = 'failing' then 'in_sync' else l.state end, reason = case when l.state = 'failing' then null else l.reason end,
      cause = case when l.state = 'failing' then null else l.cause end
    from unnest(${settled.map((s) => s.linkId)}::uuid[], ${settled.map((s) => s.remoteId)}::text[], ${settled.map((s) => s.base)}::text[], ${settled.map((s) => s.expected)}::text[], ${settled.map((s) => s.due)}::boolean[])
      as s (id, remote_id, base, expected, due) where l.id = s.id`.execute(tx);
  await storeDeliveries(
    tx,
    { runId: work.runId ?? (await lastWritesRun(tx, work.stream.id)), connectionId: work.connection.id, object: work.stream.object },
    all.map(({ attempt, id }) => deliveryOf(attempt, id, stream.lines)),
  );
  await settleShown(tx, work, done, shown.changedIds);
  const again = done.flatMap(({ attempt }) => (outdated.has(attempt.link.id) ? [owners.get(attempt.link.id) ?? attempt.record.id] : []));
  if (again.length > 0) await sql`update record set dirty = true where id = any(${again}::uuid[])`.execute(tx);
  const made = done.filter(({ attempt }) => attempt.write.verb === 'create');
  await tieAgain(engine, tx, work, made);
  await attachWaiting(
    engine,
    tx,
    made.map(({ id }) => idDigest(work.stream.hubObject, id)),
  );
}

/** Records that the hub has removed: what they held is kept, so that they can be made again. */
async function settleRemoved(tx: Tx, work: Work, removed: readonly Done[]): Promise<void> {
  if (removed.length === 0) return;
  // The vendor's own time stands: by another clock, a record that is restored over there could look older than its removal.
  const gone = removed.map(({ attempt, id }): Observation => ({ kind: 'gone', id, changedAt: attempt.link.changedAt ?? NEVER }));
  await storeObservations(tx, { connectionId: work.connection.id, object: work.stream.object }, gone, { runId: work.runId });
  const place = { connectionId: work.connection.id, object: work.stream.object };
  await settleObservations(
    tx,
    removed.map(({ id }) => ({ ...place, remoteId: id, outcome: 'echo' })),
  );
  await sql`
    update link set state = 'gone', gone_by = 'hub', reason = 'the hub removed it there', removal = null, sent = null, sent_at = null, expected = null, due = false, attempts = 0, given_up = null
    where id = any(${removed.map(({ attempt }) => attempt.link.id)}::uuid[])`.execute(tx);
  await nameCauses(
    tx,
    removed.map(({ attempt }) => attempt.link.id),
  );
}

/** A record that our own write explains needs no merge; one that shows more than that does. */
async function settleShown(tx: Tx, work: Work, done: readonly Done[], changedIds: readonly string[]): Promise<void> {
  const changed = new Set(changedIds);
  // Our own write may have taken a record out of the filter for what comes in.
  const isFiltered = work.mapping.kind === 'entity' && work.mapping.gates.in.when !== null;
  const explained = done
    .filter(({ id, attempt, observed }) => changed.has(id) && (observed === null || (!isFiltered && isExplained(observed, attempt))))
    .map(({ id }) => id);
  if (explained.length === 0) return;
  const { connection, stream } = work;
  await settleObservations(
    tx,
    explained.map((remoteId) => ({ connectionId: connection.id, object: stream.object, remoteId, outcome: 'echo' })),
  );
}

/** Whether every field shows what was there before or what we wrote. A field that neither explains was changed by somebody, or by the vendor. */
function isExplained(observed: Present, attempt: Attempt): boolean {
  const before = { ...attempt.link.seen, ...attempt.link.expected };
  return Object.entries(observed.fields).every(
    ([name, value]) => attempt.push[name] !== undefined || sameValue(value, before[name] ?? null),
  );
}

/** What a created record must look like, where the answer shows nothing but its id: it keeps its place until it is read. */
function unseen(attempt: Attempt, id: string): Observation | null {
  return attempt.write.verb === 'create' ? { kind: 'present', id, changedAt: NEVER, version: null, fields: {} } : null;
}

/** Both sides agree on blanks, but for what the vendor fills in by itself: what that is shows only later. */
const blanks = (lines: ReadonlyMap<string, Line>, fields: Fields, schema: EntityStream['schema']): StoredBase =>
  Object.fromEntries(
    [...lines.values()]
      .filter((line) => (fields[line.hub] ?? null) === null && schema.get(line.remote)?.stopgap !== true)
      .map((line) => [line.hub, null]),
  );

/** Records that stood in the way of a create, as they are now. */
async function readExisting(engine: Engine, work: Work, failed: readonly Failed[]): Promise<ReadonlyMap<string, Present>> {
  const ids = [
    ...new Set(failed.flatMap(({ error }) => (error.recovery === 'adopt' && error.existingId !== undefined ? [error.existingId] : []))),
  ];
  if (ids.length === 0) return new Map();
  const seen = await work.port.read.byIds(ids, askFor(engine, work, 'all'));
  return new Map(seen.flatMap((one) => (one.kind === 'present' ? [[one.id, one] as const] : [])));
}

async function settleFailed(
  engine: Engine,
  tx: Tx,
  work: Work,
  failed: readonly Failed[],
  existing: ReadonlyMap<string, Present>,
): Promise<void> {
  for (const { attempt, error } of failed) {
    engine.log.warn({ linkId: attempt.link.id, kind: error.kind, code: error.code }, 'a write was refused');
  }
  const of = (...fates: readonly Fate[]) => failed.filter((one) => fates.includes(fateOf(one)));
  await noteTries(tx, of('later'), { isOpen: false });
  await noteTries(tx, of('open'), { isOpen: true });
  await sql`update link set sent = null, sent_at = null, due = false, state = 'gone', gone_by = 'remote', removal = null, reason = 'it was deleted over there' where id = any(${of('gone').map(({ attempt }) => attempt.link.id)}::uuid[])`.execute(
    tx,
  );
  const held = of('held');
  await sql`
    update link l set sent = null, sent_at = null, state = 'held', reason = h.reason
    from unnest(${held.map(({ attempt }) => attempt.link.id)}::uuid[], ${held.map(({ error }) => error.message)}::text[]) as h (id, reason) where l.id = h.id`.execute(
    tx,
  );
  const holds: OpenHold[] = held.flatMap(({ attempt, error }) => refusals(engine, work, attempt, error));
  for (const { attempt, error } of of('adopt')) holds.push(...(await adopt(tx, work, attempt, error, existing)));
  await openHolds(tx, holds);
  await nameCauses(
    tx,
    of('gone', 'held', 'adopt').map(({ attempt }) => attempt.link.id),
  );
  await sql`update record set dirty = true where id = any(${held.map(({ attempt }) => attempt.record.id)}::uuid[])`.execute(tx);
}

/** What becomes of a refused write. `open`: whether it was done is looked up before anything is sent again, so `sent` stays. */
type Fate = 'later' | 'gone' | 'adopt' | 'open' | 'held';

function fateOf({ attempt, error }: Failed): Fate {
  switch (error.recovery) {
    case 'retry':
      // A create that failed over there in the middle may have been made all the same.
      return attempt.write.verb === 'create' ? 'open' : 'later';
    case 'wait':
      return 'later';
    case 'let_go':
      return 'gone';
    case 'adopt':
      return 'adopt';
    case 'look_again':
      return 'open';
    case 'read_afresh':
    case 'hold_record':
    case 'ask_operator':
      return 'held';
    default:
      return unreachable(error.recovery);
  }
}

/** Field by field where the vendor names fields that we sent, so that the record's others flow; else the record as a whole. */
function refusals(engine: Engine, work: Work, attempt: Attempt, error: HubError): readonly OpenHold[] {
  const { link, record } = attempt;
  const stream = must(entityStream(engine, work.connection, work.stream), 'the stream of a write');
  const place = {
    connectionId: link.connectionId,
    object: link.object,
    remoteId: link.remoteId,
    recordId: record.id,
    linkId: link.id,
    reason: error.message,
  };
  const told = { by: 'vendor', error: error.kind, ...(error.code === undefined ? {} : { code: error.code }) };
  const lines = stream.lines.filter((line) => error.fields.includes(line.remote) && attempt.push[line.remote] !== undefined);
  if (lines.length === 0) return [{ ...place, kind: 'refused_record', field: null, detail: { digest: digestOf(attempt.push), ...told } }];
  return lines.map((line) => ({
    ...place,
    kind: 'refused_field' as const,
    field: line.hub,
    detail: { value: attempt.pushed[line.hub] ?? null, ...told },
  }));
}

/** The record is there already: it becomes this link's, unless it stands for somebody else. */
async function adopt(
  tx: Tx,
  work: Work,
  attempt: Attempt,
  error: HubError,
  existing: ReadonlyMap<string, Present>,
): Promise<readonly OpenHold[]> {
  const { link, record } = attempt;
  const found = error.existingId === undefined ? undefined : existing.get(error.existingId);
  const place = {
    connectionId: link.connectionId,
    object: link.object,
    remoteId: link.remoteId,
    recordId: record.id,
    linkId: link.id,
    field: null,
  };
  const refused = async (reason: string, because: object): Promise<readonly OpenHold[]> => {
    await sql`update link set sent = null, sent_at = null, state = 'held', reason = ${reason} where id = ${link.id}`.execute(tx);
    return [
      {
        ...place,
        kind: 'refused_record',
        reason,
        detail: { digest: digestOf(attempt.push), existing: error.existingId ?? null, ...because },
      },
    ];
  };
  if (found === undefined) return refused(error.message, error.code === undefined ? {} : { code: error.code });
  const { rows } = await sql<{
    id: string;
  }>`select id from link where connection_id = ${link.connectionId} and object = ${link.object} and remote_id = ${found.id} and id <> ${link.id}`.execute(
    tx,
  );
  if (rows.length > 0)
    return refused(`${work.connection.name} has this as ${found.id}, which stands for another record here`, {
      because: 'stands_for_another',
    });
  await storeObservations(tx, { connectionId: link.connectionId, object: link.object }, [found], { runId: work.runId });
  await sql`update observation set dirty = true where connection_id = ${link.connectionId} and object = ${link.object} and remote_id = ${found.id}`.execute(
    tx,
  );
  await sql`update link set remote_id = ${found.id}, sent = null, sent_at = null, base = '{}', expected = null, due = false, evidence = ${JSON.stringify({ matched: 'the vendor says that it is there already' })}::jsonb where id = ${link.id}`.execute(
    tx,
  );
  await sql`update hold set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}' where connection_id = ${link.connectionId} and object = ${link.object} and remote_id = ${found.id} and link_id is null and closed_at is null`.execute(
    tx,
  );
  return [];
}
