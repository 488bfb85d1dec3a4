import { sql } from 'kysely';
import type { Tx } from '../hub/database.ts';
import { groupBy } from '../kernel/lists.ts';
import type { Engine } from './engine.ts';
import type { Attempt } from './outcomes.ts';
import type { Work } from './work.ts';

/** A record that was made again over there, with the id that it had before it was removed. */
type Reborn = { readonly recordId: string; readonly formerId: string; readonly remoteId: string };

/**
 * Lets the ids of records that were removed and made again lead to the new ones, and ties to them what had been tied to the old ones: the removal
 * has undone those ties over there without a word.
 */
export async function tieAgain(engine: Engine, tx: Tx, work: Work, made: readonly { attempt: Attempt; id: string }[]): Promise<void> {
  const reborn = made.flatMap(({ attempt, id }): Reborn[] => {
    const formerId = (attempt.link.evidence as { formerly?: string } | null)?.formerly;
    return formerId === undefined ? [] : [{ recordId: attempt.record.id, formerId, remoteId: id }];
  });
  if (reborn.length === 0) return;
  await sql`
    insert into alias (connection_id, object, alias_id, remote_id, followed)
    select ${work.connection.id}::uuid, ${work.stream.object}, r.former_id, r.remote_id, true
    from unnest(${reborn.map((one) => one.formerId)}::text[], ${reborn.map((one) => one.remoteId)}::text[]) as r (former_id, remote_id)
    on conflict (connection_id, object, alias_id) do update set remote_id = excluded.remote_id, followed = true`.execute(tx);
  for (const tie of tiesTo(engine, work)) await loosen(tx, work, tie, reborn);
}

type Tie = { readonly object: string; readonly hub: string; readonly remote: string };

/** The mapped fields of the connection's objects that refer to this one. */
function tiesTo(engine: Engine, { connection, stream }: Work): readonly Tie[] {
  const objects = engine.connectors.get(connection.connector)?.manifest.objects ?? {};
  const byObject = groupBy([...engine.mappings.byStream.values()], (mapping) => mapping.connector).get(connection.connector) ?? [];
  return byObject.flatMap((mapping) =>
    mapping.kind !== 'entity'
      ? []
      : mapping.lines
          .filter((line) => line.ref !== null && objects[mapping.object]?.refs?.[line.remote] === stream.object)
          .map((line) => ({ object: mapping.object, hub: line.hub, remote: line.remote })),
  );
}

/** Records that both sides no longer agree on the tie, so that it is made again, whatever an old view still shows. */
async function loosen(tx: Tx, work: Work, { object, hub, remote }: Tie, reborn: readonly Reborn[]): Promise<void> {
  const ids = reborn.map((one) => one.recordId);
  const without = (list: ReturnType<typeof sql>, those: readonly string[]) => sql`
    case jsonb_typeof(${list}) when 'array'
      then (select jsonb_agg(e) from jsonb_array_elements_text(${list}) as e where split_part(e, '#', 1) <> all(${those}::text[]))
      else null end`;
  const { rows } = await sql<{ id: string }>`
    with tied as (
      select l.id, l.remote_id, l.record_id from link l join record r on r.id = l.record_id
      where l.connection_id = ${work.connection.id} and l.object = ${object}
        and (r.fields ->> ${hub} = any(${ids}::text[])
          or (jsonb_typeof(r.fields -> ${hub}) = 'array' and exists (
            select 1 from jsonb_array_elements_text(r.fields -> ${hub}) as e where split_part(e, '#', 1) = any(${ids}::text[]))))),
    seen as (
      update observation o set hash = gen_random_uuid(),
        fields = o.fields || jsonb_build_object(${remote}::text, ${without(
          sql`o.fields -> ${remote}`,
          reborn.map((one) => one.formerId),
        )})
      from tied t where o.connection_id = ${work.connection.id} and o.object = ${object} and o.remote_id = t.remote_id returning o.remote_id)
    update link l set base = l.base || jsonb_build_object(${hub}::text, ${without(sql`l.base -> ${hub}`, ids)}), expected = l.expected - ${remote}::text
    from tied t where l.id = t.id returning t.record_id as id`.execute(tx);
  await sql`update record set dirty = true where id = any(${rows.map((row) => row.id)}::uuid[])`.execute(tx);
}
