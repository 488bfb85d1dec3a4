import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { closeHolds } from '../../hub/records/holds.ts';
import { pairKey } from './pair.ts';

type PairHold = { readonly id: string; readonly key: string };

/** The open questions whether some record and another one are the same. */
async function openPairHolds(tx: Tx, recordIds: readonly string[]): Promise<readonly PairHold[]> {
  const { rows } = await sql<PairHold>`
    select id, remote_id as key from hold
    where kind = 'merge' and connection_id is null and closed_at is null and string_to_array(remote_id, '|') && ${recordIds}::text[]
    order by id for update`.execute(tx);
  return rows;
}

/** Questions about the loser are about the winner from now on; those that this answers, or that were asked already, are closed. */
export async function handOnPairHolds(
  tx: Tx,
  { winnerId, loserId }: { readonly winnerId: string; readonly loserId: string },
): Promise<void> {
  const open = await openPairHolds(tx, [winnerId, loserId]);
  const asked = new Set(open.filter(({ key }) => !key.includes(loserId)).map(({ key }) => key));
  for (const { id, key } of open.filter((hold) => hold.key.includes(loserId))) {
    const other = key.split('|').find((one) => one !== loserId) ?? winnerId;
    const next = pairKey(winnerId, other);
    if (other === winnerId || asked.has(next)) await closeHolds(tx, [id], 'syncline', { superseded: true });
    else
      await sql`
        update hold set remote_id = ${next}, record_id = ${winnerId}, detail = detail || ${JSON.stringify({ records: next.split('|') })}::jsonb
        where id = ${id}`.execute(tx);
    asked.add(next);
  }
}

/** The questions about records that have just been parted are asked anew, of those whom they concern. */
export async function dropPairHolds(tx: Tx, recordIds: readonly string[]): Promise<void> {
  const open = await openPairHolds(tx, recordIds);
  await closeHolds(
    tx,
    open.map((hold) => hold.id),
    'syncline',
    { superseded: true },
  );
}
