import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import type { HubError } from '../../contract/errors.ts';
import type { Fields, Gone, Merge, WriteOutcome } from '../../contract/records.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import type { Tx } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import { supersede } from '../../hub/records/accounting.ts';
import { storeAliases } from '../../hub/records/aliases.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import { storeDeliveries } from '../../hub/runs/deliveries.ts';
import { finishRun, startRun } from '../../hub/runs/runs.ts';
import { must } from '../../kernel/must.ts';
import { decodeFields } from '../../merge/recognise.ts';
import type { Engine } from '../engine.ts';
import { type EntityStream, entityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import { askFor, type Work } from '../work.ts';
import { MERGED_AWAY } from './move-links.ts';
import { outOfDate } from './preview-there.ts';

/** A merge of two records over there that a person has released. */
type Released = {
  readonly holdId: string;
  readonly actor: string;
  readonly fromLinkId: string;
  readonly intoLinkId: string;
  readonly fromId: string;
  readonly intoId: string;
};
export type MergedThere = { merged: number; calls: number };

/**
 * Merges over there what persons have released, one pair after the other, under the lease. What is sent is noted before; the vendor answers a
 * repeat with what the first time has made. Pairs that were merged there by hand meanwhile are over.
 */
export async function mergeThere(engine: Engine, work: Work): Promise<MergedThere> {
  const total = { merged: 0, calls: 0 };
  const stream = entityStream(engine, work.connection, work.stream);
  await inTransaction(engine.hub, (tx) => closeMerged(tx, work));
  if (stream === null || work.applying !== undefined || stream.traits.write?.verbs.includes('merge') !== true) return total;
  if (work.stream.direction === 'in' || work.stream.mode === 'shadow') return total;
  const tried = new Set<string>();
  for (;;) {
    // Read anew each time: what was just merged may be what the next one merges into, and may have a new id.
    const released = (await readReleased(engine, work)).find(({ holdId }) => !tried.has(holdId));
    if (released === undefined) return total;
    tried.add(released.holdId);
    work.held.signal.throwIfAborted();
    await lookAtBoth(engine, work, released);
    total.calls += 1;
    if (!(await noteSent(engine, work, released))) continue;
    total.calls += 1;
    if (await mergeOne(engine, work, stream, released)) total.merged += 1;
  }
}

/** What was merged or deleted over there by somebody else leaves nothing to be merged. */
async function closeMerged(tx: Tx, { connection, stream }: Work): Promise<void> {
  await sql`
    with over as (
      select h.id, l.id as link_id from hold h join link l on l.id = h.link_id
        join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id and o.gone
      where h.kind = 'merge' and h.closed_at is null and h.connection_id = ${connection.id} and h.object = ${stream.object}),
    ended as (
      update link l set state = 'gone', gone_by = 'remote', reason = 'it is no more over there', cause = null, due = false
      from over where l.id = over.link_id and l.state = 'excluded' and l.cause = ${MERGED_AWAY})
    update hold h set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}' from over where h.id = over.id`.execute(
    tx,
  );
}

async function readReleased(engine: Engine, { connection, stream }: Work): Promise<readonly Released[]> {
  const { rows } = await sql<Released>`
    select h.id as "holdId", h.detail ->> 'releasedBy' as actor, f.id as "fromLinkId", i.id as "intoLinkId", f.remote_id as "fromId", i.remote_id as "intoId"
    from hold h join link f on f.id = h.link_id join link i on i.id = (h.detail -> 'into' ->> 'linkId')::uuid
    where h.kind = 'merge' and h.closed_at is null and h.connection_id = ${connection.id} and h.object = ${stream.object} and h.detail ? 'releasedBy'
      and f.not_before <= now() and f.state <> 'gone' and i.state <> 'gone' and f.remote_id is not null and i.remote_id is not null
    order by h.id`.execute(engine.hub);
  return rows;
}

/** Sees what the two hold right before they are merged: what somebody typed a moment ago would be lost unseen. */
async function lookAtBoth(engine: Engine, work: Work, { intoId, fromId }: Released): Promise<void> {
  const key = { connectionId: work.connection.id, object: work.stream.object };
  const seen = await work.port.read.byIds([intoId, fromId], askFor(engine, work, 'all'));
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    await storeAliases(tx, key, seen);
    await storeObservations(tx, key, seen);
  });
}

/** Notes that a merge is about to be sent; false when it is no longer wanted, or is not what was released any more. */
async function noteSent(engine: Engine, work: Work, { holdId, fromLinkId }: Released): Promise<boolean> {
  return inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    const hold = await tx
      .selectFrom('hold')
      .select(['id', 'link_id', 'detail'])
      .where('id', '=', holdId)
      .where('closed_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    const changed = hold === undefined ? null : await outOfDate(engine, tx, hold);
    if (changed !== null) {
      await sql`update hold set detail = detail || ${JSON.stringify({ failed: changed })}::jsonb, reason = ${changed} where id = ${holdId}`.execute(
        tx,
      );
      return false;
    }
    const { rows } = await sql`
      update hold h set detail = h.detail || jsonb_build_object('sentAt', now()) from link l
      where h.id = ${holdId} and h.closed_at is null and h.detail ? 'releasedBy' and l.id = ${fromLinkId} and l.cause = ${MERGED_AWAY} returning h.id`.execute(
      tx,
    );
    return rows.length > 0;
  });
}

async function mergeOne(engine: Engine, work: Work, stream: EntityStream, released: Released): Promise<boolean> {
  const write: Merge = { verb: 'merge', id: released.intoId, from: released.fromId };
  const run = await startRun(engine.hub, work.stream.id, 'writes');
  try {
    const outcome = await apply(engine, work, write);
    if (outcome.done) await settleMerged(engine, work, stream, { released, outcome, run });
    else await settleRefused(engine, work, released, outcome.error);
    await finishRun(engine.hub, run, { merged: outcome.done ? 1 : 0, refused: outcome.done ? 0 : 1 }, null);
    return outcome.done;
  } catch (error) {
    await finishRun(engine.hub, run, {}, error);
    throw error;
  }
}

async function apply(engine: Engine, work: Work, write: Merge): Promise<WriteOutcome> {
  const writer = must(work.port.write, 'the writer of a stream that offers to merge');
  const [outcome] = await writer.apply([write], askFor(engine, work, 'all'));
  return must(outcome, 'the outcome of a merge');
}

type Settling = { readonly released: Released; readonly outcome: Extract<WriteOutcome, { done: true }>; readonly run: string };

/** The two are one over there: the merged id becomes the winner's, and the former ones lead to it for ever. */
async function settleMerged(engine: Engine, work: Work, stream: EntityStream, { released, outcome, run }: Settling): Promise<void> {
  const key = { connectionId: work.connection.id, object: work.stream.object };
  const former = [released.fromId, released.intoId].filter((id) => id !== outcome.id);
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    const recordId = await lockRecord(tx, released);
    const before = await shownBy(tx, key, released.fromId);
    await storeObservations(tx, key, outcome.observed === null ? [] : [outcome.observed]);
    await storeAliases(
      tx,
      key,
      former.map(
        (id): Gone => ({ kind: 'gone', id, changedAt: '1970-01-01T00:00:00.000Z', mergedInto: { object: key.object, id: outcome.id } }),
      ),
    );
    await moveOver(tx, key, { released, former, id: outcome.id });
    await storeDeliveries(tx, { ...key, runId: run }, [
      {
        linkId: released.fromLinkId,
        recordId,
        remoteId: released.fromId,
        verb: 'merge',
        before: decodeFields(before, stream.lines),
        after: {},
      },
    ]);
    await sql`
      update hold set closed_at = now(), closed_by = ${released.actor}, decision = ${JSON.stringify({ merge: true, into: outcome.id })}::jsonb
      where id = ${released.holdId} and closed_at is null`.execute(tx);
    await sql`update record set dirty = true where id = ${recordId}`.execute(tx);
  });
  engine.log.info({ holdId: released.holdId, linkId: released.fromLinkId }, 'merged two records over there');
}

/** The record of the link that stays, locked. */
async function lockRecord(tx: Tx, { intoLinkId }: Released): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select r.id from record r where r.id = (select record_id from link where id = ${intoLinkId}) for update`.execute(tx);
  return must(rows[0], 'the record of a merge').id;
}

type Place = { readonly connectionId: string; readonly object: string };

async function shownBy(tx: Tx, key: Place, remoteId: string): Promise<Fields> {
  const row = await tx
    .selectFrom('observation')
    .select('fields')
    .where('connection_id', '=', key.connectionId)
    .where('object', '=', key.object)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst();
  return row?.fields ?? {};
}

type Moving = { readonly released: Released; readonly former: readonly string[]; readonly id: string };

/** What went by the former ids goes by the new one. A link that somebody else found by it already stays theirs: the aliases tell of it. */
async function moveOver(tx: Tx, { connectionId, object }: Place, { released, former, id }: Moving): Promise<void> {
  await supersede(tx, { connectionId, object }, former);
  await sql`
    update observation set gone = true, fields = '{}', hash = ${digestOf('gone')}, version = null, dirty = false
    where connection_id = ${connectionId} and object = ${object} and remote_id = any(${former}::text[])`.execute(tx);
  await sql`
    update link set state = 'gone', gone_by = 'hub', reason = ${`it was merged into ${id} over there`}, cause = ${causeOf({ link: 'gone', because: 'merged' })}, due = false, expected = null
    where id = ${released.fromLinkId}`.execute(tx);
  await sql`
    update link l set remote_id = ${id}, expected = null where l.id = ${released.intoLinkId} and l.remote_id is distinct from ${id}
      and not exists (select 1 from link o where o.connection_id = ${connectionId} and o.object = ${object} and o.remote_id = ${id})`.execute(
    tx,
  );
  await sql`
    update alias a set followed = true where a.connection_id = ${connectionId} and a.object = ${object} and a.alias_id = any(${former}::text[])
      and exists (select 1 from link l where l.id = ${released.intoLinkId} and l.remote_id = ${id})`.execute(tx);
  // What was refused because the other record held it, such as its e-mail address, may be taken now.
  await sql`
    update hold set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}'
    where closed_at is null and ((link_id = ${released.intoLinkId} and kind in ('refused_field', 'refused_record'))
      or (connection_id = ${connectionId} and object = ${object} and remote_id = ${id} and kind = 'ambiguous' and link_id is null))`.execute(
    tx,
  );
}

/** The vendor did not merge them: tried again where time helps, else a person decides once more, with the reason. */
async function settleRefused(engine: Engine, work: Work, { holdId, fromLinkId }: Released, error: HubError): Promise<void> {
  const helps = error.recovery === 'retry' || error.recovery === 'wait' || error.recovery === 'look_again';
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    const failed = JSON.stringify({ failed: error.message });
    if (helps) await sql`update hold set detail = (detail - 'sentAt') || ${failed}::jsonb where id = ${holdId}`.execute(tx);
    else
      await sql`update hold set detail = (detail - 'sentAt' - 'releasedBy') || ${failed}::jsonb, reason = ${error.message} where id = ${holdId}`.execute(
        tx,
      );
    await sql`
      update link set attempts = attempts + 1,
        not_before = now() + coalesce(${error.retryAfterMs ?? null}::float8, least(300000, 1000 * 2 ^ least(attempts, 12))) * interval '1 ms'
      where id = ${fromLinkId}`.execute(tx);
  });
  engine.log.warn({ holdId, kind: error.kind, code: error.code }, 'a merge over there was refused');
}
