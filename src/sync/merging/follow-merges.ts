import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { openHolds } from '../../hub/records/holds.ts';
import { addTally } from '../../hub/records/tally.ts';
import { unbrakedStreams } from '../brakes/braked-merges.ts';
import type { Engine } from '../engine.ts';
import { lockMaking } from '../identity/identities.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { mergeRecords } from './merge-records.ts';
import { pairKey } from './pair.ts';
import { takePlaces } from './take-place.ts';

/** How many merges are followed in one transaction. */
export const MERGES_AT_ONCE = 100;

type News = { readonly connectionId: string; readonly object: string; readonly aliasId: string };
/** `own_id` is the link's record, which may have been merged into `record_id`. */
type Tied = { readonly id: string; readonly own_id: string; readonly record_id: string; readonly state: string };

/**
 * Lets the hub follow what was merged over there: the links of merged records stand for the survivor from now on, with all that is pending on them,
 * and where that makes one remote record stand for two records of the hub, those become one, or a person is asked, as the mapping says. How many
 * merges were followed. What cannot be followed yet is tried again the next time.
 */
export async function followMerges(engine: Engine, tx: Tx, hubObject: string, streams: ReadonlyMap<string, EntityStream>): Promise<number> {
  const listed = [...streams.values()];
  if (!(await hasNews(tx, listed))) return 0;
  const all = engine.foreseen === true ? listed : await unbrakedStreams(tx, listed);
  if (!(await hasNews(tx, all))) return 0;
  // Whoever follows many takes one record after the other: others wait here for that, and not with records of their own in hand.
  await lockMaking(tx, hubObject);
  const { rows } = await sql<News>`
    select a.connection_id as "connectionId", a.object, a.alias_id as "aliasId" from alias a
    join unnest(${all.map((one) => one.connection.id)}::uuid[], ${all.map((one) => one.stream.object)}::text[]) as s (connection_id, object)
      on s.connection_id = a.connection_id and s.object = a.object
    where not a.followed order by a.noted_at, a.remote_id, ${likeness} desc, a.alias_id
    limit ${MERGES_AT_ONCE} for update of a skip locked`.execute(tx);
  let followed = 0;
  const joined = new Map<string, number>();
  for (const news of rows) {
    const stream = streams.get(streamKey(news.connectionId, news.object));
    const fate = stream === undefined ? 'later' : await follow(engine, tx, stream, news);
    if (stream === undefined || fate === 'later') continue;
    if (fate === 'joined') joined.set(stream.stream.id, (joined.get(stream.stream.id) ?? 0) + 1);
    await sql`
      update alias set followed = true where connection_id = ${news.connectionId} and object = ${news.object} and alias_id = ${news.aliasId}`.execute(
      tx,
    );
    followed += 1;
  }
  if (engine.foreseen !== true)
    await addTally(
      tx,
      [...joined].map(([streamId, n]) => ({ streamId, what: 'merges_in', field: '', n })),
    );
  return followed;
}

/**
 * In how many fields a merged record shows what the survivor shows. Where the survivor is a new one, the record that is most like it was the one
 * to stay: its record goes on here as well, and what other systems have of it is not overwritten with itself by the other's links.
 */
const likeness = sql`(
  select count(*) from observation was join observation is_now on is_now.connection_id = was.connection_id
    and is_now.object = coalesce(a.into_object, a.object) and is_now.remote_id = a.remote_id
  cross join lateral jsonb_each(was.fields) as f (name, value)
  where was.connection_id = a.connection_id and was.object = a.object and was.remote_id = a.alias_id and is_now.fields -> f.name = f.value)`;

async function hasNews(tx: Tx, streams: readonly EntityStream[]): Promise<boolean> {
  const { rows } = await sql`
    select 1 from alias a
    join unnest(${streams.map((one) => one.connection.id)}::uuid[], ${streams.map((one) => one.stream.object)}::text[]) as s (connection_id, object)
      on s.connection_id = a.connection_id and s.object = a.object
    where not a.followed limit 1`.execute(tx);
  return rows.length > 0;
}

/** What came of one merge. `joined`: one remote record stood for two of the hub's. */
type Followed = 'repointed' | 'joined' | 'later';

/** Follows one merge; `joins` whether two records of the hub become one by it, or stay two. */
async function follow(engine: Engine, tx: Tx, stream: EntityStream, news: News, { joins = true } = {}): Promise<Followed> {
  const { rows } = await sql<{ remote_id: string; object: string }>`
    select remote_id, coalesce(into_object, object) as object from alias
    where connection_id = ${news.connectionId} and object = ${news.object} and alias_id = ${news.aliasId}`.execute(tx);
  const [into] = rows;
  const lost = await linkOf(tx, news.connectionId, news.object, news.aliasId);
  if (into === undefined || lost === null) return 'repointed';
  const survivor = await linkOf(tx, news.connectionId, into.object, into.remote_id);
  // What was put aside stands for nothing that others could go by.
  if (survivor === null && lost.own_id !== lost.record_id) return 'repointed';
  const place = survivor === null ? await placeOf(tx, lost, { ...into, connectionId: news.connectionId }) : null;
  // What is just being made in that place may be the survivor: it is looked up first.
  if (place?.isSent === true) return 'later';
  if (survivor === null && place?.isTaken !== true) await repoint(tx, { lost, into, news });
  else await letGo(tx, lost, into.remote_id);
  if (survivor !== null && survivor.own_id !== survivor.record_id)
    await takePlaces(tx, [{ id: survivor.id, recordId: survivor.own_id, livingId: survivor.record_id }]);
  if (survivor === null || survivor.record_id === lost.record_id) return 'repointed';
  return !joins || (await join(engine, tx, { stream, lost, survivor, into })) ? 'joined' : 'later';
}

/** Lets links follow all merges of a stream that wait, while the hub's records stay two. */
export async function followApart(engine: Engine, tx: Tx, stream: EntityStream): Promise<void> {
  const { rows } = await sql<News>`
    update alias set followed = true where connection_id = ${stream.connection.id} and object = ${stream.stream.object} and not followed
    returning connection_id as "connectionId", object, alias_id as "aliasId"`.execute(tx);
  for (const news of rows) await follow(engine, tx, stream, news, { joins: false });
}

async function linkOf(tx: Tx, connectionId: string, object: string, remoteId: string): Promise<Tied | null> {
  const { rows } = await sql<Tied>`
    select l.id, l.record_id as own_id, coalesce(r.merged_into, r.id) as record_id, l.state from link l join record r on r.id = l.record_id
    where l.connection_id = ${connectionId} and l.object = ${object} and l.remote_id = ${remoteId} for update of l`.execute(tx);
  return rows[0] ?? null;
}

type Into = { readonly remote_id: string; readonly object: string };

/** The place that a record has on the stream which its remote record has gone over to, when that is another one, such as from leads to contacts. */
async function placeOf(
  tx: Tx,
  lost: Tied,
  { connectionId, object }: Into & { readonly connectionId: string },
): Promise<{ readonly isSent: boolean; readonly isTaken: boolean } | null> {
  const { rows } = await sql<{ isSent: boolean; isTaken: boolean }>`
    select remote_id is null and sent is not null as "isSent", remote_id is not null as "isTaken" from link
    where record_id = ${lost.own_id} and connection_id = ${connectionId} and object = ${object} and id <> ${lost.id} for update`.execute(
    tx,
  );
  return rows[0] ?? null;
}

/** The link stands for the survivor, which nobody else stands for. What was sent to the merged record, and what it was agreed to hold, goes along. */
async function repoint(tx: Tx, { lost, into, news }: { lost: Tied; into: Into; news: News }): Promise<void> {
  // Nothing was ever made in the place that it takes, and nothing is from now on.
  await sql`
    delete from link where record_id = ${lost.own_id} and connection_id = ${news.connectionId} and object = ${into.object} and id <> ${lost.id}`.execute(
    tx,
  );
  await sql`
    update link set remote_id = ${into.remote_id}, object = ${into.object}, state = case when state = 'gone' then 'in_sync' else state end,
      gone_by = null, reason = null, expected = null where id = ${lost.id}`.execute(tx);
  await sql`
    update hold set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}'
    where connection_id = ${news.connectionId} and object = ${into.object} and remote_id = ${into.remote_id} and kind = 'ambiguous' and closed_at is null`.execute(
    tx,
  );
  await sql`
    update observation set dirty = true where connection_id = ${news.connectionId} and object = ${into.object} and remote_id = ${into.remote_id}`.execute(
    tx,
  );
  await sql`update record set dirty = true where id = ${lost.record_id}`.execute(tx);
}

/** The survivor has a link of its own, so this one stands for nothing any more. */
async function letGo(tx: Tx, lost: Tied, survivorId: string): Promise<void> {
  await sql`
    update link set state = 'gone', gone_by = 'remote', removal = null, reason = ${`it was merged into ${survivorId} there`}, sent = null, sent_at = null, expected = null, due = false
    where id = ${lost.id}`.execute(tx);
  await sql`update hold set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}' where link_id = ${lost.id} and closed_at is null`.execute(
    tx,
  );
}

/** One remote record stands for two of the hub's: they become one where the mapping follows, or a person is asked. False: not yet. */
async function join(
  engine: Engine,
  tx: Tx,
  { stream, lost, survivor, into }: { stream: EntityStream; lost: Tied; survivor: Tied; into: Into },
): Promise<boolean> {
  switch (stream.mapping.merged) {
    case 'ignore':
      return true;
    case 'ask':
      await openHolds(tx, [
        {
          kind: 'merge',
          connectionId: null,
          object: stream.stream.hubObject,
          remoteId: pairKey(survivor.record_id, lost.record_id),
          recordId: survivor.record_id,
          linkId: null,
          field: null,
          reason: `${stream.connection.name} has merged two records that are two here`,
          detail: { records: [survivor.record_id, lost.record_id], remoteId: into.remote_id },
        },
      ]);
      return true;
    case 'follow': {
      const open = await differing(tx, survivor.record_id, lost.record_id);
      const merged = await mergeRecords(engine, tx, {
        winnerId: survivor.record_id,
        loserId: lost.record_id,
        cause: 'vendor',
        actor: stream.connection.name,
        seen: { connectionId: stream.connection.id, runId: await runThatSaw(tx, stream, into) },
      });
      if (!('refused' in merged)) {
        // What the two did not have in common was decided over there, by whoever merged them: the survivor's own values are the news.
        await sql`update link set base = base - ${open}::text[] where id = ${survivor.id}`.execute(tx);
        return true;
      }
      engine.log.warn({ winnerId: survivor.record_id, loserId: lost.record_id, reason: merged.refused }, 'a merge could not be followed');
      return !merged.later;
    }
  }
}

/** The fields in which two records differ. */
async function differing(tx: Tx, a: string, b: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select k.name from record x, record y, lateral (select jsonb_object_keys(x.fields || y.fields)) as k (name)
    where x.id = ${a} and y.id = ${b} and x.fields -> k.name is distinct from y.fields -> k.name`.execute(tx);
  return rows.map((row) => row.name);
}

async function runThatSaw(tx: Tx, { connection }: EntityStream, into: Into): Promise<string | null> {
  const { rows } = await sql<{ run_id: string | null }>`
    select run_id from observation where connection_id = ${connection.id} and object = ${into.object} and remote_id = ${into.remote_id}`.execute(
    tx,
  );
  return rows[0]?.run_id ?? null;
}
