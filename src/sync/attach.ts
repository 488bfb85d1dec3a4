import { sql } from 'kysely';
import { validate } from 'uuid';
import type { Fields, Observation, Present } from '../contract/records.ts';
import type { SurveyResponse } from '../contract/survey.ts';
import { classify } from '../feedback/classify.ts';
import type { Connection } from '../hub/connections.ts';
import type { Db } from '../hub/database.ts';
import { digest, newId, newIdAt } from '../hub/ids.ts';
import { groupBy } from '../kernel/lists.ts';
import type { Evidence, ResponseMapping } from '../mapping/mapping.ts';
import { type Engine, responseMapping } from './engine.ts';
import { emailDigest, phoneDigest } from './identities.ts';

type Whole = Present & { readonly response: SurveyResponse };
const isWhole = (one: Observation): one is Whole => one.kind === 'present' && one.response !== undefined;

/**
 * Keeps responses whole, and attaches each to its contact by the mapping's ordered evidence, or lists it as unmatched. One that was deleted over there
 * goes, and counts for nobody any more.
 */
export async function fileResponses(
  tx: Db,
  connection: Connection,
  mapping: ResponseMapping,
  seen: readonly Observation[],
  changedIds: readonly string[],
): Promise<void> {
  const changed = new Set(changedIds);
  await dropResponses(
    tx,
    connection.id,
    seen.filter((one) => one.kind === 'gone' && changed.has(one.id)).map(({ id }) => id),
  );
  // Of two views of one response in a page the later stands, in whatever order they came.
  const responses = [
    ...new Map(
      seen
        .filter(isWhole)
        .filter((one) => changed.has(one.id))
        .toSorted((a, b) => Date.parse(a.changedAt) - Date.parse(b.changedAt))
        .map((one) => [one.id, one]),
    ).values(),
  ];
  if (responses.length === 0) return;
  const rows = responses.map((one) => ({ one, ...classify(one.response, mapping) }));
  const { rows: stored } = await sql<{ id: string; keys: Fields; attachment: string; record_id: string | null }>`
    insert into response (id, connection_id, remote_id, survey_id, survey_name, submitted_at, state, language, channel, answers, keys, scores, comment, rejected, attachment)
    select r.id, ${connection.id}::uuid, r.remote_id, r.survey_id, r.survey_name, r.submitted_at, r.state, r.language, r.channel, r.answers::jsonb, r.keys::jsonb, r.scores::jsonb, r.comment, r.rejected::jsonb, 'unmatched'
    from unnest(${rows.map(({ one }) => idOf(one.response))}::uuid[], ${rows.map(({ one }) => one.id)}::text[], ${rows.map(({ one }) => one.response.survey.id)}::text[], ${rows.map(({ one }) => one.response.survey.name)}::text[],
      ${rows.map(({ one }) => one.response.submittedAt)}::timestamptz[], ${rows.map(({ one }) => one.response.state)}::text[], ${rows.map(({ one }) => one.response.language)}::text[], ${rows.map(({ one }) => one.response.channel)}::text[],
      ${rows.map(({ one }) => JSON.stringify(one.response.answers))}::text[], ${rows.map(({ one }) => JSON.stringify(one.fields))}::text[], ${rows.map(({ scores }) => JSON.stringify(scores))}::text[],
      ${rows.map(({ comment }) => comment)}::text[], ${rows.map(({ rejected }) => JSON.stringify(rejected))}::text[])
      as r (id, remote_id, survey_id, survey_name, submitted_at, state, language, channel, answers, keys, scores, comment, rejected)
    on conflict (connection_id, remote_id) do update set survey_name = excluded.survey_name, submitted_at = excluded.submitted_at, state = excluded.state, language = excluded.language,
      channel = excluded.channel, answers = excluded.answers, keys = excluded.keys, scores = excluded.scores, comment = excluded.comment, rejected = excluded.rejected, seen_at = now()
    returning id, keys, attachment, record_id`.execute(tx);
  await attach(
    tx,
    mapping,
    stored.filter((row) => row.attachment === 'unmatched'),
  );
  await markDirty(
    tx,
    stored.flatMap((row) => (row.record_id === null ? [] : [row.record_id])),
  );
}

async function dropResponses(tx: Db, connectionId: string, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length === 0) return;
  const { rows } = await sql<{ record_id: string | null }>`
    delete from response where connection_id = ${connectionId} and remote_id = any(${remoteIds}::text[]) returning record_id`.execute(tx);
  await markDirty(
    tx,
    rows.flatMap((row) => (row.record_id === null ? [] : [row.record_id])),
  );
}

/** Responses are listed by their id, so it stands for the time of the answer and not for that of its arrival. */
const idOf = ({ submittedAt }: SurveyResponse): string => (submittedAt === null ? newId() : newIdAt(new Date(submittedAt)));

/**
 * Looks once more for the contacts of responses that were just filed, in a transaction after theirs. Whoever made the contact meanwhile could not see
 * them, and does the same with `attachWaiting` after his own: of the two, the later one sees both.
 */
export async function attachFiled(tx: Db, connection: Connection, mapping: ResponseMapping, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length === 0) return;
  const { rows } = await sql<{ id: string; keys: Fields }>`
    select id, keys from response where connection_id = ${connection.id} and remote_id = any(${remoteIds}::text[]) and attachment = 'unmatched' for update`.execute(
    tx,
  );
  await attach(tx, mapping, rows);
}

/** Attaches what waited for one of these identities or remote ids to appear. */
export async function attachWaiting(engine: Engine, tx: Db, digests: readonly string[]): Promise<void> {
  if (digests.length === 0) return;
  const { rows } = await sql<Waiting>`
    select distinct r.id, r.keys, c.connector, c.name from response_key k join response r on r.id = k.response_id join connection c on c.id = r.connection_id
    where k.digest = any(${digests}::uuid[]) and r.attachment = 'unmatched'`.execute(tx);
  await attachByMapping(engine, tx, rows);
}

/** Attaches the responses of a record once more by their evidence, but for those to `keep` and those that a person attached. */
export async function attachAfresh(engine: Engine, tx: Db, recordId: string, keep: readonly string[]): Promise<void> {
  const { rows } = await sql<Waiting>`
    update response r set attachment = 'unmatched', record_id = null, evidence = null from connection c
    where c.id = r.connection_id and r.record_id = ${recordId} and r.id <> all(${keep}::uuid[]) and r.attachment = 'attached' and r.evidence ->> 'by' is distinct from 'hand'
    returning r.id, r.keys, c.connector, c.name`.execute(tx);
  await attachByMapping(engine, tx, rows);
}

type Waiting = { readonly id: string; readonly keys: Fields; readonly connector: string; readonly name: string };

/** Attaches responses by the mapping of the connection that each came from. */
async function attachByMapping(engine: Engine, tx: Db, waiting: readonly Waiting[]): Promise<void> {
  for (const [, responses] of groupBy(waiting, ({ name }) => name)) {
    const [first] = responses;
    const mapping = first === undefined ? undefined : responseMapping(engine, first, 'response');
    if (mapping !== undefined) await attach(tx, mapping, responses);
  }
}

/** What a remote id is waited for under. */
export const idDigest = (hubObject: string, id: string): string => digest(`${hubObject}|id|${id}`);

type Clue = Evidence & { readonly value: string; readonly digest: string };

function cluesOf(mapping: ResponseMapping, keys: Fields): readonly Clue[] {
  return mapping.attach.flatMap((evidence) => {
    const value = keys[evidence.from];
    if (typeof value !== 'string' || value.trim() === '') return [];
    const key = {
      id: () => idDigest(mapping.hub, value.trim()),
      email: () => emailDigest(mapping.hub, value),
      phone: () => phoneDigest(mapping.hub, value),
    }[evidence.by]();
    return key === null ? [] : [{ ...evidence, value: value.trim(), digest: key }];
  });
}

async function attach(tx: Db, mapping: ResponseMapping, responses: readonly { id: string; keys: Fields }[]): Promise<void> {
  if (responses.length === 0) return;
  const clues = responses.map((response) => ({ id: response.id, clues: cluesOf(mapping, response.keys) }));
  const found = await whoAnswersTo(
    tx,
    mapping.hub,
    clues.flatMap((one) => one.clues),
  );
  const attached: { id: string; recordId: string; evidence: string }[] = [];
  const waiting: { id: string; digest: string }[] = [];
  for (const { id, clues: own } of clues) {
    const clue = own.find((one) => found.get(one.digest)?.size === 1);
    const recordId = clue === undefined ? undefined : [...(found.get(clue.digest) ?? [])][0];
    if (clue !== undefined && recordId !== undefined)
      attached.push({ id, recordId, evidence: JSON.stringify({ by: clue.by, from: clue.from }) });
    else for (const one of own) waiting.push({ id, digest: one.digest });
  }
  if (attached.length > 0) {
    await sql`update response r set attachment = 'attached', record_id = a.record_id, evidence = a.evidence::jsonb
      from unnest(${attached.map((a) => a.id)}::uuid[], ${attached.map((a) => a.recordId)}::uuid[], ${attached.map((a) => a.evidence)}::text[]) as a (id, record_id, evidence) where r.id = a.id`.execute(
      tx,
    );
    await sql`delete from response_key where response_id = any(${attached.map((a) => a.id)}::uuid[])`.execute(tx);
    await markDirty(
      tx,
      attached.map((a) => a.recordId),
    );
  }
  if (waiting.length > 0) {
    await sql`insert into response_key (digest, response_id) select * from unnest(${waiting.map((w) => w.digest)}::uuid[], ${waiting.map((w) => w.id)}::uuid[]) on conflict do nothing`.execute(
      tx,
    );
  }
}

/** The records that clues lead to, by digest: more than one is no evidence. */
async function whoAnswersTo(tx: Db, hubObject: string, clues: readonly Clue[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  const note = (digestFound: string, recordId: string) => found.set(digestFound, (found.get(digestFound) ?? new Set()).add(recordId));
  const { rows } = await sql<{ digest: string; record_id: string }>`
    select i.digest, i.record_id from identity i join record r on r.id = i.record_id
    where i.digest = any(${clues.filter((clue) => clue.by !== 'id').map((clue) => clue.digest)}::uuid[]) and r.object = ${hubObject} and r.merged_into is null`.execute(
    tx,
  );
  for (const row of rows) note(row.digest, row.record_id);
  const ids = [...new Set(clues.filter((clue) => clue.by === 'id').map((clue) => clue.value))];
  if (ids.length === 0) return found;
  const { rows: byId } = await sql<{ id: string; record_id: string }>`
    select w.id, coalesce(r.merged_into, r.id) as record_id from unnest(${ids}::text[]) as w (id) join link l on l.remote_id = w.id join record r on r.id = l.record_id where r.object = ${hubObject} and l.state <> 'gone'
    union select w.id, coalesce(r.merged_into, r.id) as record_id from unnest(${ids}::text[]) as w (id) join alias a on a.alias_id = w.id
      join link l on l.connection_id = a.connection_id and l.object = a.object and l.remote_id = a.remote_id join record r on r.id = l.record_id where r.object = ${hubObject}
    union select r.id::text, coalesce(r.merged_into, r.id) from record r where r.id = any(${ids.filter((id) => validate(id))}::uuid[]) and r.object = ${hubObject}`.execute(
    tx,
  );
  for (const row of byId) note(idDigest(hubObject, row.id), row.record_id);
  return found;
}

async function markDirty(tx: Db, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  // Several survey tools hear from the same people at the same time: whoever comes second waits, as long as all of them go in one order.
  await sql`update record r set dirty = true from (select id from record where id = any(${recordIds}::uuid[]) order by id for update) l where r.id = l.id`.execute(
    tx,
  );
}

/** Attaches or detaches one response by hand. What a person decided stays through later versions of the response. */
export async function attachByHand(
  db: Db,
  responseId: string,
  recordId: string | null,
  actor: string,
): Promise<'attached' | 'detached' | 'not_found'> {
  const before = await db.selectFrom('response').select('record_id').where('id', '=', responseId).forUpdate().executeTakeFirst();
  if (before === undefined) return 'not_found';
  if (
    recordId !== null &&
    (await db.selectFrom('record').select('id').where('id', '=', recordId).where('merged_into', 'is', null).executeTakeFirst()) ===
      undefined
  )
    return 'not_found';
  await db
    .updateTable('response')
    .set({
      attachment: recordId === null ? 'detached' : 'attached',
      record_id: recordId,
      evidence: JSON.stringify({ by: 'hand', from: actor }),
    })
    .where('id', '=', responseId)
    .execute();
  await db.deleteFrom('response_key').where('response_id', '=', responseId).execute();
  await markDirty(
    db,
    [before.record_id, recordId].filter((id) => id !== null),
  );
  return recordId === null ? 'detached' : 'attached';
}
