import { sql } from 'kysely';
import type { Fields, Observation, Present, WriteOutcome } from '../../contract/records.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import type { Tx } from '../../hub/database.ts';
import { settleObservations } from '../../hub/records/accounting.ts';
import { nameCauses } from '../../hub/records/link-causes.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import { storeDeliveries } from '../../hub/runs/deliveries.ts';
import { writesRunAt } from '../../hub/runs/runs.ts';
import type { StoredBase } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import type { Line } from '../../mapping/mapping.ts';
import { agreedBase } from '../../merge/agreed-base.ts';
import { putBackOf } from '../../merge/put-back.ts';
import { sameValue } from '../../merge/same.ts';
import type { Engine } from '../engine.ts';
import { markReferringTo } from '../merging/repoint.ts';
import { tieAgain } from '../reconciling/tie-again.ts';
import { attachWaiting } from '../responses/attach.ts';
import { idDigest } from '../responses/clues.ts';
import { type EntityStream, entityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import type { Work } from '../work.ts';
import type { Attempt } from './attempt.ts';
import type { CarriedOut } from './carried-out.ts';
import { deliveryOf } from './deliveries.ts';
import { lockPlanned } from './planned.ts';
import { type Failed, fateOf, readExisting, settleFailed } from './refused.ts';
import { readGone, settleGone } from './settle-gone.ts';

const NEVER = '1970-01-01T00:00:00.000Z';

type Done = { readonly attempt: Attempt; readonly id: string; readonly observed: Present | null };

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
  const lost = failed.filter((one) => fateOf(one) === 'gone').map(({ attempt }) => attempt);
  const gone = await readGone(engine, work, lost);
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    await settleDone(engine, tx, work, done);
    await settleFailed(engine, tx, work, failed, existing);
    await settleGone(tx, work, lost, gone);
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
    engine,
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
    const base = agreedBase(byLink.get(attempt.link.id) ?? {}, attempt, {
      lines,
      observed: observed?.fields ?? null,
      seen: attempt.link.seen,
    });
    const moved = Object.entries(attempt.pushed).some(([field, value]) => !sameValue(fields[field] ?? null, value));
    return {
      linkId: attempt.link.id,
      remoteId: id,
      due: moved,
      creates,
      // What was sent was no blank, whether or not it has arrived for certain.
      base: JSON.stringify(creates ? { ...blanks(lines, { ...fields, ...attempt.link.sent }, stream.schema), ...base } : base),
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
    update link l set remote_id = s.remote_id, base = s.base::jsonb, expected = s.expected::jsonb, sent = null, sent_at = null, due = l.due or s.due, lane = 0, attempts = 0, given_up = null,
      state = case when l.state = 'failing' then 'in_sync' else l.state end, reason = case when l.state = 'failing' then null else l.reason end,
      cause = case when l.state = 'failing' then null else l.cause end
    from unnest(${settled.map((s) => s.linkId)}::uuid[], ${settled.map((s) => s.remoteId)}::text[], ${settled.map((s) => s.base)}::text[], ${settled.map((s) => s.expected)}::text[], ${settled.map((s) => s.due)}::boolean[])
      as s (id, remote_id, base, expected, due) where l.id = s.id`.execute(tx);
  await storeDeliveries(
    tx,
    { runId: work.runId ?? (await writesRunAt(tx, work.stream.id, null)), connectionId: work.connection.id, object: work.stream.object },
    all.map(({ attempt, id }) => deliveryOf(attempt, id, stream.lines)),
  );
  await settleShown(tx, work, done, shown.changedIds);
  // Whoever has its own values back is set apart by the next merge.
  const isLookedAtAgain = ({ link }: Attempt): boolean => outdated.has(link.id) || putBackOf(link) !== null;
  const again = done.flatMap(({ attempt }) => (isLookedAtAgain(attempt) ? [owners.get(attempt.link.id) ?? attempt.record.id] : []));
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
async function settleRemoved(engine: Engine, tx: Tx, work: Work, removed: readonly Done[]): Promise<void> {
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
    update link l set state = 'gone', gone_by = 'hub', reason = r.reason, removal = null, sent = null, sent_at = null, expected = null, due = false, attempts = 0, given_up = null
    from unnest(${removed.map(({ attempt }) => attempt.link.id)}::uuid[], ${removed.map(({ attempt }) => reasonOf(attempt))}::text[]) as r (id, reason) where l.id = r.id`.execute(
    tx,
  );
  await nameCauses(
    tx,
    removed.map(({ attempt }) => attempt.link.id),
  );
  await markReferringTo(
    engine,
    tx,
    work.stream.hubObject,
    removed.map(({ attempt }) => attempt.record.id),
  );
}

const reasonOf = ({ why }: Attempt): string => (why === undefined ? 'the hub removed it there' : `the hub removed it there: ${why}`);

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
