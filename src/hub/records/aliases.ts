import { sql } from 'kysely';
import type { Observation } from '../../contract/records.ts';
import type { Db } from '../database.ts';
import type { StreamKey } from './accounting.ts';

type Alias = { readonly aliasId: string; readonly remoteId: string; readonly intoObject: string | null };

/** A merge over there (`alias a`) that the hub has yet to follow: until then, what is gone by it (`observation o`) is not removed. */
export const isUnfollowedMerge = sql`a.connection_id = o.connection_id and a.object = o.object and a.alias_id = o.remote_id and not a.followed`;

/** Keeps for ever which ids lead to another record since a merge or a conversion. Each leads straight to the last of its chain. */
export async function storeAliases(tx: Db, key: StreamKey, seen: readonly Observation[]): Promise<void> {
  await forgetRestored(tx, key, seen);
  const aliases = seen.flatMap((one) => aliasesOf(one, key.object));
  if (aliases.length === 0) return;
  const latest = [...new Map(aliases.map((one) => [one.aliasId, one])).values()];
  await sql`
    insert into alias (connection_id, object, alias_id, remote_id, into_object)
    select ${key.connectionId}::uuid, ${key.object}, n.alias_id, coalesce(t.remote_id, n.remote_id), coalesce(t.into_object, n.into_object)
    from unnest(${latest.map((a) => a.aliasId)}::text[], ${latest.map((a) => a.remoteId)}::text[], ${latest.map((a) => a.intoObject)}::text[]) as n (alias_id, remote_id, into_object)
    left join alias t on t.connection_id = ${key.connectionId} and t.object = coalesce(n.into_object, ${key.object}) and t.alias_id = n.remote_id and t.remote_id <> n.alias_id
    on conflict (connection_id, object, alias_id) do update
    set remote_id = excluded.remote_id, into_object = excluded.into_object, noted_at = now(), followed = false
    where (alias.remote_id, coalesce(alias.into_object, '')) is distinct from (excluded.remote_id, coalesce(excluded.into_object, ''))`.execute(
    tx,
  );
  await straighten(tx, key.connectionId);
}

/** A merged record that was brought back over there stands for itself again. */
async function forgetRestored(tx: Db, key: StreamKey, seen: readonly Observation[]): Promise<void> {
  const present = seen.filter((one) => one.kind === 'present').map((one) => one.id);
  if (present.length === 0) return;
  await sql`
    delete from alias where connection_id = ${key.connectionId} and object = ${key.object} and alias_id = any(${present}::text[])`.execute(
    tx,
  );
}

function aliasesOf(one: Observation, object: string): readonly Alias[] {
  if (one.kind === 'gone') {
    const into = one.mergedInto;
    if (into === undefined || into.id === one.id) return [];
    return [{ aliasId: one.id, remoteId: into.id, intoObject: into.object === object ? null : into.object }];
  }
  return (one.formerIds ?? []).filter((id) => id !== one.id).map((aliasId) => ({ aliasId, remoteId: one.id, intoObject: null }));
}

/** Lets what led to a merged record lead to where that one leads. A chain is as long as a merge of merges, so a few rounds do. */
async function straighten(tx: Db, connectionId: string): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    const { numAffectedRows } = await sql`
      update alias x set remote_id = a.remote_id, into_object = coalesce(a.into_object, x.into_object), followed = false
      from alias a
      where x.connection_id = ${connectionId} and a.connection_id = x.connection_id and a.object = coalesce(x.into_object, x.object) and a.alias_id = x.remote_id
        and a.remote_id <> x.remote_id and a.remote_id <> x.alias_id`.execute(tx);
    if (Number(numAffectedRows ?? 0) === 0) return;
  }
}
