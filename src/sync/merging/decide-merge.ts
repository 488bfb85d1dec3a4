import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import type { Engine } from '../engine.ts';
import { mergeRecords } from './merge-records.ts';
import { outOfDate } from './preview-there.ts';

/** A hold that proposes to make two records one: of the hub, where it names no link, or of one system. */
export type MergeHold = {
  readonly id: string;
  readonly connection_id: string | null;
  readonly object: string | null;
  readonly link_id: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** What a person's yes to a merge sets going: here at once, over there with the connection's next turn. A sentence when it cannot be. */
export async function releaseMerge(engine: Engine, tx: Tx, hold: MergeHold, actor: string): Promise<string | null> {
  return hold.link_id === null ? mergeHere(engine, tx, hold, actor) : mergeThere(engine, tx, hold, actor);
}

async function mergeHere(engine: Engine, tx: Tx, hold: MergeHold, actor: string): Promise<string | null> {
  const [winnerId = '', loserId = ''] = Array.isArray(hold.detail.records) ? hold.detail.records.map(String) : [];
  const merged = await mergeRecords(engine, tx, { winnerId, loserId, cause: 'steward', actor });
  if ('refused' in merged) return merged.refused;
  await sql`
    update hold set closed_at = now(), closed_by = ${actor}, decision = ${JSON.stringify({ merge: true, mergingId: merged.mergingId })}::jsonb
    where id = ${hold.id}`.execute(tx);
  return null;
}

async function mergeThere(engine: Engine, tx: Tx, hold: MergeHold, actor: string): Promise<string | null> {
  const { rows } = await sql<{
    name: string;
    connector: string;
  }>`select name, connector from connection where id = ${hold.connection_id}`.execute(tx);
  const [connection] = rows;
  if (connection === undefined) return 'The connection is no more.';
  const verbs = engine.connectors.get(connection.connector)?.manifest.objects[hold.object ?? '']?.write?.verbs ?? [];
  if (!verbs.includes('merge'))
    return `${connection.name} does not let others merge its records. Merge the two there by hand: the hub follows when it sees it.`;
  const changed = await outOfDate(engine, tx, hold);
  if (changed !== null) return changed;
  await sql`update hold set detail = (detail - 'failed') || ${JSON.stringify({ releasedBy: actor })}::jsonb where id = ${hold.id}`.execute(
    tx,
  );
  await sql`update link set not_before = '-infinity', attempts = 0 where id = ${hold.link_id}`.execute(tx);
  await sql`update stream set next_at = now() where connection_id = ${hold.connection_id} and object = ${hold.object}`.execute(tx);
  return null;
}
