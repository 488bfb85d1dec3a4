import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Engine } from '../engine.ts';
import { lockMaking } from '../identity/identities.ts';
import { laneNumber } from '../limits/lanes.ts';
import { entityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import type { Work } from '../work.ts';

const PLACE_AT_ONCE = 5000;

/** Gives every record a place on a stream that has just been read completely, so that what is missing there gets made. */
export async function place(engine: Engine, work: Pick<Work, 'connection' | 'stream'>): Promise<void> {
  const wanted = entityStream(engine, work.connection, work.stream)?.canCreate === true;
  for (let placed = false; !placed; ) {
    placed = await inTransaction(engine.hub, async (tx) => {
      await lockMaking(tx, work.stream.hubObject);
      const missing = wanted ? await giveSomePlaces(tx, work) : 0;
      if (missing > 0) return false;
      await tx.updateTable('stream').set({ placed: true }).where('id', '=', work.stream.id).execute();
      return true;
    });
  }
}

/** How many records had no place. */
async function giveSomePlaces(tx: Tx, work: Pick<Work, 'connection' | 'stream'>): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select r.id from record r where r.object = ${work.stream.hubObject} and r.merged_into is null
      and not exists (select 1 from link l where l.record_id = r.id and l.connection_id = ${work.connection.id} and l.object = ${work.stream.object})
    limit ${PLACE_AT_ONCE}`.execute(tx);
  if (rows.length === 0) return 0;
  await givePlaces(
    tx,
    work,
    rows.map(({ id }) => id),
  );
  return rows.length;
}

/** Places for records that come by the thousand: they are made once there is nothing more urgent. */
export async function givePlaces(
  tx: Tx,
  { connection, stream }: Pick<Work, 'connection' | 'stream'>,
  recordIds: readonly string[],
): Promise<void> {
  await sql`
    insert into link (id, connection_id, object, record_id, due, lane, evidence)
    select p.id, ${connection.id}::uuid, ${stream.object}, p.record_id, true, ${laneNumber('backfill')}, '{"made":"remote"}'
    from unnest(${recordIds.map(() => newId())}::uuid[], ${recordIds}::uuid[]) as p (id, record_id)
    on conflict (record_id, connection_id, object) do nothing`.execute(tx);
}
