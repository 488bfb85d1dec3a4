import type { Db } from '../../hub/database.ts';
import { groupBy } from '../../kernel/lists.ts';
import { type OpenBrakes, withMerged } from '../brakes/open.ts';
import type { Outcome } from '../reconciling/batch.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { readRefs } from '../reconciling/refs.ts';
import type { RecordRow } from '../reconciling/rows.ts';
import { planTree, readHolds, readLinks, readRecords } from '../reconciling/trees.ts';
import type { EntityStream } from '../streams.ts';

/** Records with all of their links, and what they are planned under. */
export type Planning = {
  readonly links: readonly LinkRow[];
  readonly records: ReadonlyMap<string, RecordRow>;
  readonly streams: ReadonlyMap<string, EntityStream>;
  readonly brakes: OpenBrakes;
};

/** Plans records as they stand, and changes nothing. */
export async function planRecords(db: Db, { links, records, streams, brakes: open }: Planning): Promise<readonly Outcome[]> {
  const holds = await readHolds(
    db,
    links.map((link) => link.id),
  );
  const refs = await readRefs(db, streams, { links, records });
  const brakes = await withMerged(db, open, links);
  const byRecord = groupBy(links, (link) => link.recordId);
  return [...records.values()].map((record) => {
    const own = byRecord.get(record.id) ?? [];
    return { record, links: own, holds, planned: planTree(record, own, { holds, refs, brakes }, streams) };
  });
}

/** The same for records that are still to be read. */
export async function planStored(
  db: Db,
  recordIds: readonly string[],
  around: Pick<Planning, 'streams' | 'brakes'>,
): Promise<readonly Outcome[]> {
  const records = await readRecords(db, recordIds);
  return planRecords(db, { ...around, records, links: await readLinks(db, recordIds) });
}
