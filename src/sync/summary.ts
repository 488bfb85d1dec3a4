import { sql } from 'kysely';
import type { Fields } from '../contract/records.ts';
import { listConnections } from '../hub/connections/connections.ts';
import { groupBy } from '../kernel/lists.ts';
import { decodeFields } from '../merge/recognise.ts';
import { readBrakes, withMerged } from './brakes/open.ts';
import type { Engine } from './engine.ts';
import { ruleDigest, rulesOf } from './identity/identities.ts';
import { readRefs } from './reconciling/refs.ts';
import type { RecordRow } from './reconciling/rows.ts';
import { planTree, readHolds, readLinks } from './reconciling/trees.ts';
import { type EntityStream, entityStreams } from './streams.ts';

/** What `demo --once` and `sync --until-quiet --json` print last. */
export type Summary = {
  readonly people: Readonly<Record<string, number>>;
  /** Mapped fields that two sides hold differently without an open hold. */
  readonly differing: number;
  /** Remote records that the hub made although the same identity was there already. */
  readonly duplicates: number;
  readonly responses: { readonly received: number; readonly attached: number; readonly unmatched: number };
  /**
   * Responses that are to be in the timelines of the CRMs, and how many are in each. `waiting`: how many wait there for the contact, who is not in that
   * system, such as one whom its filter leaves out.
   */
  readonly timeline: {
    readonly entries: number;
    readonly written: Readonly<Record<string, number>>;
    readonly waiting: Readonly<Record<string, number>>;
  };
  readonly holds: number;
  readonly writesAfterQuiet: number;
  readonly calls: Readonly<Record<string, { readonly made: number; readonly floor: number }>>;
};

/** The object that stands for people. */
const PERSON = 'contact';
const PAGE = 1000;

/** Counts the state of the hub from its tables alone: nothing is remembered from the run. */
export async function summarise(engine: Engine, writesAfterQuiet: number): Promise<Summary> {
  const connections = await listConnections(engine.hub);
  const people: Record<string, number> = {
    hub: await count(engine, sql`select count(*) as n from record where object = ${PERSON} and merged_into is null`),
  };
  const calls: Record<string, { made: number; floor: number }> = {};
  for (const connection of connections) {
    people[connection.name] = await count(
      engine,
      sql`
      select (select count(*) from observation o join stream s on s.connection_id = o.connection_id and s.object = o.object where o.connection_id = ${connection.id} and s.hub_object = ${PERSON} and not o.gone)
        + (select count(distinct record_id) from response where connection_id = ${connection.id}) as n`,
    );
    const row = await engine.hub
      .selectFrom('connection')
      .select(['calls_made', 'calls_floor'])
      .where('id', '=', connection.id)
      .executeTakeFirstOrThrow();
    calls[connection.name] = { made: Number(row.calls_made), floor: Number(row.calls_floor) };
  }
  let differing = 0;
  let duplicates = 0;
  for (const hubObject of engine.mappings.model.keys()) {
    const streams = await entityStreams(engine, engine.hub, hubObject);
    differing += await countDiffering(engine, hubObject, streams);
    for (const stream of streams.values()) duplicates += await countDuplicates(engine, hubObject, stream);
  }
  return {
    people,
    differing,
    duplicates,
    responses: {
      received: await count(engine, sql`select count(*) as n from response`),
      attached: await count(engine, sql`select count(*) as n from response where attachment = 'attached'`),
      unmatched: await count(engine, sql`select count(*) as n from response where attachment <> 'attached'`),
    },
    timeline: await countEntries(engine),
    holds: await count(engine, sql`select count(*) as n from hold where closed_at is null`),
    writesAfterQuiet,
    calls,
  };
}

async function count(engine: Engine, query: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await query.execute(engine.hub);
  return Number((rows[0] as { n: string } | undefined)?.n ?? 0);
}

async function countEntries(engine: Engine): Promise<Summary['timeline']> {
  const { rows } = await sql<{ name: string; written: number; waiting: number }>`
    select c.name, count(l.remote_id)::int as written, (count(*) filter (where l.remote_id is null and l.waits_for <> '{}'))::int as waiting
    from entry e join record r on r.id = e.record_id and r.archived_at is null
    join link l on l.record_id = r.id and l.state <> 'gone' join connection c on c.id = l.connection_id
    group by c.name order by c.name`.execute(engine.hub);
  const where = (n: (row: (typeof rows)[number]) => number) =>
    Object.fromEntries(rows.flatMap((row) => (n(row) === 0 ? [] : [[row.name, n(row)]])));
  const entries = await count(engine, sql`select count(*) as n from entry e join record r on r.id = e.record_id and r.archived_at is null`);
  return { entries, written: where(({ written }) => written), waiting: where(({ waiting }) => waiting) };
}

async function countDiffering(engine: Engine, hubObject: string, streams: ReadonlyMap<string, EntityStream>): Promise<number> {
  let differing = 0;
  const open = await readBrakes(engine.hub);
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await sql<
      Omit<RecordRow, 'fresh'>
    >`select id, fields, stamps, archived from record where object = ${hubObject} and merged_into is null and id > ${after} order by id limit ${PAGE}`.execute(
      engine.hub,
    );
    const last = rows.at(-1);
    if (last === undefined) return differing;
    after = last.id;
    const records = new Map(rows.map((row) => [row.id, { ...row, fresh: false }]));
    const links = await readLinks(
      engine.hub,
      rows.map((row) => row.id),
    );
    const holds = await readHolds(
      engine.hub,
      links.map((link) => link.id),
    );
    const refs = await readRefs(engine.hub, streams, { links, records });
    const brakes = await withMerged(engine.hub, open, links);
    const byRecord = groupBy(
      links.filter((link) => link.remoteId !== null),
      (link) => link.recordId,
    );
    for (const record of records.values()) {
      const { plan, links: planned } = planTree(record, byRecord.get(record.id) ?? [], { holds, refs, brakes }, streams);
      for (const change of plan.changes) differing += Object.keys(change.fields).length;
      for (const link of planned.values()) differing += link.blocked ? 0 : Object.keys(link.push).length;
    }
  }
}

async function countDuplicates(engine: Engine, hubObject: string, stream: EntityStream): Promise<number> {
  const object = engine.mappings.model.get(hubObject);
  if (object === undefined || !stream.canCreate) return 0;
  const rules = rulesOf(engine, hubObject);
  const { rows } = await sql<{ fields: Fields; made: boolean }>`
    select o.fields, coalesce(l.evidence ->> 'made' = 'remote', false) as made from observation o
    left join link l on l.connection_id = o.connection_id and l.object = o.object and l.remote_id = o.remote_id
    where o.connection_id = ${stream.connection.id} and o.object = ${stream.stream.object} and not o.gone`.execute(engine.hub);
  const seen = new Map<string, number>();
  const made: (readonly string[])[] = [];
  for (const row of rows) {
    const decoded = decodeFields(row.fields, stream.lines);
    const digests = rules.flatMap((rule) => ruleDigest(rule, object, decoded) ?? []);
    for (const digest of digests) seen.set(digest, (seen.get(digest) ?? 0) + 1);
    if (row.made) made.push(digests);
  }
  return made.filter((digests) => digests.some((digest) => (seen.get(digest) ?? 0) > 1)).length;
}
