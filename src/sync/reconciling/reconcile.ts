import { type RawBuilder, sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { isUnfollowedMerge } from '../../hub/records/aliases.ts';
import { bulkRuns } from '../../hub/runs/runs.ts';
import type { LinkState } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import { entryObject, type HubObject, type MatchRule, segmentObject } from '../../mapping/mapping.ts';
import type { Identified, Stranger } from '../../merge/recognise.ts';
import { survivorsApart } from '../brakes/braked-merges.ts';
import { type Passes, tally } from '../brakes/brakes.ts';
import { freezeFlips } from '../brakes/freeze-flips.ts';
import { liftBrakes } from '../brakes/lift.ts';
import { type OpenBrakes, readBrakes } from '../brakes/open.ts';
import { planUnderBrakes } from '../brakes/plan-under-brakes.ts';
import type { Engine } from '../engine.ts';
import { identify } from '../identity/identify.ts';
import { lockMaking, rulesOf } from '../identity/identities.ts';
import { currentEngine, isCurrent } from '../mappings/active.ts';
import { followMerges, MERGES_AT_ONCE } from '../merging/follow-merges.ts';
import { takePlaces } from '../merging/take-place.ts';
import { type Planning, planRecords } from '../plan/records.ts';
import { attachWaiting } from '../responses/attach.ts';
import { noteMappings } from '../schema/mapping-versions.ts';
import { keepSegments } from '../segments/keep.ts';
import { type EntityStream, entityStreams, streamKey } from '../streams.ts';
import { projectResponses } from '../timeline/project.ts';
import { inTransaction } from '../transaction.ts';
import type { Batch, Outcome } from './batch.ts';
import { claimTrees } from './claim-trees.ts';
import { commit } from './commit.ts';
import { wakeByEvidence } from './evidence-refs.ts';
import { rollUpRecords } from './roll-up.ts';
import { wakeWaiting } from './wake-waiting.ts';

const BATCH = 500;

/** What a reconcile did, each observation and record counted once. */
export type Reconciled = { created: number; matched: number; applied: number; noOp: number; held: number; excluded: number; gone: number };
const nothing = (): Reconciled => ({ created: 0, matched: 0, applied: 0, noOp: 0, held: 0, excluded: 0, gone: 0 });

/** One run through what is dirty, and what may happen in it without being judged again. */
type Judging = { readonly hubObject: string; readonly passes: Passes };

/** Works off everything that is dirty of all hub objects or of some, in their order, parents before children. All that are at rest cost one look together. */
export async function reconcileAll(engine: Engine, signal: AbortSignal, hubObjects = [...engine.mappings.model.keys()]): Promise<void> {
  // What they hold is made here, of what is not theirs.
  const made = [entryObject(engine.mappings.model)?.name, segmentObject(engine.mappings.model)?.name];
  let busy = await busyOf(engine.hub, hubObjects);
  for (const [at, hubObject] of hubObjects.entries()) {
    if (!busy.has(hubObject) && !made.includes(hubObject)) continue;
    const did = await reconcile(engine, hubObject, signal);
    // A parent that is new may be what its children wait for.
    if (busy.has(hubObject) || Object.values(did).some((n) => n > 0)) busy = await busyOf(engine.hub, hubObjects.slice(at + 1));
  }
}

/** Works off everything that is dirty of one hub object, hundreds of records a transaction, until nothing is left. */
export async function reconcile(given: Engine, hubObject: string, signal: AbortSignal): Promise<Reconciled> {
  const total = nothing();
  while (!(await reconcileUnder(await currentEngine(given), { hubObject, signal }, total))) signal.throwIfAborted();
  return total;
}

type Wanted = { readonly hubObject: string; readonly signal: AbortSignal };

/** The same under the mappings of one engine; false when others have become active meanwhile. */
async function reconcileUnder(engine: Engine, { hubObject, signal }: Wanted, total: Reconciled): Promise<boolean> {
  if (!engine.mappings.model.has(hubObject)) return true;
  await noteMappings(engine);
  if (entryObject(engine.mappings.model)?.name === hubObject) await projectResponses(engine, signal);
  if (segmentObject(engine.mappings.model)?.name === hubObject) await keepSegments(engine, signal);
  if (!(await busyOf(engine.hub, [hubObject])).has(hubObject)) return true;
  const streams = await entityStreams(engine, engine.hub, hubObject);
  const judging: Judging = { hubObject, passes: new Map() };
  for (;;) {
    signal.throwIfAborted();
    const batch = await inTransaction(engine.hub, async (tx) =>
      (await isCurrent(engine, tx)) ? reconcileBatch(engine, tx, judging, streams, total) : null,
    );
    if (batch === null) return false;
    const { claimed, appeared } = batch;
    // Responses that were filed meanwhile did not see who appeared, nor were they seen.
    if (appeared.length > 0) await inTransaction(engine.hub, (tx) => attachWaiting(engine, tx, appeared));
    if (claimed > 0 || (await inTransaction(engine.hub, (tx) => wake(tx, hubObject, streams))) > 0) continue;
    await liftBrakes(engine.hub, streams);
    return true;
  }
}

/** Lets go on what waited for something that has come meanwhile; how many. */
const wake = async (tx: Tx, hubObject: string, streams: ReadonlyMap<string, EntityStream>): Promise<number> =>
  (await wakeWaiting(tx, hubObject, [...streams.keys()])) + (await wakeByEvidence(tx, hubObject, streams));

/** Of which of these something may be there that a reconcile works on: one look, which spares a hub at rest a dozen for each of its objects. */
async function busyOf(db: Db, hubObjects: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`
    select o.name from unnest(${hubObjects}::text[]) as o (name)
    where exists (select 1 from record where object = o.name and dirty)
      or exists (select 1 from stream s join observation b on b.connection_id = s.connection_id and b.object = s.object and b.dirty where s.hub_object = o.name)
      or exists (select 1 from alias where not followed)
      or exists (select 1 from link where waits_for <> '{}')
      or exists (select 1 from hold where kind = 'brake' and closed_at is null)`.execute(db);
  return new Set(rows.map(({ name }) => name));
}

type Claimed = Stranger & { readonly gone: boolean };

async function reconcileBatch(
  engine: Engine,
  tx: Tx,
  judging: Judging,
  listed: ReadonlyMap<string, EntityStream>,
  total: Reconciled,
): Promise<{ readonly claimed: number; readonly appeared: readonly string[] }> {
  const { hubObject } = judging;
  const object = must(engine.mappings.model.get(hubObject), `hub object ${hubObject}`);
  const merges = await followMerges(engine, tx, hubObject, listed);
  // What was merged over there is followed to the end first: it explains what is gone, and who is new.
  if (merges === MERGES_AT_ONCE) return { claimed: merges, appeared: [] };
  const brakes = await readBrakes(tx, { lock: true });
  const seen = await claimObservations(tx, listed);
  const dirty = await claimRecords(tx, hubObject, BATCH - Math.min(BATCH, seen.length));
  if (seen.length === 0 && dirty.length === 0) return { claimed: merges, appeared: [] };
  const owners = await ownersOf(tx, seen);
  const strangers = seen.filter((one) => !owners.has(ownerKey(one)) && !one.gone);
  const rules = rulesOf(engine, hubObject);
  if (strangers.length > 0) await lockMaking(tx, hubObject);
  // A stream that has been read completely since they were listed wants a place for what is made now.
  const streams = strangers.length > 0 ? new Map([...listed, ...(await entityStreams(engine, tx, hubObject))]) : listed;
  const { identified, records, links } = await claimTrees(tx, new Set([...dirty, ...owners.values()]), async () =>
    strangers.length === 0 ? [] : identifyAll(tx, { strangers, object, streams, rules, brakes }),
  );
  const rollups = await rollUpRecords(tx, object, dirty, records);
  const bulk = await bulkRuns(
    tx,
    seen.flatMap(({ runId }) => runId ?? []),
  );
  const outcomes = await planBatch(engine, tx, { links, records, streams, brakes }, judging);
  const appeared = await commit(engine, tx, { hubObject, streams, seen, dirty, identified, outcomes, rollups, bulk });
  count(total, { seen, identified, outcomes });
  return { claimed: merges + seen.length + dirty.length, appeared };
}

/** Who strangers are; those whom a merge has made that waits to be released wait with it. */
async function identifyAll(
  tx: Tx,
  {
    strangers,
    object,
    streams,
    rules,
    brakes,
  }: Pick<Batch, 'streams'> & { strangers: readonly Stranger[]; object: HubObject; rules: readonly MatchRule[]; brakes: OpenBrakes },
): Promise<readonly Identified[]> {
  const apart = await survivorsApart(tx, brakes, strangers);
  const others = strangers.filter((stranger) => !apart.has(stranger));
  const aside = [...apart].map((stranger): Identified => ({ kind: 'aside', stranger }));
  return others.length === 0 ? aside : [...aside, ...(await identify(tx, others, object, streams, rules))];
}

/** Plans a batch, and counts what brakes go by. What a person has been shown before is nothing to ask about. */
async function planBatch(engine: Engine, tx: Tx, planning: Planning, judging: Judging): Promise<readonly Outcome[]> {
  if (engine.foreseen === true) return planRecords(tx, planning);
  const first = await planUnderBrakes(tx, planning, judging);
  const isFrozen = await freezeFlips(tx, judging.hubObject, first.outcomes);
  const { outcomes, counts } = isFrozen ? await planUnderBrakes(tx, { ...planning, brakes: await readBrakes(tx) }, judging) : first;
  await tally(tx, counts);
  return outcomes;
}

const ownerKey = (one: { connectionId: string; object: string; remoteId: string }): string =>
  `${streamKey(one.connectionId, one.object)}|${one.remoteId}`;

async function claimObservations(tx: Tx, streams: ReadonlyMap<string, EntityStream>): Promise<readonly Claimed[]> {
  const all = [...streams.values()];
  const claimed: Claimed[] = [];
  for (const { connection, stream, traits } of all) {
    if (claimed.length >= BATCH) break;
    const { rows } = await sql<{
      remote_id: string;
      fields: Fields;
      changed_at: Date;
      gone: boolean;
      run_id: string | null;
      changed_by: string | null;
    }>`
      select remote_id, fields, changed_at, gone, run_id, changed_by from observation o
      where connection_id = ${connection.id} and object = ${stream.object} and dirty
        and not exists (select 1 from alias a where ${isUnfollowedMerge}) and ${isSettled(traits)}
      order by remote_id limit ${BATCH - claimed.length} for update skip locked`.execute(tx);
    for (const row of rows)
      claimed.push({
        connectionId: connection.id,
        object: stream.object,
        remoteId: row.remote_id,
        fields: row.fields,
        changedAt: row.changed_at.toISOString(),
        gone: row.gone,
        runId: row.run_id,
        changedBy: row.changed_by,
      });
  }
  return claimed;
}

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** What a job is making is no stranger: its place is known once the job tells. Each link is found by its id, however many the job has. */
function isSettled({ write }: EntityStream['traits']): RawBuilder<boolean> {
  const key = write?.bulk?.key;
  if (key === undefined) return sql<boolean>`true`;
  return sql<boolean>`not exists (
    select 1 from link l where l.bulk_job_id is not null and l.sent is not null and l.remote_id is null and l.connection_id = o.connection_id
      and l.id = case when o.fields ->> ${key} ~* ${UUID} then (o.fields ->> ${key})::uuid end)`;
}

async function claimRecords(tx: Tx, hubObject: string, limit: number): Promise<readonly string[]> {
  if (limit <= 0) return [];
  const { rows } = await sql<{
    id: string;
  }>`select id from record where object = ${hubObject} and dirty order by id limit ${limit} for update skip locked`.execute(tx);
  return rows.map((row) => row.id);
}

/** The records of observations that are linked already, by `ownerKey`: what is back of a record that was merged away is the joined one's. */
async function ownersOf(tx: Tx, seen: readonly Claimed[]): Promise<ReadonlyMap<string, string>> {
  const owners = await readOwners(tx, seen);
  const there = new Set(seen.flatMap((one) => (one.gone ? [] : [ownerKey(one)])));
  const strays = owners.flatMap((one) =>
    one.state === 'gone' && one.livingId !== null && there.has(one.key) ? [{ ...one, livingId: one.livingId }] : [],
  );
  await takePlaces(tx, strays);
  return new Map((strays.length === 0 ? owners : await readOwners(tx, seen)).map(({ key, recordId }) => [key, recordId]));
}

type Owner = {
  readonly id: string;
  readonly key: string;
  readonly recordId: string;
  readonly livingId: string | null;
  readonly state: LinkState;
};

async function readOwners(tx: Db, seen: readonly Claimed[]): Promise<readonly Owner[]> {
  if (seen.length === 0) return [];
  type Row = Omit<Owner, 'key'> & { connectionId: string; object: string; remoteId: string };
  const { rows } = await sql<Row>`
    select l.id, l.connection_id as "connectionId", l.object, l.remote_id as "remoteId", l.record_id as "recordId", l.state, r.merged_into as "livingId"
    from link l join record r on r.id = l.record_id
    join unnest(${seen.map((s) => s.connectionId)}::uuid[], ${seen.map((s) => s.object)}::text[], ${seen.map((s) => s.remoteId)}::text[]) as s (connection_id, object, remote_id)
      on l.connection_id = s.connection_id and l.object = s.object and l.remote_id = s.remote_id`.execute(tx);
  return rows.map((row) => ({ ...row, key: ownerKey(row) }));
}

function count(
  total: Reconciled,
  batch: { seen: readonly Claimed[]; identified: readonly Identified[]; outcomes: readonly Outcome[] },
): void {
  total.created += batch.identified.filter((one) => one.kind === 'new').length;
  total.matched += batch.identified.filter((one) => one.kind === 'known').length;
  total.excluded += batch.identified.filter((one) => one.kind === 'excluded').length;
  total.held += batch.identified.filter((one) => one.kind === 'ambiguous').length;
  total.gone += batch.seen.filter((one) => one.gone).length;
  total.applied += batch.outcomes.filter((one) => !one.record.fresh && one.planned.plan.moved).length;
  total.noOp += batch.outcomes.filter((one) => !one.record.fresh && !one.planned.plan.moved).length;
}
