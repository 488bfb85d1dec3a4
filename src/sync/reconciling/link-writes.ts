import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { LinkState } from '../../hub/stored.ts';
import { canonical } from '../../kernel/json.ts';
import { unreachable } from '../../kernel/must.ts';
import { causeOfLink } from '../failures/link-cause.ts';
import { laneNumber } from '../limits/lanes.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import type { Batch, Outcome } from './batch.ts';
import type { LinkRow } from './link-row.ts';
import type { HoldRow } from './rows.ts';
import type { PlannedLink } from './trees.ts';

/** A link as it is to be stored; `link` tells what it was, `remoteId` what it stands for now. */
type LinkWrite = {
  readonly link: LinkRow;
  readonly remoteId: string | null;
  readonly base: string;
  readonly due: boolean;
  readonly state: LinkState;
  readonly reason: string | null;
  readonly cause: string | null;
  readonly removal: 'wanted' | 'approved' | null;
  readonly goneBy: 'remote' | 'hub' | null;
  readonly evidence: unknown;
  readonly waits: readonly string[];
  readonly braked: readonly string[];
  readonly lane: number;
};

/** Stores what was planned for the links of a batch, and gives its records a place wherever they have none yet. */
export async function writeLinks(tx: Db, batch: Batch): Promise<void> {
  const found = foundLinks(batch);
  const laneOf = lanesOf(batch);
  const planned = batch.outcomes.flatMap((outcome) => outcome.links.flatMap((link) => plannedLink(outcome, link)));
  const writes = planned.flatMap(({ link, plan, open }) => {
    const write = { ...linkWrite(link, plan, open), lane: laneOf(link, plan) };
    const isNew = link.remoteId !== null && found.has(`${streamKey(link.connectionId, link.object)}|${link.remoteId}`);
    return !isNew && isSame(link, write) ? [] : [write];
  });
  await upsertLinks(tx, [...writes, ...placeholders(batch, laneOf)]);
}

/** Whose turn what is due now is: a first load's, unless there was something else among what has moved the record. */
function lanesOf({ seen, bulk, outcomes }: Batch): (link: LinkRow, plan: PlannedLink | null) => number {
  const runs = new Map(seen.map((one) => [`${streamKey(one.connectionId, one.object)}|${one.remoteId}`, one.runId]));
  const moved = new Map<string, boolean>();
  for (const { record, links } of outcomes) {
    const by = links.flatMap((link) => {
      const runId = runs.get(`${streamKey(link.connectionId, link.object)}|${link.remoteId}`);
      return runId === undefined ? [] : [runId !== null && bulk.has(runId)];
    });
    if (by.length > 0) moved.set(record.id, by.every(Boolean));
  }
  return (link, plan) => {
    if (plan?.standing.kind === 'remove') return laneNumber('removal');
    const isBulk = moved.get(link.recordId);
    // What nobody has just seen goes on where it was, as long as it is not there yet.
    if (isBulk === undefined) return link.remoteId === null ? link.lane : laneNumber('live');
    return laneNumber(isBulk ? 'backfill' : 'live');
  };
}

type Planned = { readonly link: LinkRow; readonly plan: PlannedLink; readonly open: readonly HoldRow[] };

function plannedLink({ planned, holds }: Outcome, link: LinkRow): readonly Planned[] {
  const plan = planned.links.get(link.id);
  return plan === undefined ? [] : [{ link, plan, open: holds.get(link.id) ?? [] }];
}

const foundLinks = (batch: Batch): ReadonlySet<string> =>
  new Set(
    batch.identified.flatMap((one) =>
      one.kind === 'new' || one.kind === 'known'
        ? [`${streamKey(one.stranger.connectionId, one.stranger.object)}|${one.stranger.remoteId}`]
        : [],
    ),
  );

/** Why a place is empty: a filter made strangers of the two, and only who is recognised there fills it again. */
export const UNLINKED = 'unlinked';

/** What its standing makes of a link, with the cause of it. */
function linkWrite(link: LinkRow, plan: PlannedLink, open: readonly HoldRow[]): Unlaned {
  const write = standingWrite(link, plan);
  return { ...write, cause: write.cause ?? causeOfLink(write.state, { link, plan }, open) };
}

type Unlaned = Omit<LinkWrite, 'lane'>;

function standingWrite(link: LinkRow, plan: PlannedLink): Unlaned {
  const still = {
    link,
    remoteId: link.remoteId,
    base: JSON.stringify(plan.base),
    due: false,
    cause: null,
    removal: null,
    goneBy: null,
    evidence: link.evidence,
    waits: [],
    braked: plan.braked.map(({ by }) => by),
  };
  const { standing } = plan;
  switch (standing.kind) {
    case 'part':
      return { ...still, ...takingPart(link, plan), due: plan.due, waits: plan.waits, evidence: withoutUndo(link.evidence) };
    case 'apart':
      return { ...still, state: 'excluded', reason: standing.reason, cause: standing.cause };
    case 'gone':
      return {
        ...still,
        state: 'gone',
        // Why it went stays said.
        reason: link.state === 'gone' && link.reason !== null ? link.reason : standing.reason,
        goneBy: link.goneBy ?? (link.removal === null ? 'remote' : 'hub'),
      };
    case 'remove':
      return { ...still, ...beingRemoved(link, plan, standing.reason), due: plan.due, removal: standing.removal };
    case 'asked':
      return { ...still, state: 'held', reason: standing.reason };
    case 'braked':
      return { ...still, state: 'held', reason: standing.reason, removal: link.removal, goneBy: link.goneBy };
    case 'rebirth': {
      const formerly = link.remoteId === null ? {} : { formerly: link.remoteId };
      return {
        ...still,
        remoteId: null,
        base: '{}',
        state: 'in_sync',
        reason: 'it is made again',
        due: true,
        evidence: { made: 'remote', ...formerly },
      };
    }
    case 'unlink':
      // The place stays, set aside: without it the record would be made there again, beside the one that is a stranger now.
      return { ...still, remoteId: null, base: '{}', state: 'excluded', reason: standing.reason, cause: UNLINKED, evidence: null };
    default:
      return unreachable(standing);
  }
}

/** A record that was brought back over there, after its making was undone, takes part again for good. */
function withoutUndo(evidence: unknown): unknown {
  if (evidence === null || typeof evidence !== 'object' || !('undone' in evidence)) return evidence;
  const { undone: _run, ...rest } = evidence;
  return rest;
}

const isFailing = (link: LinkRow, plan: PlannedLink): boolean => plan.givenUp || (link.state === 'failing' && plan.due);

function takingPart(link: LinkRow, plan: PlannedLink): { state: LinkState; reason: string | null } {
  const [hold] = [...plan.holds, ...plan.braked];
  if (hold !== undefined) return { state: 'held', reason: hold.reason };
  if (plan.waits.length > 0) return { state: 'waiting', reason: 'it waits for a record that it refers to' };
  if (plan.elsewhere) return { state: 'waiting', reason: 'its system has it as another object' };
  if (isFailing(link, plan)) return { state: 'failing', reason: link.reason };
  return { state: 'in_sync', reason: null };
}

function beingRemoved(link: LinkRow, plan: PlannedLink, why: string): { state: LinkState; reason: string | null } {
  const [hold] = [...plan.holds, ...plan.braked];
  if (hold !== undefined) return { state: 'held', reason: hold.reason };
  if (link.removal !== null && isFailing(link, plan)) return { state: 'failing', reason: link.reason };
  return { state: 'waiting', reason: `it is to be removed there: ${why}` };
}

const isSame = (link: LinkRow, write: LinkWrite): boolean =>
  write.due === link.due &&
  !(write.due && write.lane < link.lane) &&
  write.state === link.state &&
  write.reason === link.reason &&
  write.cause === link.cause &&
  write.removal === link.removal &&
  write.goneBy === link.goneBy &&
  write.remoteId === link.remoteId &&
  canonical(JSON.parse(write.base)) === canonical(link.base) &&
  canonical(write.waits) === canonical(link.waitsFor) &&
  canonical(write.braked) === canonical(link.braked);

async function upsertLinks(tx: Db, writes: readonly LinkWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await sql`
    insert into link (id, connection_id, object, remote_id, record_id, base, due, state, reason, cause, removal, gone_by, waits_for, braked, evidence, lane)
    select l.id, l.connection_id, l.object, l.remote_id, l.record_id, l.base::jsonb, l.due, l.state, l.reason, l.cause, l.removal, l.gone_by,
      coalesce(string_to_array(nullif(l.waits, ''), E'\\n'), '{}'), coalesce(string_to_array(nullif(l.braked, ''), E'\\n'), '{}'), l.evidence::jsonb, l.lane
    from unnest(${writes.map((w) => w.link.id)}::uuid[], ${writes.map((w) => w.link.connectionId)}::uuid[], ${writes.map((w) => w.link.object)}::text[],
      ${writes.map((w) => w.remoteId)}::text[], ${writes.map((w) => w.link.recordId)}::uuid[], ${writes.map((w) => w.base)}::text[], ${writes.map((w) => w.due)}::boolean[],
      ${writes.map((w) => w.state)}::text[], ${writes.map((w) => w.reason)}::text[], ${writes.map((w) => w.cause)}::text[], ${writes.map((w) => w.removal)}::text[],
      ${writes.map((w) => w.goneBy)}::text[], ${writes.map((w) => w.waits.join('\n'))}::text[], ${writes.map((w) => w.braked.join('\n'))}::text[], ${writes.map((w) => (w.evidence === null ? null : JSON.stringify(w.evidence)))}::text[], ${writes.map((w) => w.lane)}::smallint[])
      as l (id, connection_id, object, remote_id, record_id, base, due, state, reason, cause, removal, gone_by, waits, braked, evidence, lane)
    on conflict (id) do update set
      sent = case when link.remote_id is distinct from excluded.remote_id then null else link.sent end,
      sent_at = case when link.remote_id is distinct from excluded.remote_id then null else link.sent_at end,
      expected = case when link.remote_id is distinct from excluded.remote_id or excluded.state = 'gone' then null else link.expected end,
      not_before = case when excluded.due and not link.due and link.state <> 'failing' then '-infinity' else link.not_before end,
      attempts = case when excluded.due and link.given_up is not null then 0 else link.attempts end,
      given_up = case when excluded.due or excluded.state = 'in_sync' then null else link.given_up end,
      lane = case when excluded.due and link.due then least(link.lane, excluded.lane) when excluded.due then excluded.lane else link.lane end,
      remote_id = excluded.remote_id, base = excluded.base, due = excluded.due, state = excluded.state, reason = excluded.reason, cause = excluded.cause,
      removal = excluded.removal, gone_by = excluded.gone_by, waits_for = excluded.waits_for, braked = excluded.braked, evidence = excluded.evidence`.execute(
    tx,
  );
}

/** A place for each system that does not have the record yet, once that system has been read completely. */
function placeholders(batch: Batch, laneOf: ReturnType<typeof lanesOf>): readonly LinkWrite[] {
  return batch.outcomes.flatMap(({ record, links, planned }) => {
    if (planned.plan.archived !== null || (record.archived !== null && planned.plan.revived === null)) return [];
    const present = new Set(links.map((link) => streamKey(link.connectionId, link.object)));
    return [...batch.streams.values()]
      .filter((stream) => stream.canCreate && stream.stream.backfilled && !present.has(stream.key))
      .map((stream) => {
        const { link, ...write } = place(stream, record.id);
        return { ...write, link, lane: laneOf(link, null) };
      });
  });
}

function place(stream: EntityStream, recordId: string): Unlaned {
  const { connection, stream: own } = stream;
  const evidence = { made: 'remote' };
  const link: LinkRow = {
    id: newId(),
    connectionId: connection.id,
    object: own.object,
    remoteId: null,
    recordId,
    base: {},
    sent: null,
    expected: null,
    state: 'in_sync',
    reason: null,
    due: true,
    waitsFor: [],
    seen: null,
    changedAt: null,
    gone: false,
    runId: null,
    changedBy: null,
    removal: null,
    goneBy: null,
    cause: null,
    givenUp: null,
    braked: [],
    lane: laneNumber('live'),
    evidence,
  };
  const empty = { remoteId: null, base: '{}', due: true, reason: null, cause: null, removal: null, goneBy: null, waits: [], braked: [] };
  return { link, ...empty, state: 'in_sync', evidence };
}
