import { sql } from 'kysely';
import type { Segments } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';

/** One segment: how many are in it, and how many of them each system has on its list. */
export type SegmentView = { readonly segment: string; readonly members: number; readonly written: Readonly<Record<string, number>> };

/** The segments that are declared, with their counts as of the last look. */
export async function listSegments(db: Db, { conditions }: Segments): Promise<readonly SegmentView[]> {
  const { rows } = await sql<{ segment: string; members: number }>`
    select m.segment, count(*)::int as members from segment_member m join record r on r.id = m.record_id and r.archived_at is null group by 1`.execute(
    db,
  );
  const { rows: written } = await sql<{ segment: string; name: string; n: number }>`
    select m.segment, c.name, count(*)::int as n from segment_member m join link l on l.record_id = m.record_id and l.remote_id is not null and l.state <> 'gone'
    join connection c on c.id = l.connection_id group by 1, 2 order by 2`.execute(db);
  return [...conditions.keys()].map((segment) => ({
    segment,
    members: rows.find((row) => row.segment === segment)?.members ?? 0,
    written: Object.fromEntries(written.filter((row) => row.segment === segment).map(({ name, n }) => [name, n])),
  }));
}
