import { sql } from 'kysely';
import { validate } from 'uuid';
import { nameForSentence } from '../../hub/access/actors.ts';
import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Archived, ChangeCause } from '../../hub/stored.ts';
import type { Engine } from '../engine.ts';
import { inTransaction } from '../transaction.ts';

type Refused = { readonly refused: string };

/** Where a record that is taken out of use by hand goes from: the hub alone, the systems as their mappings say, or all of them. */
export const REMOVE_FROM = ['hub', 'policy', 'everywhere'] as const;
export type RemoveFrom = (typeof REMOVE_FROM)[number];

/** Takes a record out of use. Nothing is forgotten: it keeps its values, links, and journal, and can be brought back. */
export function archiveRecord(
  engine: Engine,
  recordId: string,
  { from, actor }: { readonly from: RemoveFrom; readonly actor: string },
): Promise<'archived' | 'not_found' | Refused> {
  return inTransaction(engine.hub, async (tx) => {
    const record = await lockRecord(tx, recordId);
    if (record === null) return 'not_found';
    if (record.archived) return { refused: 'The record is archived already.' };
    const how: Archived = { by: 'hub', removes: from !== 'hub', actor, reason: `${await nameForSentence(tx, actor)} archived it` };
    await sql`
      update record set archived_at = now(), archived = ${JSON.stringify(how)}::jsonb, dirty = true, updated_at = now() where id = ${recordId}`.execute(
      tx,
    );
    if (from === 'everywhere') {
      await sql`
        update link set removal = 'approved' where record_id = ${recordId} and remote_id is not null and state not in ('gone', 'excluded')`.execute(
        tx,
      );
    }
    await journal(tx, { recordId, cause: 'removed', actor, detail: how });
    return 'archived';
  });
}

/**
 * Brings a record back into use, and makes it again wherever it was removed, with what was tied to it there. Refused when there is nothing to
 * bring back.
 */
export function restoreRecord(engine: Engine, recordId: string, actor: string): Promise<'restored' | 'not_found' | Refused> {
  return inTransaction(engine.hub, async (tx) => {
    const record = await lockRecord(tx, recordId);
    if (record === null) return 'not_found';
    const { rows: links } = await sql<{ id: string }>`select id from link where record_id = ${recordId}`.execute(tx);
    const remade = await remakeGone(
      tx,
      links.map(({ id }) => id),
    );
    if (!record.archived && remade === 0) return { refused: 'The record is in use, and nothing of it was removed.' };
    await rejoinKept(tx, [recordId]);
    await sql`update record set archived_at = null, archived = null, dirty = true, updated_at = now() where id = ${recordId}`.execute(tx);
    await journal(tx, { recordId, cause: 'restored', actor, detail: { remade } });
    return 'restored';
  });
}

/** Lets records be made again that are gone over there; how many. */
export async function remakeGone(tx: Tx, linkIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update link l set remote_id = null, base = '{}', sent = null, sent_at = null, expected = null, state = 'in_sync', reason = 'it is made again', cause = null,
      due = true, not_before = '-infinity', attempts = 0, gone_by = null, removal = null, evidence = jsonb_build_object('made', 'remote', 'formerly', l.remote_id)
    where l.id = any(${linkIds}::uuid[]) and l.state = 'gone' and l.remote_id is not null and not exists (
      select 1 from observation o where o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id and not o.gone)
    returning l.id`.execute(tx);
  return rows.length;
}

/** Lets links take part again that somebody had kept out of a removal. */
export async function rejoinKept(tx: Tx, recordIds: readonly string[]): Promise<void> {
  await sql`
    update link set state = 'in_sync', reason = null, cause = null, removal = null
    where record_id = any(${recordIds}::uuid[]) and state = 'excluded' and cause in ('kept', 'record_archived')`.execute(tx);
  await sql`update link set removal = null where record_id = any(${recordIds}::uuid[]) and removal is not null`.execute(tx);
}

async function lockRecord(tx: Tx, recordId: string): Promise<{ archived: boolean } | null> {
  if (!validate(recordId)) return null;
  const { rows } = await sql<{ archived: boolean }>`
    select archived_at is not null as archived from record where id = ${recordId} and merged_into is null for update`.execute(tx);
  return rows[0] ?? null;
}

async function journal(
  tx: Tx,
  line: { readonly recordId: string; readonly cause: ChangeCause; readonly actor: string; readonly detail: unknown },
): Promise<void> {
  await tx
    .insertInto('change')
    .values({
      id: newId(),
      record_id: line.recordId,
      cause: line.cause,
      actor: line.actor,
      fields: '{}',
      detail: JSON.stringify(line.detail),
    })
    .execute();
}
