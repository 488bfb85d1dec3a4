import { sql } from 'kysely';
import type { Db, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Engine } from '../engine.ts';
import { inTransaction } from '../transaction.ts';
import { attachEach, type From, markDirty, type Waiting } from './attach.ts';

/** Whose a response is, as a person says: a contact's, nobody's, or whosoever its evidence leads to. */
export type Ownership = { readonly recordId: string } | 'nobody' | 'by_evidence';

/** Attaches or detaches one response by hand. What a person has decided stays, whatever comes later, until a person takes it back. */
export async function decideOwner(
  engine: Engine,
  responseId: string,
  owner: Ownership,
  actor: string,
): Promise<'attached' | 'detached' | 'released' | 'not_found'> {
  return inTransaction(engine.hub, async (tx) => {
    const before = await tx
      .selectFrom('response')
      .select(['connection_id', 'remote_id', 'record_id'])
      .where('id', '=', responseId)
      .forUpdate()
      .executeTakeFirst();
    if (before === undefined) return 'not_found';
    const recordId = typeof owner === 'object' ? await living(tx, owner.recordId) : null;
    if (typeof owner === 'object' && recordId === null) return 'not_found';
    await endDecision(tx, before, actor);
    await markDirty(tx, before.record_id === null ? [] : [before.record_id]);
    if (owner === 'by_evidence') {
      await release(engine, tx, responseId);
      return 'released';
    }
    await tx
      .insertInto('response_decision')
      .values({
        id: newId(),
        ...keyOf(before),
        record_id: recordId,
        was_record_id: before.record_id,
        actor,
        undone_at: null,
        undone_by: null,
      })
      .execute();
    await applyDecisions(tx, before.connection_id, [before.remote_id]);
    return recordId === null ? 'detached' : 'attached';
  });
}

type Named = { readonly connection_id: string; readonly remote_id: string };
const keyOf = ({ connection_id, remote_id }: Named): Named => ({ connection_id, remote_id });

async function living(tx: Tx, recordId: string): Promise<string | null> {
  const row = await tx.selectFrom('record').select('id').where('id', '=', recordId).where('merged_into', 'is', null).executeTakeFirst();
  return row?.id ?? null;
}

async function endDecision(tx: Tx, { connection_id, remote_id }: Named, actor: string): Promise<void> {
  await sql`
    update response_decision set undone_at = now(), undone_by = ${actor}
    where connection_id = ${connection_id} and remote_id = ${remote_id} and undone_at is null`.execute(tx);
}

async function release(engine: Engine, tx: Tx, responseId: string): Promise<void> {
  const { rows } = await sql<Waiting & From>`
    update response r set attachment = 'unmatched', record_id = null, evidence = null from connection c where c.id = r.connection_id and r.id = ${responseId}
    returning r.id, r.survey_id, r.state, r.keys, c.connector, c.name`.execute(tx);
  await attachEach(engine, tx, rows);
}

/** Treats responses that have just come as people have decided before, as far as they have: which of them that were. */
export async function recallDecisions(tx: Tx, connectionId: string, remoteIds: readonly string[]): Promise<ReadonlySet<string>> {
  return remoteIds.length === 0 ? new Set() : applyDecisions(tx, connectionId, remoteIds);
}

async function applyDecisions(db: Db, connectionId: string, remoteIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string; remote_id: string; record_id: string | null }>`
    update response r set attachment = case when d.record_id is null then 'detached' else 'attached' end, record_id = coalesce(k.merged_into, d.record_id),
      evidence = jsonb_build_object('by', 'hand', 'from', d.actor), reason = null, makes = false
    from response_decision d left join record k on k.id = d.record_id
    where d.connection_id = ${connectionId} and d.remote_id = any(${remoteIds}::text[]) and d.undone_at is null and r.connection_id = d.connection_id and r.remote_id = d.remote_id
    returning r.id, r.remote_id, r.record_id`.execute(db);
  await sql`delete from response_key where response_id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(db);
  await markDirty(
    db,
    rows.flatMap((row) => row.record_id ?? []),
  );
  return new Set(rows.map((row) => row.remote_id));
}
