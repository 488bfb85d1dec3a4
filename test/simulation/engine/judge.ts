import { judgeEdits } from './judge-edits.ts';
import { judgePlaces } from './judge-places.ts';
import type { HubHold, HubLink, HubRecord, Left } from './left.ts';
import type { World } from './world.ts';

/** Holds what is left in the hub and in the systems against every promise. */
export async function judge(world: World): Promise<void> {
  const { query, chronicle } = world;
  const left: Left = {
    records: await query<HubRecord>(
      'select id, fields, merged_into is not null or archived_at is not null as gone from record order by id',
    ),
    links: await query<HubLink>('select id, connection_id, remote_id, record_id, state, reason, due, sent from link order by id'),
    holds: await query<HubHold>(
      'select kind, connection_id, remote_id, record_id, link_id, field, detail from hold where closed_at is null order by id',
    ),
    changes: await query('select record_id, conflict, fields from change order by id'),
  };
  if (left.changes.some(({ conflict }) => conflict)) chronicle.reached.add('a conflict was decided by rule');
  if (left.records.some(({ gone }) => gone)) chronicle.reached.add('a record was archived');
  for (const { kind } of left.holds) chronicle.reached.add(`a hold was open: ${kind}`);
  judgePlaces(world, left);
  judgeEdits(world, left);
  await judgeAccounts(world);
}

/** Nothing may be left half done. */
async function judgeAccounts({ query, chronicle }: World): Promise<void> {
  const [row] = await query<{ dirty: number; unmerged: number; sent: number; due: number }>(`
    select (select count(*) from observation where dirty)::int as dirty, (select count(*) from record where dirty)::int as unmerged,
      (select count(*) from link where sent is not null)::int as sent, (select count(*) from link where due)::int as due`);
  for (const [what, n] of Object.entries(row ?? {})) if (Number(n) > 0) chronicle.broken.push(`accounts: ${n} ${what} are left`);
}
