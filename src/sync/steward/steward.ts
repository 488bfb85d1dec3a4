import { sql } from 'kysely';
import { validate } from 'uuid';
import type { Fields, FieldValue } from '../../contract/records.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import { closeHolds } from '../../hub/records/holds.ts';
import type { ChangedField, Stamp, Stamps } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import { isComputed } from '../../mapping/mapping.ts';
import type { RemovalDecision } from '../../merge/record-tree.ts';
import { sameValue } from '../../merge/same.ts';
import { keepInstead, releaseBrake } from '../brakes/decide-brake.ts';
import { letStand, releaseFlip } from '../brakes/decide-flip.ts';
import type { Engine } from '../engine.ts';
import { takeAgain } from '../failures/take-again.ts';
import { keepIdentities } from '../identity/identities.ts';
import { releaseMerge } from '../merging/decide-merge.ts';
import { meetTwins } from '../merging/twins.ts';
import { inTransaction } from '../transaction.ts';

/** What a steward decides about a hold: whose value stands, another value, which record it is, that it is a new one, or to try again. */
export type HoldDecision =
  | { readonly take: 'hub' | 'remote' }
  | { readonly value: FieldValue }
  | { readonly link: string }
  | { readonly create: true }
  | { readonly removal: RemovalDecision }
  | { readonly merge: true }
  | { readonly release: true }
  | { readonly keep: true }
  | { readonly again: true }
  | { readonly dismiss: true };
type Refused = { readonly refused: string };

/** Sets fields of a record by hand. They flow to the systems like any other edit of the hub. */
export function setFields(
  engine: Engine,
  recordId: string,
  fields: Fields,
  actor: string,
): Promise<'changed' | 'unchanged' | 'not_found' | Refused> {
  return inTransaction(engine.hub, (tx) => setFieldsIn(engine, tx, recordId, fields, actor));
}

async function setFieldsIn(
  engine: Engine,
  tx: Tx,
  recordId: string,
  fields: Fields,
  actor: string,
): Promise<'changed' | 'unchanged' | 'not_found' | Refused> {
  if (!validate(recordId)) return 'not_found';
  const { rows } = await sql<{
    object: string;
    fields: Fields;
    stamps: Stamps;
    now: Date;
  }>`select object, fields, stamps, clock_timestamp() as now from record where id = ${recordId} and merged_into is null for update`.execute(
    tx,
  );
  const [record] = rows;
  if (record === undefined) return 'not_found';
  const object = must(engine.mappings.model.get(record.object), `hub object ${record.object}`);
  for (const name of Object.keys(fields)) {
    const field = object.fields.get(name);
    if (field === undefined) return { refused: `There is no field "${name}".` };
    if (isComputed(field)) return { refused: `${field.label} is computed from survey responses.` };
  }
  const changed = Object.entries(fields).filter(([name, value]) => !sameValue(record.fields[name] ?? null, value));
  if (changed.length === 0) return 'unchanged';
  const stamp: Stamp = [record.now.toISOString(), 'hub'];
  const next = Object.fromEntries(Object.entries({ ...record.fields, ...fields }).filter(([, value]) => value !== null));
  const stamps = { ...record.stamps, ...Object.fromEntries(changed.map(([name]) => [name, stamp])) };
  const lines: Record<string, ChangedField> = Object.fromEntries(
    changed.map(([name, value]) => [name, { old: record.fields[name] ?? null, new: value }]),
  );
  await tx
    .updateTable('record')
    .set({ fields: JSON.stringify(next), stamps: JSON.stringify(stamps), dirty: true, updated_at: sql`now()` })
    .where('id', '=', recordId)
    .execute();
  const answering = await keepIdentities(engine, tx, object, { id: recordId, before: record.fields, after: next });
  await tx
    .insertInto('change')
    .values({
      id: newId(),
      record_id: recordId,
      cause: 'admin',
      connection_id: null,
      remote_id: null,
      run_id: null,
      actor,
      fields: JSON.stringify(lines),
    })
    .execute();
  await meetTwins(engine, tx, record.object, answering);
  return 'changed';
}

/** Takes a value back that gave way in a conflict. */
export function restore(
  engine: Engine,
  changeId: string,
  field: string,
  actor: string,
): Promise<'restored' | 'not_found' | 'nothing_lost'> {
  return inTransaction(engine.hub, async (tx) => {
    if (!validate(changeId)) return 'not_found';
    const change = await tx
      .selectFrom('change')
      .innerJoin('record', 'record.id', 'change.record_id')
      // What a merged record lost, the one that it lives on in takes back.
      .select([sql<string>`coalesce(record.merged_into, record.id)`.as('record_id'), 'change.fields'])
      .where('change.id', '=', changeId)
      .executeTakeFirst();
    if (change === undefined) return 'not_found';
    const lost = (change.fields as Readonly<Record<string, ChangedField>>)[field]?.lost;
    if (lost === undefined) return 'nothing_lost';
    const done = await setFieldsIn(engine, tx, change.record_id, { [field]: lost.value }, actor);
    return done === 'changed' || done === 'unchanged' ? 'restored' : 'not_found';
  });
}

type Hold = {
  id: string;
  kind: string;
  connection_id: string | null;
  object: string;
  link_id: string | null;
  remote_id: string | null;
  record_id: string | null;
  field: string | null;
  detail: Readonly<Record<string, unknown>>;
};

/** Carries out what a steward decided; the hold closes, at once or with the merge that follows. */
export function decide(engine: Engine, holdId: string, decision: HoldDecision, actor: string): Promise<'decided' | 'not_found' | Refused> {
  return inTransaction(engine.hub, async (tx) => {
    if (!validate(holdId)) return 'not_found';
    const { rows } =
      await sql<Hold>`select id, kind, connection_id, object, remote_id, record_id, link_id, field, detail from hold where id = ${holdId} and closed_at is null for update`.execute(
        tx,
      );
    const [hold] = rows;
    if (hold === undefined) return 'not_found';
    const refused = await carryOutDecision(engine, tx, hold, decision, actor);
    if (refused !== null) return { refused };
    const waitsForMerge = hold.kind !== 'flip' && hold.kind !== 'brake' && isForMerge(decision);
    if (!waitsForMerge) await closeHolds(tx, [hold.id], actor, decision);
    return 'decided';
  });
}

/** The merge that follows carries it out, and closes the hold. */
const isForMerge = (decision: HoldDecision): boolean =>
  'take' in decision || 'value' in decision || 'removal' in decision || 'merge' in decision;

async function carryOutDecision(engine: Engine, tx: Tx, hold: Hold, decision: HoldDecision, actor: string): Promise<string | null> {
  if (hold.kind === 'brake') return decideBrake(engine, tx, hold, decision);
  if (hold.kind === 'flip') return decideFlip(engine, tx, hold, decision, actor);
  if ('release' in decision || 'keep' in decision) return 'This decision is not about a brake.';
  if ('again' in decision) return hold.kind === 'unread' ? takeAgain(engine, tx, hold) : 'This decision is not about a delivery.';
  if ('dismiss' in decision) {
    await markDirty(tx, hold);
    return null;
  }
  if ('take' in decision) {
    if (hold.kind !== 'conflict') return 'Only a conflict has two values to choose from.';
    await sql`update hold set detail = detail || ${JSON.stringify({ take: decision.take, takenBy: actor })}::jsonb where id = ${hold.id}`.execute(
      tx,
    );
    await markDirty(tx, hold);
    return null;
  }
  if ('merge' in decision) return hold.kind === 'merge' ? releaseMerge(engine, tx, hold, actor) : 'This decision is not about a merge.';
  if ('removal' in decision) return decideRemoval(tx, hold, decision.removal, actor);
  if ('value' in decision) {
    if (hold.record_id === null || hold.field === null) return 'This decision is not about a value.';
    const done = await setFieldsIn(engine, tx, hold.record_id, { [hold.field]: decision.value }, actor);
    await sql`update hold set detail = detail || '{"take":"hub"}' where id = ${hold.id}`.execute(tx);
    return typeof done === 'object' ? done.refused : null;
  }
  if (hold.kind !== 'ambiguous' || hold.remote_id === null) return 'This decision is not about which record it is.';
  return tie(tx, hold, 'link' in decision ? decision.link : null);
}

async function decideBrake(engine: Engine, tx: Tx, hold: Hold, decision: HoldDecision): Promise<string | null> {
  if ('keep' in decision) return keepInstead(engine, tx, hold);
  if (!('release' in decision)) return 'A brake is released, or what it holds is thrown away by keeping what there is.';
  await releaseBrake(tx, hold);
  return null;
}

/** A frozen field flows again as it is, or with a value that a person has chosen; by `keep` it is the one that the hub holds. */
async function decideFlip(engine: Engine, tx: Tx, hold: Hold, decision: HoldDecision, actor: string): Promise<string | null> {
  const [recordId, field] = [must(hold.record_id, 'the record of a flip'), must(hold.field, 'the field of a flip')];
  if (!('release' in decision || 'keep' in decision || 'value' in decision)) return 'A frozen field is released, kept, or given a value.';
  if ('value' in decision) {
    const done = await setFieldsIn(engine, tx, recordId, { [field]: decision.value }, actor);
    if (typeof done === 'object') return done.refused;
  }
  await ('release' in decision ? releaseFlip(tx, { recordId }) : letStand(engine, tx, { recordId, object: hold.object, field }));
  return null;
}

/** What a removal means. Once the hub's own record is removed, there is only whether this system's follows. */
async function decideRemoval(tx: Tx, hold: Hold, take: RemovalDecision, actor: string): Promise<string | null> {
  if (hold.kind !== 'removal') return 'This decision is not about a removal.';
  const follows = hold.detail.event === 'to_be_removed' || hold.detail.event === 'edited_after_removal';
  if (follows && take !== 'keep' && take !== 'remove') return 'The record is archived here. Choose keep or remove, or restore the record.';
  await sql`update hold set detail = detail || ${JSON.stringify({ take, takenBy: actor })}::jsonb where id = ${hold.id}`.execute(tx);
  await markDirty(tx, hold);
  return null;
}

/** Ties an unlinked remote record to the record that was chosen, or to a new one. */
async function tie(tx: Tx, hold: Hold, chosen: string | null): Promise<string | null> {
  const { rows } = await sql<{
    hub_object: string;
  }>`select hub_object from stream where connection_id = ${hold.connection_id} and object = ${hold.object}`.execute(tx);
  const hubObject = must(rows[0], 'the stream of a hold').hub_object;
  const recordId = chosen ?? newId();
  if (chosen === null)
    await tx.insertInto('record').values({ id: recordId, object: hubObject, fields: '{}', stamps: '{}', merged_into: null }).execute();
  else if (
    !validate(chosen) ||
    (await tx
      .selectFrom('record')
      .select('id')
      .where('id', '=', chosen)
      .where('object', '=', hubObject)
      .where('merged_into', 'is', null)
      .forUpdate()
      .executeTakeFirst()) === undefined
  )
    return 'There is no such record.';
  // A record that was gone and is there again keeps its place, although nobody has dealt with that yet.
  const { rows: places } = await sql<{ id: string; remote_id: string | null; isTaken: boolean }>`
    select l.id, l.remote_id, l.remote_id is not null and (l.state <> 'gone' or o.gone = false) is true as "isTaken"
    from link l left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.record_id = ${recordId} and l.connection_id = ${hold.connection_id} and l.object = ${hold.object} for update of l`.execute(tx);
  const [taken] = places;
  if (taken?.isTaken === true) return `That record stands for ${taken.remote_id} in this system already. Merge the two over there first.`;
  const evidence = JSON.stringify({ matched: 'a steward decided' });
  await sql`
    insert into link (id, connection_id, object, remote_id, record_id, evidence) values (${taken?.id ?? newId()}, ${hold.connection_id}, ${hold.object}, ${hold.remote_id}, ${recordId}, ${evidence}::jsonb)
    on conflict (id) do update set remote_id = excluded.remote_id, base = '{}', sent = null, sent_at = null, expected = null, state = 'in_sync', reason = null, due = false, evidence = excluded.evidence`.execute(
    tx,
  );
  await markDirty(tx, hold);
  return null;
}

async function markDirty(tx: Db, hold: Hold): Promise<void> {
  await sql`update observation set dirty = true where connection_id = ${hold.connection_id} and object = ${hold.object} and remote_id = ${hold.remote_id}`.execute(
    tx,
  );
  // What was not made for a candidate while nobody knew who it is may have to be made now.
  const candidates = Array.isArray(hold.detail.candidates) ? hold.detail.candidates.map(String) : [];
  await sql`update record set dirty = true where id = any(${candidates}::uuid[])`.execute(tx);
  if (hold.record_id !== null) await sql`update record set dirty = true where id = ${hold.record_id}`.execute(tx);
}
