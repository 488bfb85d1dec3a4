import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Stamps } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import type { HubField, HubObject } from '../../mapping/mapping.ts';
import { normalise } from '../../mapping/normalise.ts';
import { firstFilled } from '../../mapping/response.ts';
import type { ContactRecipe, ResponseMapping } from '../../mapping/response-mapping.ts';
import type { Engine } from '../engine.ts';
import { lockMaking, moveIdentities } from '../identity/identities.ts';
import { inTransaction } from '../transaction.ts';
import { attach, attachWaiting, WAITING, type Waiting } from './attach.ts';
import { keysOf } from './clues.ts';

const AT_ONCE = 500;

type Stranger = Waiting & { readonly remote_id: string };

/**
 * Makes the contacts that answers of strangers ask for, once for each stranger: whoever makes contacts of this kind is alone at it, and looks again before
 * he does, so that three answers of one person, also by different tools, make one. What is still to be made stands in the table, whoever dies on the way.
 */
export async function makeContacts(engine: Engine, connection: Connection, mapping: ResponseMapping): Promise<void> {
  if (mapping.creates === null) return;
  const recipe = mapping.creates;
  while ((await inTransaction(engine.hub, (tx) => makeSome(engine, tx, { connection, mapping, recipe }))) > 0);
}

type Making = { readonly connection: Connection; readonly mapping: ResponseMapping; readonly recipe: ContactRecipe };

async function makeSome(engine: Engine, tx: Tx, { connection, mapping, recipe }: Making): Promise<number> {
  const { rows: due } = await sql`select 1 from response where connection_id = ${connection.id} and makes limit 1`.execute(tx);
  if (due.length === 0) return 0;
  await lockMaking(tx, mapping.hub);
  const strangers = await claim(tx, connection.id);
  // Somebody may have made them since.
  await attach(engine, tx, mapping, strangers);
  const still = await stillStrange(tx, strangers);
  const object = must(engine.mappings.model.get(mapping.hub), `hub object ${mapping.hub}`);
  const made = together(still, mapping, object).map((answers) => ({ id: newId(), answers, fields: fieldsOf(answers, recipe, object) }));
  const added = await insertRecords(engine, tx, made, { connection, object });
  await attachWaiting(engine, tx, added);
  // What the recipe leaves without any key stays unmatched, and is not tried for ever.
  await sql`update response set makes = false where id = any(${strangers.map(({ id }) => id)}::uuid[]) and makes`.execute(tx);
  return strangers.length;
}

async function claim(tx: Tx, connectionId: string): Promise<readonly Stranger[]> {
  const { rows } = await sql<Stranger>`
    select ${WAITING}, r.remote_id from response r where r.connection_id = ${connectionId} and r.makes order by r.id limit ${AT_ONCE} for update`.execute(
    tx,
  );
  return rows;
}

async function stillStrange(tx: Tx, strangers: readonly Stranger[]): Promise<readonly Stranger[]> {
  const { rows } = await sql<{ id: string }>`
    select id from response where id = any(${strangers.map(({ id }) => id)}::uuid[]) and makes and attachment = 'unmatched'`.execute(tx);
  const ids = new Set(rows.map(({ id }) => id));
  return strangers.filter(({ id }) => ids.has(id));
}

/** Answers that share a key are of one person; the oldest first. */
function together(strangers: readonly Stranger[], mapping: ResponseMapping, object: HubObject): readonly (readonly Stranger[])[] {
  const groups: { keys: Set<string>; answers: Stranger[] }[] = [];
  for (const stranger of strangers) {
    const keys = new Set(keysOf(mapping, stranger.keys, object).keys.flatMap(({ digest }) => digest ?? []));
    const shared = groups.filter((group) => !group.keys.isDisjointFrom(keys));
    const rest = groups.filter((group) => !shared.includes(group));
    const joined = {
      keys: shared.reduce((all, group) => all.union(group.keys), keys),
      answers: [...shared.flatMap(({ answers }) => answers), stranger],
    };
    groups.splice(0, groups.length, ...rest, joined);
  }
  return groups.map(({ answers }) => answers);
}

/** The latest that anybody of them wrote into each field. */
function fieldsOf(answers: readonly Stranger[], { fields }: ContactRecipe, object: HubObject): Fields {
  return Object.fromEntries(
    fields.flatMap(({ hub, from }) => {
      const field = must(object.fields.get(hub), `the field ${hub}`);
      const written = answers.flatMap(({ keys }) => writtenAs(field, firstFilled(keys, from)) ?? []);
      const last = written.at(-1);
      return last === undefined ? [] : [[hub, last]];
    }),
  );
}

// What is no address or number would be held by every system that it came to.
function writtenAs({ type }: HubField, text: string | null): string | null {
  return type === 'email' || type === 'phone' ? normalise(type, text) : text;
}

type Made = { readonly id: string; readonly answers: readonly Stranger[]; readonly fields: Fields };

async function insertRecords(
  engine: Engine,
  tx: Tx,
  made: readonly Made[],
  { connection, object }: { readonly connection: Connection; readonly object: HubObject },
): Promise<readonly string[]> {
  const named = made.filter(({ fields }) => Object.keys(fields).length > 0);
  if (named.length === 0) return [];
  const { rows: clock } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx);
  const at = must(clock[0], 'the time').now.toISOString();
  const stampsOf = (fields: Fields): Stamps => Object.fromEntries(Object.keys(fields).map((name) => [name, [at, 'hub'] as const]));
  await sql`
    insert into record (id, object, fields, stamps, dirty)
    select r.id, ${object.name}, r.fields::jsonb, r.stamps::jsonb, true from unnest(${named.map(({ id }) => id)}::uuid[],
      ${named.map(({ fields }) => JSON.stringify(fields))}::text[], ${named.map(({ fields }) => JSON.stringify(stampsOf(fields)))}::text[]) as r (id, fields, stamps)`.execute(
    tx,
  );
  const journal = named.map(({ id, answers, fields }) => ({
    recordId: id,
    lineId: newId(),
    remoteId: answers[0]?.remote_id ?? null,
    fields: JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { old: null, new: value }]))),
  }));
  await sql`
    insert into change (id, record_id, cause, connection_id, remote_id, fields, detail)
    select c.*, '{"made":"of a survey response"}'::jsonb from (select l.id, l.record_id, 'observed', ${connection.id}::uuid, l.remote_id, l.fields::jsonb
      from unnest(${journal.map((l) => l.lineId)}::uuid[], ${journal.map((l) => l.recordId)}::uuid[], ${journal.map((l) => l.remoteId)}::text[], ${journal.map((l) => l.fields)}::text[]) as l (id, record_id, remote_id, fields)) c`.execute(
    tx,
  );
  const added = await moveIdentities(
    engine,
    tx,
    named.map(({ id, fields }) => ({ id, object: object.name, before: {}, after: fields })),
  );
  return [...new Set(added.map(({ digest }) => digest))];
}
