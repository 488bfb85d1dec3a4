import { type RawBuilder, sql } from 'kysely';
import { isOfPlanUnderWay } from '../../hub/plans/progress.ts';
import type { Engine } from '../engine.ts';
import { type Lane, laneNumber } from '../limits/lanes.ts';
import type { Work } from '../work.ts';

/** How many links are looked at together before they are written batch by batch. */
export const CLAIM = 1000;

export type Claimed = { readonly id: string; readonly recordId: string; readonly remoteId: string | null };

/** What of all that is due is sent: records that others hang on are removed after those, and made before them. */
export type Part = 'removals' | 'others' | 'all';

/** A way through what is due: in which lane it is sent, and links of which lane; null for those of all. */
export type Way = { readonly lane: Lane; readonly claims: Lane | null };

/** The ways through a part of what is due, the first one first. So few that they are sent in no time share their batches. */
export function waysThrough(part: Part, { isFew }: { readonly isFew: boolean }): readonly Way[] {
  if (part === 'removals') return [{ lane: 'removal', claims: null }];
  if (isFew) return [{ lane: 'live', claims: null }];
  return [
    { lane: 'live', claims: 'live' },
    { lane: 'backfill', claims: 'backfill' },
  ];
}

/**
 * Whether every record over there that could be the same as one of ours has been seen, so that nothing is made twice: those of the stream, and of
 * the connection's others for the same object of the hub, such as leads where contacts are made.
 */
const hasSeenAll = ({ connection, stream }: Work): RawBuilder<boolean> => sql<boolean>`(${stream.backfilled} and not exists (
  select 1 from stream where connection_id = ${connection.id} and hub_object = ${stream.hubObject} and id <> ${stream.id}
    and enabled and mode <> 'shadow' and direction not in ('off', 'out') and backfilled_at is null))`;

/** `creates`: only what is still to be made. */
type Claiming = { readonly after: string; readonly part: Part; readonly lane: Lane | null; readonly creates?: true };

/** Links whose write is due, by id, from the one after `after`; of every lane when it is null. What a plan has shown is left to it as long as it is under way. */
export async function claim(engine: Engine, work: Work, { after, part, lane, creates = undefined }: Claiming): Promise<readonly Claimed[]> {
  const bulk = laneNumber('backfill');
  const { rows } = await sql<Claimed>`
    select id, record_id as "recordId", remote_id as "remoteId" from link l
    where connection_id = ${work.connection.id} and object = ${work.stream.object} and due and not_before <= now() and sent is null
      and (${after} = '' or id > nullif(${after}, '')::uuid) and (${part} = 'all' or (removal is not null) = (${part} = 'removals'))
      and (${lane === null} or (lane >= ${bulk}) = ${lane === 'backfill'})
      and (remote_id is not null or ${hasSeenAll(work)}) and (${creates !== true} or remote_id is null)
      and ${work.applying === undefined ? sql`not ${isOfPlanUnderWay}` : sql`true`}
    order by id limit ${CLAIM}`.execute(engine.hub);
  return rows;
}

/** How many records are due to be made that a first load has brought, up to a number beyond which it makes no difference. */
export async function countBulk(engine: Engine, work: Work, upTo: number): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from (
      select 1 from link l where connection_id = ${work.connection.id} and object = ${work.stream.object} and due and not_before <= now() and sent is null
        and remote_id is null and removal is null and ${hasSeenAll(work)} and lane >= ${laneNumber('backfill')} and not ${isOfPlanUnderWay} limit ${upTo}) as creates`.execute(
    engine.hub,
  );
  return Number(rows[0]?.n);
}
