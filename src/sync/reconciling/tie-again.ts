import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { groupBy } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { markReferringTo } from '../merging/repoint.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import type { Work } from '../work.ts';
import type { Attempt } from '../writing/attempt.ts';
import type { Batch, Outcome } from './batch.ts';

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
function tiesTo(engine: Engine, { connection, stream }: Pick<Work, 'connection' | 'stream'>): readonly Tie[] {
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

type Fragment = RawBuilder<unknown>;

/** A list of references without some of them; a single one is none then. */
const without = (list: Fragment, those: readonly string[]): Fragment => sql`
  case jsonb_typeof(${list}) when 'array'
    then (select jsonb_agg(e) from jsonb_array_elements_text(${list}) as e where split_part(e, '#', 1) <> all(${those}::text[]))
    else null end`;

/** Whether a reference, or one of several, leads to an id. */
const leadsTo = (value: Fragment, id: Fragment): Fragment => sql`
  coalesce(case jsonb_typeof(${value}) when 'array'
    then exists (select 1 from jsonb_array_elements_text(${value}) as e where split_part(e, '#', 1) = ${id})
    else ${value} #>> '{}' = ${id} end, false)`;

/** Records that both sides no longer agree on the tie, so that it is made again, whatever an old view still shows. */
async function loosen(tx: Tx, work: Work, { object, hub, remote }: Tie, reborn: readonly Reborn[]): Promise<void> {
  const ids = reborn.map((one) => one.recordId);
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

/** Records that nobody is tied to over there since this batch, or that are there again. */
type Turned = { readonly key: string; readonly recordId: string; readonly remoteId: string; readonly isBack: boolean };

/**
 * Looks anew at what refers to records that have gone over there, or are back: a removal unties without a word, which is nobody's edit, and what
 * a restore does not tie again is tied again by us.
 */
export async function followTurned(engine: Engine, tx: Tx, batch: Pick<Batch, 'hubObject' | 'streams' | 'outcomes'>): Promise<void> {
  const turned = batch.outcomes.flatMap(turnedIn);
  if (turned.length === 0) return;
  await markReferringTo(
    engine,
    tx,
    batch.hubObject,
    turned.map((one) => one.recordId),
  );
  for (const [key, back] of groupBy(
    turned.filter((one) => one.isBack),
    (one) => one.key,
  )) {
    const stream = must(batch.streams.get(key), 'the stream of what is back');
    for (const tie of tiesTo(engine, stream)) await untie(tx, stream, tie, back);
  }
}

function turnedIn({ links, holds, planned }: Outcome): readonly Turned[] {
  return links.flatMap((link): readonly Turned[] => {
    const standing = planned.links.get(link.id)?.standing;
    if (standing === undefined || link.remoteId === null) return [];
    const isLeft = standing.kind === 'unlink' || standing.kind === 'rebirth';
    // What is back is tied to again, also where it takes no part.
    const isBack = link.state === 'gone' && !link.gone && standing.kind !== 'gone' && !isLeft;
    const isAskedNow = standing.kind === 'asked' && link.gone && holds.get(link.id)?.some((hold) => hold.kind === 'removal') !== true;
    const isGoneNow = link.state !== 'gone' && standing.kind === 'gone';
    const { recordId, remoteId } = link;
    return isBack || isAskedNow || isGoneNow || isLeft
      ? [{ key: streamKey(link.connectionId, link.object), recordId, remoteId, isBack }]
      : [];
  });
}

/** Records that both sides no longer agree on a tie that is not shown over there any more, so that it is made again. */
async function untie(tx: Tx, { connection }: EntityStream, { object, hub, remote }: Tie, back: readonly Turned[]): Promise<void> {
  const ids = back.map((one) => one.recordId);
  const { rows } = await sql<{ id: string }>`
    update link l set base = l.base || jsonb_build_object(${hub}::text, ${without(sql`l.base -> ${hub}`, ids)})
    from observation o, unnest(${ids}::uuid[], ${back.map((one) => one.remoteId)}::text[]) as b (record_id, remote_id)
    where l.connection_id = ${connection.id} and l.object = ${object} and l.state <> 'gone'
      and o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id and not o.gone
      and ${leadsTo(sql`l.base -> ${hub}`, sql`b.record_id::text`)} and not ${leadsTo(sql`o.fields -> ${remote}`, sql`b.remote_id`)}
    returning l.record_id as id`.execute(tx);
  await sql`update record set dirty = true where id = any(${rows.map((row) => row.id)}::uuid[])`.execute(tx);
}
