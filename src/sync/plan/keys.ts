import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import type { PlanSummary } from '../../hub/plans/plans.ts';
import { decodeFields } from '../../merge/recognise.ts';
import { ruleDigest } from '../identity/identities.ts';
import type { EntityStream } from '../streams.ts';
import type { Stage } from './stage.ts';

const PAGE = 1000;
/** How many shared keys are named; more are counted. */
const MOST_NAMED = 200;

/** Match keys that several records of one system share: nobody can tell by them who is who. */
export async function findSharedKeys({ engine, tx, streams }: Stage): Promise<SharedKeys> {
  await sql`create temporary table planned_key (stream int, rule int, digest uuid, remote_id text) on commit drop`.execute(tx);
  for (const [i, stream] of streams.entries()) await noteKeys(engine.mappings.model.get(stream.mapping.hub), tx, { stream, i });
  await sql`create index on planned_key (stream, remote_id)`.execute(tx);
  await sql`analyze planned_key`.execute(tx);
  const { rows } = await sql<{ stream: number; rule: number; remote_ids: string[]; total: string }>`
    select stream, rule, (array_agg(remote_id order by remote_id))[1:20] as remote_ids, count(*) over () as total
    from planned_key group by stream, rule, digest having count(*) > 1 order by count(*) desc, stream, rule, min(remote_id) limit ${MOST_NAMED}`.execute(
    tx,
  );
  const keys: PlanSummary['nonUnique'][number][] = [];
  for (const row of rows) {
    const stream = streams[row.stream];
    const rule = stream?.mapping.match[row.rule];
    if (stream === undefined || rule === undefined) continue;
    const shown = await shownBy(tx, stream, row.remote_ids[0] ?? '');
    const key = Object.fromEntries(rule.on.map((name) => [name, shown[name] ?? null]));
    keys.push({ connection: stream.connection.name, object: stream.stream.object, key, remoteIds: row.remote_ids });
  }
  return { keys, count: Number(rows[0]?.total ?? 0), matching: await reachOf(tx, streams) };
}

type SharedKeys = {
  readonly keys: PlanSummary['nonUnique'];
  readonly count: number;
  readonly matching: NonNullable<PlanSummary['matching']>;
};

/** How many records have each key, and how many have none. */
async function reachOf(tx: Tx, streams: Stage['streams']): Promise<SharedKeys['matching']> {
  const { rows } = await sql<{ stream: number; rule: number; records: number; shared: number }>`
    select stream, rule, count(distinct remote_id)::int as records, (count(distinct remote_id) filter (where n > 1))::int as shared
    from (select stream, rule, remote_id, count(*) over (partition by stream, rule, digest) as n from planned_key) k group by stream, rule`.execute(
    tx,
  );
  const totals = await sql<{ stream: number; records: number; keyed: number }>`
    select s.i as stream, count(*)::int as records, (count(*) filter (where exists (
      select 1 from planned_key k where k.stream = s.i and k.remote_id = o.remote_id)))::int as keyed
    from unnest(${streams.map((one) => one.connection.id)}::uuid[], ${streams.map((one) => one.stream.object)}::text[], ${streams.map((_, i) => i)}::int[])
      as s (connection_id, object, i) join observation o on o.connection_id = s.connection_id and o.object = s.object and not o.gone group by s.i`.execute(
    tx,
  );
  return streams.flatMap((stream, i) => {
    const { records = 0, keyed = 0 } = totals.rows.find((row) => row.stream === i) ?? {};
    if (stream.mapping.match.length === 0) return [];
    const rules = stream.mapping.match.map(({ on }, at) => {
      const row = rows.find((one) => one.stream === i && one.rule === at);
      return { on: [...on], records: row?.records ?? 0, shared: row?.shared ?? 0 };
    });
    return [{ connection: stream.connection.name, object: stream.stream.object, records, without: records - keyed, rules }];
  });
}

type Numbered = { readonly stream: EntityStream; readonly i: number };

async function noteKeys(object: Parameters<typeof ruleDigest>[1] | undefined, tx: Tx, { stream, i }: Numbered): Promise<void> {
  if (object === undefined) return;
  for (let after = ''; ; ) {
    const { rows } = await sql<{ remote_id: string; fields: Fields }>`
      select remote_id, fields from observation where connection_id = ${stream.connection.id} and object = ${stream.stream.object} and not gone
        and remote_id > ${after} order by remote_id limit ${PAGE}`.execute(tx);
    const found = rows.flatMap((row) => {
      const fields = decodeFields(row.fields, stream.lines);
      return stream.mapping.match.flatMap((rule, at) => {
        const digest = ruleDigest(rule, object, fields);
        return digest === null ? [] : [{ rule: at, digest, remoteId: row.remote_id }];
      });
    });
    await sql`
      insert into planned_key select ${i}::int, * from unnest(${found.map((f) => f.rule)}::int[], ${found.map((f) => f.digest)}::uuid[], ${found.map((f) => f.remoteId)}::text[])`.execute(
      tx,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.remote_id;
  }
}

async function shownBy(tx: Tx, stream: EntityStream, remoteId: string): Promise<Fields> {
  const row = await tx
    .selectFrom('observation')
    .select('fields')
    .where('connection_id', '=', stream.connection.id)
    .where('object', '=', stream.stream.object)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst();
  return row === undefined ? {} : decodeFields(row.fields, stream.lines);
}
