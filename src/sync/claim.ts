import { sql } from 'kysely';
import type { Engine } from './engine.ts';
import type { Work } from './work.ts';

/** How many links are looked at together before they are written batch by batch. */
const CLAIM = 1000;

/** What of all that is due is sent: records that others hang on are removed after those, and made before them. */
export type Part = 'removals' | 'others' | 'all';
/** A link that has something to be written. */
export type Claimed = { readonly id: string; readonly recordId: string; readonly remoteId: string | null };

/** The next links of a stream that are due now, behind the id `after`. */
export async function claim(engine: Engine, work: Work, { after, part }: { after: string; part: Part }): Promise<readonly Claimed[]> {
  const { rows } = await sql<Claimed>`
    select id, record_id as "recordId", remote_id as "remoteId" from link
    where connection_id = ${work.connection.id} and object = ${work.stream.object} and due and not_before <= now() and sent is null
      and (${after} = '' or id > nullif(${after}, '')::uuid) and (${part} = 'all' or (removal is not null) = (${part} = 'removals'))
      and (remote_id is not null or ${work.stream.backfilled})
    order by id limit ${CLAIM}`.execute(engine.hub);
  return rows;
}
