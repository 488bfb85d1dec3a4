import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import { type Grounds, type UnmatchedReason, whose } from '../../feedback/whose.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { ResponseMapping } from '../../mapping/response-mapping.ts';
import { type Engine, responseMapping } from '../engine.ts';
import { cluesOf, type Key, keysOf } from './clues.ts';

/** A response that nobody is attached to by hand. */
export type Waiting = { readonly id: string; readonly survey_id: string; readonly state: string; readonly keys: Fields };
export const WAITING = sql.raw('r.id, r.survey_id, r.state, r.keys');

/** The connection that a response came from. */
export type From = { readonly connector: string; readonly name: string };

type Attached = { readonly id: string; readonly recordId: string; readonly grounds: Grounds };
type Unmatched = { readonly id: string; readonly reason: UnmatchedReason; readonly makes: boolean; readonly waitsFor: readonly string[] };

/** Attaches responses to whom their evidence leads to; the others wait for whoever comes to answer to their keys, and say why. */
export async function attach(engine: Engine, tx: Tx, mapping: ResponseMapping, responses: readonly Waiting[]): Promise<void> {
  if (responses.length === 0) return;
  const object = engine.mappings.model.get(mapping.hub);
  const asked = responses.map((response) => ({ response, ...keysOf(mapping, response.keys, object) }));
  const clueOf = await cluesOf(
    engine,
    tx,
    mapping.hub,
    asked.flatMap(({ keys }) => keys),
  );
  const attached: Attached[] = [];
  const unmatched: Unmatched[] = [];
  for (const { response, keys, isFilled } of asked) {
    const verdict = whose(keys.map(clueOf), isFilled);
    if (verdict.kind === 'attached') attached.push({ id: response.id, ...verdict });
    else
      unmatched.push({
        id: response.id,
        reason: verdict.reason,
        makes: makesContact(mapping, response, { keys, ...verdict }),
        waitsFor: digestsOf(keys),
      });
  }
  await keepAttached(tx, attached);
  await keepUnmatched(tx, unmatched);
}

const digestsOf = (keys: readonly Key[]): readonly string[] => keys.flatMap(({ digest }) => digest ?? []);

/**
 * Whether a contact is to be made of an answer: where the mapping says so, and of a stranger alone. Who carries an id is known to somebody already, and
 * is waited for.
 */
function makesContact(
  { creates, surveys }: ResponseMapping,
  { survey_id, state }: Waiting,
  { keys, reason }: { readonly keys: readonly Key[]; readonly reason: UnmatchedReason },
): boolean {
  if (creates === null || state !== 'complete' || reason !== 'unknown') return false;
  const isWanted = surveys.find(({ survey }) => survey === survey_id)?.creates ?? creates.byDefault;
  return isWanted && keys.every(({ by }) => by !== 'id' && by !== 'link');
}

async function keepAttached(tx: Tx, attached: readonly Attached[]): Promise<void> {
  if (attached.length === 0) return;
  await sql`
    update response r set attachment = 'attached', record_id = a.record_id, evidence = a.grounds::jsonb, reason = null, makes = false
    from unnest(${attached.map((a) => a.id)}::uuid[], ${attached.map((a) => a.recordId)}::uuid[], ${attached.map((a) => JSON.stringify(a.grounds))}::text[]) as a (id, record_id, grounds)
    where r.id = a.id`.execute(tx);
  await sql`delete from response_key where response_id = any(${attached.map((a) => a.id)}::uuid[])`.execute(tx);
  await markDirty(
    tx,
    attached.map((a) => a.recordId),
  );
}

async function keepUnmatched(tx: Tx, unmatched: readonly Unmatched[]): Promise<void> {
  if (unmatched.length === 0) return;
  await sql`
    update response r set reason = u.reason, makes = u.makes
    from unnest(${unmatched.map((u) => u.id)}::uuid[], ${unmatched.map((u) => u.reason)}::text[], ${unmatched.map((u) => u.makes)}::boolean[]) as u (id, reason, makes)
    where r.id = u.id and (r.reason, r.makes) is distinct from (u.reason, u.makes)`.execute(tx);
  const waits = unmatched.flatMap(({ id, waitsFor }) => waitsFor.map((digest) => ({ id, digest })));
  await sql`
    insert into response_key (digest, response_id)
    select * from unnest(${waits.map((w) => w.digest)}::uuid[], ${waits.map((w) => w.id)}::uuid[]) on conflict do nothing`.execute(tx);
}

/**
 * Looks once more for the contacts of responses that were just filed, in a transaction after theirs. Whoever made the contact meanwhile could not see
 * them, and does the same with `attachWaiting` after his own: of the two, the later one sees both.
 */
export async function attachFiled(
  engine: Engine,
  tx: Tx,
  { connection, mapping }: { readonly connection: Connection; readonly mapping: ResponseMapping },
  remoteIds: readonly string[],
): Promise<void> {
  if (remoteIds.length === 0) return;
  const { rows } = await sql<Waiting>`
    select ${WAITING} from response r where r.connection_id = ${connection.id} and r.remote_id = any(${remoteIds}::text[]) and r.attachment = 'unmatched'
    order by r.id for update`.execute(tx);
  await attach(engine, tx, mapping, rows);
}

/** Attaches what waited for one of these identities or remote ids to appear. */
export async function attachWaiting(engine: Engine, tx: Tx, digests: readonly string[]): Promise<void> {
  if (digests.length === 0) return;
  const { rows } = await sql<Waiting & From>`
    select distinct ${WAITING}, c.connector, c.name from response_key k join response r on r.id = k.response_id join connection c on c.id = r.connection_id
    where k.digest = any(${digests}::uuid[]) and r.attachment = 'unmatched'`.execute(tx);
  await attachEach(engine, tx, rows);
}

/** Attaches the responses of a record once more by their evidence, but for those to `keep` and those that a person attached. */
export async function attachAfresh(engine: Engine, tx: Tx, recordId: string, keep: readonly string[]): Promise<void> {
  const { rows } = await sql<Waiting & From>`
    update response r set attachment = 'unmatched', record_id = null, evidence = null from connection c
    where c.id = r.connection_id and r.record_id = ${recordId} and r.id <> all(${keep}::uuid[]) and r.attachment = 'attached' and r.evidence ->> 'by' is distinct from 'hand'
    returning ${WAITING}, c.connector, c.name`.execute(tx);
  await attachEach(engine, tx, rows);
}

/** Attaches responses by the mapping of the connection that each came from. */
export async function attachEach(engine: Engine, tx: Tx, rows: readonly (Waiting & From)[]): Promise<void> {
  for (const [, responses] of groupBy(rows, ({ name }) => name)) {
    const [first] = responses;
    const mapping = first === undefined ? undefined : responseMapping(engine, first, 'response');
    if (mapping !== undefined) await attach(engine, tx, mapping, responses);
  }
}

export async function markDirty(tx: Db, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  // Several survey tools hear from the same people at the same time: whoever comes second waits, as long as all of them go in one order.
  await sql`update record r set dirty = true from (select id from record where id = any(${recordIds}::uuid[]) order by id for update) l where r.id = l.id`.execute(
    tx,
  );
}
