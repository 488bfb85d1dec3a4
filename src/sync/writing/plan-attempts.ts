import { sql } from 'kysely';
import type { WriteTraits } from '../../contract/manifest.ts';
import type { Create, Delete, Update, Write } from '../../contract/records.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import { readVersions } from '../../hub/records/observations.ts';
import { groupBy } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import type { Passes } from '../brakes/brakes.ts';
import type { Moved } from '../brakes/count-mass.ts';
import { judgeSends, notYetJudged } from '../brakes/judge-sends.ts';
import { readBrakes } from '../brakes/open.ts';
import type { Engine } from '../engine.ts';
import { suspectedTwins } from '../identity/suspected-twins.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { readRefs } from '../reconciling/refs.ts';
import { type PlannedLink, planTree, readHolds, readLinks, readRecords } from '../reconciling/trees.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import type { Work } from '../work.ts';
import type { Attempt } from './attempt.ts';
import { carriedBy } from './carried-by.ts';
import type { Claimed } from './claim.ts';
import { lockPlanned, type Planned } from './planned.ts';

/** By what the writes of a stream are planned and sent. `passes`: what brakes have let through meanwhile. */
export type Sending = { readonly traits: WriteTraits; readonly stream: EntityStream; readonly passes: Passes };

/** What each claimed link lacks now, as writes; links that lack nothing any more are let go. */
export async function planAttempts(engine: Engine, work: Work, ready: Sending, claimed: readonly Claimed[]): Promise<readonly Attempt[]> {
  const recordIds = [...new Set(claimed.map((one) => one.recordId))];
  const wanted = new Set(claimed.map((one) => one.id));
  const versions = await versionsOf(engine, work, ready, claimed);
  const records = await readRecords(engine.hub, recordIds);
  const all = await readLinks(engine.hub, recordIds);
  const links = all.filter((link) => wanted.has(link.id));
  // The others say whether this system has the record as another object.
  const byRecord = groupBy(all, (link) => link.recordId);
  const streams = new Map([[streamKey(work.connection.id, work.stream.object), ready.stream]]);
  const holds = await readHolds(
    engine.hub,
    links.map((link) => link.id),
  );
  const refs = await readRefs(engine.hub, streams, { links, records });
  const suspects = await suspectedTwins(engine, work, links);
  const brakes = await readBrakes(engine.hub);
  const [attempts, moved]: [Attempt[], Moved[]] = [[], []];
  const idle: Planned[] = [];
  const unsaid: string[] = [];
  for (const link of links) {
    const record = must(records.get(link.recordId), 'the record of a link');
    const { plan, links: planned } = planTree(record, byRecord.get(record.id) ?? [], { holds, refs, brakes }, streams);
    const own = planned.get(link.id);
    // A place that was only just given has never been planned: why nothing can be made there is still to be said, as is a new question.
    if (own !== undefined && !isSaid(link, own)) unsaid.push(link.recordId);
    // What was seen meanwhile is merged first, and says by itself what is due then.
    if (plan.moved) unsaid.push(link.recordId);
    else if (own === undefined || !own.due || (link.remoteId === null && suspects.has(link.recordId))) idle.push({ link, record });
    else {
      const why = own.standing.kind === 'remove' ? { why: own.standing.reason } : {};
      const carried = carriedBy(link, own, ready.stream);
      attempts.push({ link, record, ...carried, write: writeOf(link, { ...own, ...carried }, versions), ...why });
      moved.push({ link, plan: own });
    }
  }
  // What a person has been shown in a plan, and wants done, is nothing to ask about.
  const counted = engine.foreseen === true || work.applying !== undefined ? [] : await notYetJudged(engine.hub, moved);
  if (await judgeSends(engine, work, { stream: ready.stream, passes: ready.passes, moved: counted }))
    return planAttempts(engine, work, ready, claimed);
  await letGo(engine, work, { idle, unsaid });
  if (work.applying !== undefined) return work.applying.allow(attempts);
  const massOf = new Map(counted.map(({ link, plan }) => [link.id, plan.mass]));
  return attempts.map((attempt) => ({ ...attempt, mass: massOf.get(attempt.link.id) ?? [] }));
}

/** Whether the link says already what a person is asked, or which values it cannot be made with. */
function isSaid(link: LinkRow, own: PlannedLink): boolean {
  if (link.remoteId !== null) return own.standing.kind !== 'asked' || link.state === 'held';
  return own.due && (own.holds.length + own.waits.length === 0 || link.state === 'held' || link.state === 'waiting');
}

/** Read before the links are, so that a version is never newer than the view that is merged. */
async function versionsOf(engine: Engine, work: Work, ready: Sending, claimed: readonly Claimed[]): Promise<Versions> {
  const ids = ready.traits.guard === 'version' ? claimed.flatMap((one) => one.remoteId ?? []) : [];
  return ids.length === 0 ? new Map() : readVersions(engine.hub, { connectionId: work.connection.id, object: work.stream.object }, ids);
}

type Versions = ReadonlyMap<string, string | null>;

function writeOf(link: LinkRow, { push, standing }: PlannedLink, versions: Versions): Write {
  if (link.remoteId === null) {
    const filled = Object.fromEntries(Object.entries(push).filter(([, value]) => value !== null));
    return { verb: 'create', key: link.id, fields: filled } satisfies Create;
  }
  if (standing.kind === 'remove') return { verb: 'delete', id: link.remoteId, seen: link.seen ?? {} } satisfies Delete;
  return {
    verb: 'update',
    id: link.remoteId,
    ifVersion: versions.get(link.remoteId) ?? null,
    fields: push,
    seen: { ...link.seen, ...link.expected },
  } satisfies Update;
}

/** Links that need no write now; the records of `unsaid` are planned once more, so that what they lack or wait for is not forgotten. */
async function letGo(engine: Engine, work: Work, { idle, unsaid }: { idle: readonly Planned[]; unsaid: readonly string[] }): Promise<void> {
  if (idle.length + unsaid.length === 0) return;
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    const { outdated } = await lockPlanned(tx, idle);
    await sql`update link set due = false where id = any(${idle.flatMap(({ link }) => (outdated.has(link.id) ? [] : [link.id]))}::uuid[])`.execute(
      tx,
    );
    if (unsaid.length > 0) await sql`update record set dirty = true where id = any(${unsaid}::uuid[])`.execute(tx);
  });
}
