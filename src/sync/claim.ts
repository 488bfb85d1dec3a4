import { sql } from 'kysely';
import type { Engine } from './engine.ts';
import { type Lane, laneNumber } from './limits/lanes.ts';
import type { Work } from './work.ts';

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

type Claiming = { readonly after: string; readonly part: Part; readonly lane: Lane | null };

/** Links whose write is due, by id, from the one after `after`; of every lane when it is null. */
export async function claim(engine: Engine, work: Work, { after, part, lane }: Claiming): Promise<readonly Claimed[]> {
  const bulk = laneNumber('backfill');
  const { rows } = await sql<Claimed>`
    select id, record_id as "recordId", remote_id as "remoteId" from link
    where connection_id = ${work.connection.id} and object = ${work.stream.object} and due and not_before <= now() and sent is null
      and (${after} = '' or id > nullif(${after}, '')::uuid) and (${part} = 'all' or (removal is not null) = (${part} = 'removals'))
      and (${lane === null} or (lane >= ${bulk}) = ${lane === 'backfill'})
      and (remote_id is not null or ${work.stream.backfilled})
    order by id limit ${CLAIM}`.execute(engine.hub);
  return rows;
}
