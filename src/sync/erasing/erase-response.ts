import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { timeOfId } from '../../hub/ids.ts';
import { keepErasure, keepTraces, nobodyStores } from '../../hub/records/erasures.ts';
import { entryObject, type HubObject } from '../../mapping/mapping.ts';
import { keepRecords } from '../derived/keep-records.ts';
import { type Engine, responseMapping } from '../engine.ts';
import { inTransaction } from '../transaction.ts';
import { nameOfResponse } from './name.ts';
import { recount } from './recount.ts';
import { redactCounted, redactWhole } from './redact.ts';

type Doomed = {
  readonly id: string;
  readonly connectionId: string;
  readonly connector: string;
  readonly name: string;
  readonly remoteId: string;
  readonly submittedAt: Date | null;
  readonly recordId: string | null;
  readonly entryId: string | null;
};

/** A response may be a little older here than by the clock of its tool. */
const SLACK_MS = 24 * 3_600_000;

/**
 * Erases a response: what was answered goes out of the hub with everything that was made of it, its timeline entries go out of the systems, and what it
 * was counted in is counted anew. A keyed hash of its id stays, so that nothing brings it back. What systems still hold is looked after by
 * `finishErasures` until nothing is left.
 */
export function eraseResponse(engine: Engine, responseId: string, actor: string): Promise<'erased' | 'not_found'> {
  return inTransaction(engine.hub, async (tx) => {
    await nobodyStores(tx);
    const doomed = await lockResponse(tx, responseId);
    if (doomed === null) return 'not_found';
    const counted = await lockCounted(tx, doomed);
    const since = new Date((doomed.submittedAt ?? timeOfId(doomed.id)).getTime() - SLACK_MS);
    const digest = engine.vault.fingerprints.take(nameOfResponse(engine, doomed, doomed.remoteId));
    await keepTraces(tx, await keepErasure(tx, { id: doomed.id, digest, actor }), { whole: doomed.entryId, counted, since });
    await removeResponse(tx, doomed);
    await removeEntry(engine, tx, doomed);
    const object = engine.mappings.model.get(responseMapping(engine, doomed, 'response')?.hub ?? '');
    if (object === undefined) return 'erased';
    const names = countedFields(object);
    for (const recordId of counted) await redactCounted(tx, { recordId, names, since });
    await recount(tx, counted, { object, names, actor });
    return 'erased';
  });
}

/** The fields that are computed from responses. */
export const countedFields = ({ fields }: HubObject): readonly string[] =>
  [...fields.values()].flatMap(({ name, rollup }) => (rollup === null ? [] : [name]));

async function lockResponse(tx: Tx, id: string): Promise<Doomed | null> {
  const { rows } = await sql<Doomed>`
    select r.id, r.connection_id as "connectionId", c.connector, c.name, r.remote_id as "remoteId", r.submitted_at as "submittedAt", r.record_id as "recordId",
      e.record_id as "entryId"
    from response r join connection c on c.id = r.connection_id left join entry e on e.response_id = r.id where r.id = ${id} for update of r`.execute(
    tx,
  );
  return rows[0] ?? null;
}

/** Everybody whom it is or was attached to, as they are now, locked in the order of their ids. */
async function lockCounted(tx: Tx, { connectionId, remoteId, recordId, entryId }: Doomed): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive attached (id) as (
      select ${recordId}::uuid
      union select unnest(array[record_id, was_record_id]) from response_decision where connection_id = ${connectionId} and remote_id = ${remoteId}
      union select p.id::uuid from change c cross join lateral jsonb_each(c.fields) f
        cross join lateral jsonb_array_elements_text(case when jsonb_typeof(f.value -> 'old') = 'array' then f.value -> 'old' else '[]' end) p (id)
        where c.record_id = ${entryId} and p.id ~ '^[0-9a-f-]{36}$'
      union select r.merged_into from attached a join record r on r.id = a.id where r.merged_into is not null)
    select r.id from record r where r.merged_into is null and r.id in (select id from attached) order by r.id for update`.execute(tx);
  return rows.map(({ id }) => id);
}

async function removeResponse(tx: Tx, { id, connectionId, remoteId }: Doomed): Promise<void> {
  await tx.deleteFrom('response_decision').where('connection_id', '=', connectionId).where('remote_id', '=', remoteId).execute();
  await tx.deleteFrom('response').where('id', '=', id).execute();
  await sql`delete from observation where connection_id = ${connectionId} and object = 'response' and remote_id = ${remoteId}`.execute(tx);
  const answer = {
    status: 410,
    type: 'application/problem+json',
    body: JSON.stringify({ status: 410, title: 'The response was erased.' }),
  };
  await sql`
    update input set answer = ${JSON.stringify(answer)}::jsonb where kind = 'api' and answer is not null and position(${id}::text in answer ->> 'body') > 0`.execute(
    tx,
  );
}

/** The systems remove theirs whatever their mappings say of removals, for an admin wants it gone. */
async function removeEntry(engine: Engine, tx: Tx, { id, entryId }: Doomed): Promise<void> {
  const object = entryObject(engine.mappings.model);
  if (entryId === null) {
    await tx.deleteFrom('entry').where('response_id', '=', id).execute();
    return;
  }
  if (object !== undefined) {
    const wanted = [{ key: id, recordId: entryId, fields: null, why: 'its response was erased', isBulk: false }];
    await keepRecords(engine, tx, { object, wanted });
  }
  await sql`
    update link set removal = 'approved' where record_id = ${entryId} and remote_id is not null and state not in ('gone', 'excluded')`.execute(
    tx,
  );
  await redactWhole(tx, entryId);
  await tx.updateTable('entry').set({ due: false }).where('response_id', '=', id).execute();
}
