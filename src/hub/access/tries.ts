import { sql } from 'kysely';
import type { Db } from '../database.ts';

/** Counts one try of somebody; false when there were more than `most` of them within `windowS` seconds. */
export async function countTry(
  db: Db,
  who: string,
  { most, windowS }: { readonly most: number; readonly windowS: number },
): Promise<boolean> {
  await db.deleteFrom('tries').where('since', '<', sql<Date>`now() - interval '1 day'`).execute();
  const { rows } = await sql<{ n: number }>`
    insert into tries (who, n) values (${who}, 1)
    on conflict (who) do update set
      n = case when tries.since > now() - ${windowS} * interval '1 s' then tries.n + 1 else 1 end,
      since = case when tries.since > now() - ${windowS} * interval '1 s' then tries.since else now() end
    returning n`.execute(db);
  return (rows[0]?.n ?? 0) <= most;
}
