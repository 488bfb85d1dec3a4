import { sql } from 'kysely';
import type { Observation } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { storeAliases } from '../../hub/records/aliases.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import type { Engine } from '../engine.ts';
import { readByIds } from '../reading/survivors.ts';
import type { Work } from '../work.ts';
import type { Attempt } from './attempt.ts';

/** What the vendor tells of records that a write found gone: deleted, or merged into another one. */
export async function readGone(engine: Engine, work: Work, attempts: readonly Attempt[]): Promise<readonly Observation[]> {
  const last = new Map(attempts.map(({ link }) => [link.remoteId ?? '', link.changedAt]));
  last.delete('');
  if (last.size === 0) return [];
  const seen = await readByIds(engine, work, [...last.keys()]);
  // It is news, whatever the clock of its removal says: the write has just been told so.
  return seen.map((one) => ({ ...one, changedAt: laterOf(one.changedAt, last.get(one.id) ?? one.changedAt) }));
}

const laterOf = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);

/** Stores what was read of them; the merge that follows decides by policy what the removal means, as for one that a look has found. */
export async function settleGone(tx: Tx, work: Work, attempts: readonly Attempt[], seen: readonly Observation[]): Promise<void> {
  if (attempts.length === 0) return;
  const key = { connectionId: work.connection.id, object: work.stream.object };
  await storeAliases(tx, key, seen);
  await storeObservations(tx, key, seen, { runId: work.runId });
  await sql`update link set sent = null, sent_at = null, due = false where id = any(${attempts.map(({ link }) => link.id)}::uuid[])`.execute(
    tx,
  );
  await sql`update record set dirty = true where id = any(${attempts.map(({ record }) => record.id)}::uuid[])`.execute(tx);
}
