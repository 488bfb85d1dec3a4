import { sql } from 'kysely';
import type { Present } from '../../contract/records.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import { finishRun, startRun } from '../../hub/runs/runs.ts';
import type { Completeness } from '../../hub/views/completeness.ts';
import { chunk } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { reconcile } from '../reconciling/reconcile.ts';
import { readRefs } from '../reconciling/refs.ts';
import { planTree, readHolds, readLinks, readRecords } from '../reconciling/trees.ts';
import { type EntityStream, entityStream, streamKey } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import { askFor, type Work } from '../work.ts';
import { findMissing, type Missing } from './missing.ts';

/** How many links are compared when nobody says otherwise. */
export const SAMPLE = 100;
/** The most ids that a gap names. */
const NAMED = 100;

type Settled = { readonly linkId: string; readonly recordId: string; readonly remoteId: string };
type Compared = {
  readonly sampled: number;
  readonly moved: number;
  readonly gone: readonly string[];
  readonly differing: ReadonlyMap<string, readonly string[]>;
  readonly calls: number;
};
export type Checked = { readonly found: Completeness; readonly calls: number };

/**
 * Compares both sides of a stream: every id that the system has shown against what stands for it here, and the values of a sample (the same one
 * each time) against what the mapping says that they should be. What the sample shows is stored like any look, so that what was missed is merged.
 */
export async function checkStream(engine: Engine, work: Work, { sample }: { readonly sample: number }): Promise<Checked> {
  const stream = must(entityStream(engine, work.connection, work.stream), 'the stream of a check');
  const run = await startRun(engine.hub, work.stream.id, 'check');
  try {
    const compared = await compare(engine, { ...work, runId: run }, stream, sample);
    const missing = await findMissing(engine, stream);
    const found = await completenessOf(engine, stream, compared, missing);
    const counts = {
      there: found.there,
      linked: found.linked,
      sampled: found.sampled,
      missing_here: found.missingHere.count,
      missing_there: found.missingThere.count,
      differing: found.differing.count,
    };
    await engine.hub
      .updateTable('run')
      .set({ detail: JSON.stringify(found) })
      .where('id', '=', run)
      .execute();
    await finishRun(engine.hub, run, counts, null);
    await reconcile(engine, work.stream.hubObject, work.held.signal);
    return { found, calls: compared.calls };
  } catch (error) {
    await finishRun(engine.hub, run, {}, error);
    throw error;
  }
}

/** Links on which nothing is under way: what they hold has to agree. The same ones each time, spread over all. */
async function chooseSample(engine: Engine, { connection, stream }: EntityStream, sample: number): Promise<readonly Settled[]> {
  const { rows } = await sql<Settled>`
    select l.id as "linkId", l.record_id as "recordId", l.remote_id as "remoteId" from link l
    join record r on r.id = l.record_id join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.connection_id = ${connection.id} and l.object = ${stream.object} and l.state = 'in_sync' and not l.due and l.sent is null and not r.dirty and not o.dirty and not o.gone
    order by md5(l.remote_id), l.remote_id limit ${sample}`.execute(engine.hub);
  return rows;
}

async function compare(engine: Engine, work: Work, stream: EntityStream, sample: number): Promise<Compared> {
  const chosen = await chooseSample(engine, stream, sample);
  const { pageMax } = stream.traits.read;
  const differing = new Map<string, readonly string[]>();
  const gone: string[] = [];
  let [moved, calls] = [0, 0];
  for (const page of chunk(chosen, pageMax)) {
    work.held.signal.throwIfAborted();
    const seen = await work.port.read.byIds(
      page.map(({ remoteId }) => remoteId),
      askFor(engine, work, 'all'),
    );
    calls += 1;
    const news = await store(engine, work, seen);
    gone.push(...seen.flatMap((one) => (one.kind === 'gone' && news.missed.has(one.id) ? [one.id] : [])));
    const present = seen.filter((one) => one.kind === 'present');
    moved += news.changed.size - news.missed.size;
    const same = present.filter(({ id }) => !news.changed.has(id) || news.missed.has(id));
    for (const [id, fields] of await differingIn(engine, stream, page, same)) differing.set(id, fields);
    for (const { id } of present) if (news.missed.has(id) && !differing.has(id)) differing.set(id, []);
  }
  return { sampled: chosen.length, moved, gone, differing, calls };
}

/** Stores what was seen; what differs from what we hold, and which of that is older than our last look and so was missed. */
async function store(
  engine: Engine,
  work: Work,
  seen: Parameters<typeof storeObservations>[2],
): Promise<{ readonly changed: ReadonlySet<string>; readonly missed: ReadonlySet<string> }> {
  const key = { connectionId: work.connection.id, object: work.stream.object };
  const { changedIds } = await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    return storeObservations(tx, key, seen, { runId: work.runId });
  });
  const settleMs = engine.connectors.get(work.connection.connector)?.manifest.objects[work.stream.object]?.read.settleMs ?? 0;
  const { rows } = await sql<{ remote_id: string }>`
    select o.remote_id from observation o join stream s on s.id = ${work.stream.id}
    where o.connection_id = ${key.connectionId} and o.object = ${key.object} and o.remote_id = any(${changedIds}::text[])
      and o.changed_at < s.observed_at - (${settleMs + SKEW_MS}::float8 * interval '1 ms')`.execute(engine.hub);
  return { changed: new Set(changedIds), missed: new Set(rows.map((row) => row.remote_id)) };
}

/** How far the vendor's clock may be from ours. */
const SKEW_MS = 120_000;

/** The hub fields in which a record over there is not what the mapping says, by remote id. */
async function differingIn(
  engine: Engine,
  stream: EntityStream,
  page: readonly Settled[],
  seen: readonly Present[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const shown = new Map(seen.map((one) => [one.id, one]));
  const chosen = page.filter(({ remoteId }) => shown.has(remoteId));
  const records = await readRecords(engine.hub, [...new Set(chosen.map(({ recordId }) => recordId))]);
  const wanted = new Set(chosen.map(({ linkId }) => linkId));
  const links = (await readLinks(engine.hub, [...records.keys()]))
    .filter((link) => wanted.has(link.id))
    .map((link) => asShown(link, shown));
  const streams = new Map([[streamKey(stream.connection.id, stream.stream.object), stream]]);
  const holds = await readHolds(engine.hub, [...wanted]);
  const refs = await readRefs(engine.hub, streams, { links, records });
  const differing = new Map<string, readonly string[]>();
  for (const link of links) {
    const record = must(records.get(link.recordId), 'the record of a link');
    const { plan, links: planned } = planTree(record, [link], { holds, refs }, streams);
    const own = planned.get(link.id);
    const fields = [...plan.changes.flatMap((change) => Object.keys(change.fields)), ...Object.keys(own?.pushed ?? {})];
    if (fields.length > 0 && link.remoteId !== null) differing.set(link.remoteId, [...new Set(fields)].sort());
  }
  return differing;
}

/** A link with what its remote holds at this moment. */
function asShown(link: LinkRow, shown: ReadonlyMap<string, Present>): LinkRow {
  const now = shown.get(link.remoteId ?? '');
  return now === undefined ? link : { ...link, seen: { ...link.seen, ...now.fields }, expected: null };
}

async function completenessOf(engine: Engine, stream: EntityStream, compared: Compared, missing: Missing): Promise<Completeness> {
  const { rows } = await sql<{ there: number; linked: number; compared_at: Date | null }>`
    select count(*)::float8 as there, count(l.id)::float8 as linked, (select coalesce(s.swept_at, s.backfilled_at) from stream s where s.id = ${stream.stream.id}) as compared_at
    from observation o left join link l on l.connection_id = o.connection_id and l.object = o.object and l.remote_id = o.remote_id
    where o.connection_id = ${stream.connection.id} and o.object = ${stream.stream.object} and not o.gone`.execute(engine.hub);
  const counted = must(rows[0], 'the counts of a check');
  const there = missing.unmade.length + compared.gone.length;
  const differing = [...compared.differing];
  return {
    object: stream.stream.object,
    there: counted.there,
    linked: counted.linked,
    held: missing.held,
    leftOut: missing.leftOut,
    sampled: compared.sampled,
    moved: compared.moved,
    missingHere: { count: missing.unknown.length, ids: missing.unknown.slice(0, NAMED) },
    missingThere: { count: there, ids: compared.gone.slice(0, NAMED), records: missing.unmade.slice(0, NAMED) },
    differing: {
      count: differing.length,
      ids: differing.slice(0, NAMED).map(([id]) => id),
      fields: Object.fromEntries(differing.slice(0, NAMED)),
    },
    allComparedAt: counted.compared_at?.toISOString() ?? null,
    complete: missing.unknown.length + there + differing.length === 0,
  };
}
