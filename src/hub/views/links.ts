import { groupBy } from '../../kernel/lists.ts';
import type { Db } from '../database.ts';
import { isoOrNull } from './slice.ts';
import { type Systems, systemOf } from './systems.ts';

const COLUMNS = ['id', 'record_id', 'connection_id', 'object', 'remote_id', 'state', 'reason', 'due', 'sent_at'] as const;
type LinkRow = Awaited<ReturnType<typeof readLinks>>[number];
export type LinkView = ReturnType<typeof viewOf>;

/** The links of these records, by record. */
export async function linksOf(db: Db, recordIds: readonly string[], systems: Systems): Promise<Map<string, LinkView[]>> {
  if (recordIds.length === 0) return new Map();
  const byRecord = groupBy(await readLinks(db, recordIds), (row) => row.record_id);
  return new Map([...byRecord].map(([id, rows]) => [id, rows.map((row) => viewOf(row, systems))]));
}

const readLinks = (db: Db, recordIds: readonly string[]) =>
  db.selectFrom('link').select(COLUMNS).where('record_id', 'in', recordIds).orderBy('connection_id').orderBy('id').execute();

function viewOf(row: LinkRow, systems: Systems) {
  return {
    id: row.id,
    connection: systemOf(systems, row.connection_id),
    object: row.object,
    remoteId: row.remote_id,
    state: row.state,
    reason: row.reason,
    due: row.due,
    sentAt: isoOrNull(row.sent_at),
  };
}
