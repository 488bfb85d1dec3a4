import { sql } from 'kysely';
import type { Db, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import { settleObservations } from '../../hub/records/accounting.ts';
import { closeHolds, type OpenHold, openHolds } from '../../hub/records/holds.ts';
import type { ChangedField } from '../../hub/stored.ts';
import { canonical } from '../../kernel/json.ts';
import { must } from '../../kernel/must.ts';
import type { Identified, Stranger } from '../../merge/recognise.ts';
import type { PlannedHold } from '../../merge/record-plan.ts';
import { endingsOf } from '../check/accounting.ts';
import type { Engine } from '../engine.ts';
import { moveIdentities } from '../identity/identities.ts';
import { meetTwins } from '../merging/twins.ts';
import { attachWaiting } from '../responses/attach.ts';
import { idDigest } from '../responses/clues.ts';
import { mappingHash } from '../schema/mapping-versions.ts';
import { noteForSegments } from '../segments/note.ts';
import { rejoinKept } from '../steward/presence-by-hand.ts';
import { streamKey } from '../streams.ts';
import { followTies } from '../timeline/follow-ties.ts';
import type { Batch } from './batch.ts';
import { writeLinks } from './link-writes.ts';
import type { HoldRow } from './rows.ts';
import { followTurned } from './tie-again.ts';

/** Writes everything that a batch decided, in sets, in the caller's transaction; what responses may have waited for. */
export async function commit(engine: Engine, tx: Tx, batch: Batch): Promise<readonly string[]> {
  const object = must(engine.mappings.model.get(batch.hubObject), `hub object ${batch.hubObject}`);
  await writeRecords(tx, batch);
  await followTies(tx, object, batch.outcomes);
  await writeLinks(tx, batch);
  await writeJournal(tx, batch);
  await writeHolds(tx, batch);
  await markClean(tx, batch);
  await noteForSegments(engine, tx, batch);
  await followTurned(engine, tx, batch);
  const added = await moveIdentities(engine, tx, movedIn(batch));
  const appeared = [...added.map((one) => one.digest), ...remoteIdsOfFound(batch).map((id) => idDigest(batch.hubObject, id))];
  await attachWaiting(engine, tx, appeared);
  // Who is new was looked up before it was made: only a change can make somebody agree with another one.
  const fresh = new Set(batch.outcomes.flatMap(({ record }) => (record.fresh ? [record.id] : [])));
  await meetTwins(
    engine,
    tx,
    batch.hubObject,
    added.filter((one) => !fresh.has(one.recordId)),
  );
  return appeared;
}

async function writeRecords(tx: Tx, batch: Batch): Promise<void> {
  const rolled = new Set(batch.rollups.map((one) => one.recordId));
  const written = batch.outcomes.filter(({ record, planned }) => record.fresh || planned.plan.moved || rolled.has(record.id));
  await writePresence(tx, batch);
  if (written.length === 0) return;
  await sql`
    insert into record (id, object, fields, stamps)
    select r.id, ${batch.hubObject}, r.fields::jsonb, r.stamps::jsonb
    from unnest(${written.map((o) => o.record.id)}::uuid[], ${written.map((o) => JSON.stringify(o.planned.plan.fields))}::text[], ${written.map((o) => JSON.stringify(o.planned.plan.stamps))}::text[]) as r (id, fields, stamps)
    on conflict (id) do update set fields = excluded.fields, stamps = excluded.stamps, updated_at = now()`.execute(tx);
}

/** Takes records out of use, and back into it. */
async function writePresence(tx: Tx, batch: Batch): Promise<void> {
  const archived = batch.outcomes.flatMap(({ record, planned }) => {
    if (planned.plan.archived === null) return [];
    const { linkId: _told, ...how } = planned.plan.archived;
    return [{ id: record.id, how: JSON.stringify(how) }];
  });
  const revived = batch.outcomes.filter(({ planned }) => planned.plan.revived !== null).map(({ record }) => record.id);
  if (archived.length > 0) {
    await sql`
      update record r set archived_at = now(), archived = a.how::jsonb, updated_at = now()
      from unnest(${archived.map((one) => one.id)}::uuid[], ${archived.map((one) => one.how)}::text[]) as a (id, how) where r.id = a.id`.execute(
      tx,
    );
  }
  if (revived.length > 0) await rejoinKept(tx, revived);
  if (revived.length > 0)
    await sql`update record set archived_at = null, archived = null, updated_at = now() where id = any(${revived}::uuid[])`.execute(tx);
}

async function writeJournal(tx: Db, batch: Batch): Promise<void> {
  type Row = {
    recordId: string;
    cause: string;
    connectionId: string | null;
    remoteId: string | null;
    changedAt: string | null;
    changedBy: string | null;
    runId: string | null;
    mapping: string | null;
    fields: Readonly<Record<string, ChangedField>>;
    conflict: boolean;
    detail: unknown;
  };
  const rows: Row[] = batch.rollups.map((one) => ({
    recordId: one.recordId,
    cause: 'rollup',
    connectionId: null,
    remoteId: null,
    changedAt: null,
    changedBy: null,
    runId: null,
    mapping: null,
    fields: one.changed,
    conflict: false,
    detail: null,
  }));
  for (const { record, links, planned } of batch.outcomes) {
    const byId = new Map(links.map((link) => [link.id, link]));
    for (const change of planned.plan.changes) {
      const link = must(byId.get(change.linkId), 'the link of a change');
      const stream = batch.streams.get(streamKey(link.connectionId, link.object));
      rows.push({
        recordId: record.id,
        cause: 'observed',
        connectionId: link.connectionId,
        remoteId: link.remoteId,
        changedAt: link.changedAt,
        changedBy: link.changedBy,
        runId: link.runId,
        mapping: stream === undefined ? null : mappingHash(stream.mapping),
        fields: change.fields,
        conflict: change.conflict,
        detail: null,
      });
    }
    for (const [cause, event] of [
      ['removed', planned.plan.archived],
      ['restored', planned.plan.revived],
    ] as const) {
      if (event === null) continue;
      const { linkId, ...detail } = event;
      const link = must(byId.get(linkId), 'the link of a removal');
      rows.push({
        recordId: record.id,
        cause,
        connectionId: link.connectionId,
        remoteId: link.remoteId,
        changedAt: link.changedAt,
        changedBy: link.changedBy,
        runId: link.runId,
        mapping: null,
        fields: {},
        conflict: false,
        detail,
      });
    }
  }
  if (rows.length === 0) return;
  await sql`
    insert into change (id, record_id, cause, connection_id, remote_id, changed_at, changed_by, run_id, mapping, fields, conflict, detail)
    select c.id, c.record_id, c.cause, c.connection_id, c.remote_id, c.changed_at, c.changed_by, c.run_id, c.mapping, c.fields::jsonb, c.conflict, c.detail::jsonb
    from unnest(${rows.map(() => newId())}::uuid[], ${rows.map((r) => r.recordId)}::uuid[], ${rows.map((r) => r.cause)}::text[], ${rows.map((r) => r.connectionId)}::uuid[],
      ${rows.map((r) => r.remoteId)}::text[], ${rows.map((r) => r.changedAt)}::timestamptz[], ${rows.map((r) => r.changedBy)}::text[], ${rows.map((r) => r.runId)}::uuid[],
      ${rows.map((r) => r.mapping)}::text[], ${rows.map((r) => JSON.stringify(r.fields))}::text[], ${rows.map((r) => r.conflict)}::boolean[],
      ${rows.map((r) => (r.detail === null ? null : JSON.stringify(r.detail)))}::text[])
      as c (id, record_id, cause, connection_id, remote_id, changed_at, changed_by, run_id, mapping, fields, conflict, detail)`.execute(tx);
}

async function writeHolds(tx: Db, batch: Batch): Promise<void> {
  const wanted: OpenHold[] = [];
  const over: string[] = [];
  for (const { record, links, holds, planned } of batch.outcomes) {
    for (const link of links) {
      const plan = planned.links.get(link.id);
      const open = holds.get(link.id) ?? [];
      if (plan === undefined) continue;
      const keys = new Set(plan.holds.map((hold) => `${hold.kind}|${hold.field ?? ''}`));
      over.push(...open.filter((hold) => !keys.has(`${hold.kind}|${hold.field ?? ''}`)).map((hold) => hold.id));
      const said = new Map(open.map((hold) => [`${hold.kind}|${hold.field ?? ''}`, hold.detail]));
      for (const hold of plan.holds) {
        const key = `${hold.kind}|${hold.field ?? ''}`;
        const before = said.get(key);
        if (before !== undefined && saysThis(before, hold)) continue;
        said.set(key, hold.detail);
        wanted.push({
          kind: hold.kind,
          connectionId: link.connectionId,
          object: link.object,
          remoteId: link.remoteId,
          recordId: record.id,
          linkId: link.id,
          field: hold.field,
          reason: hold.reason,
          detail: hold.detail,
        });
      }
    }
  }
  for (const one of batch.identified) {
    if (one.kind !== 'ambiguous') continue;
    wanted.push({
      kind: 'ambiguous',
      connectionId: one.stranger.connectionId,
      object: one.stranger.object,
      remoteId: one.stranger.remoteId,
      recordId: null,
      linkId: null,
      field: null,
      reason: one.reason,
      detail: { candidates: one.candidates },
    });
  }
  await closeHolds(tx, over, 'syncline', { superseded: true });
  await closeAmbiguous(
    tx,
    batch.identified.filter((one) => one.kind !== 'ambiguous').map((one) => one.stranger),
  );
  await wakeCleared(tx, batch.identified);
  await openHolds(tx, wanted);
}

/** Strangers who were judged again, and may be somebody else now: what nobody made for those that they were taken for may be due. */
async function wakeCleared(tx: Db, identified: readonly Identified[]): Promise<void> {
  const again = identified.flatMap((one) => (one.kind === 'ambiguous' ? [one] : []));
  if (again.length === 0) return;
  await sql`
    update record r set dirty = true
    from hold h join unnest(${again.map((a) => a.stranger.connectionId)}::uuid[], ${again.map((a) => a.stranger.object)}::text[], ${again.map((a) => a.stranger.remoteId)}::text[], ${again.map((a) => JSON.stringify(a.candidates))}::text[])
        as s (connection_id, object, remote_id, candidates) on h.connection_id = s.connection_id and h.object = s.object and h.remote_id = s.remote_id
      cross join lateral jsonb_array_elements_text(h.detail -> 'candidates') as k (id)
    where h.link_id is null and h.kind = 'ambiguous' and h.closed_at is null and not s.candidates::jsonb ? k.id and r.id = k.id::uuid`.execute(
    tx,
  );
}

/** Whether an open hold shows the values that are to be chosen from now; it may know more. */
const saysThis = (before: HoldRow['detail'], { detail }: PlannedHold): boolean =>
  Object.entries(detail).every(([name, value]) => canonical(before[name] ?? null) === canonical(value));

async function closeAmbiguous(tx: Db, strangers: readonly Stranger[]): Promise<void> {
  if (strangers.length === 0) return;
  // The candidates are planned again: what nobody made for them while it was open who the stranger is may be due now.
  await sql`
    with closed as (
      update hold h set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}'
      from unnest(${strangers.map((s) => s.connectionId)}::uuid[], ${strangers.map((s) => s.object)}::text[], ${strangers.map((s) => s.remoteId)}::text[]) as s (connection_id, object, remote_id)
      where h.connection_id = s.connection_id and h.object = s.object and h.remote_id = s.remote_id and h.link_id is null and h.kind = 'ambiguous' and h.closed_at is null
      returning h.detail)
    update record r set dirty = true from closed c cross join lateral jsonb_array_elements_text(c.detail -> 'candidates') as k (id) where r.id = k.id::uuid`.execute(
    tx,
  );
}

async function markClean(tx: Db, batch: Batch): Promise<void> {
  await settleObservations(tx, endingsOf(batch));
  if (batch.dirty.length > 0) await sql`update record set dirty = false where id = any(${batch.dirty}::uuid[])`.execute(tx);
}

/** The records that can be found otherwise than before, perhaps. */
const movedIn = ({ hubObject, outcomes }: Batch) =>
  outcomes
    .filter(({ record, planned }) => record.fresh || planned.plan.moved)
    .map(({ record, planned: { plan } }) => ({
      ...{ id: record.id, object: hubObject },
      ...{ before: record.fresh ? {} : record.fields, after: plan.fields },
    }));

function remoteIdsOfFound(batch: Batch): readonly string[] {
  return batch.identified.flatMap((one) => (one.kind === 'new' || one.kind === 'known' ? [one.stranger.remoteId] : []));
}
