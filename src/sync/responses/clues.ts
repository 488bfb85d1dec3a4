import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Clue } from '../../feedback/whose.ts';
import type { Tx } from '../../hub/database.ts';
import { digest } from '../../hub/ids.ts';
import type { HubObject } from '../../mapping/mapping.ts';
import { evidenceIn } from '../../mapping/response.ts';
import type { Evidence, ResponseMapping } from '../../mapping/response-mapping.ts';
import type { Engine } from '../engine.ts';
import { emailDigest, phoneDigest, uniqueDigest } from '../identity/identities.ts';

/** A key of a response as it is looked for. `digest`: what it is waited for under; null where nobody can come to answer to it. */
export type Key = Evidence & { readonly value: string; readonly digest: string | null };

/** What a remote id is waited for under. */
export const idDigest = (hubObject: string, id: string): string => digest(`${hubObject}|id|${id}`);

function digestOfKey(hub: string, { by, field, value }: Evidence & { readonly value: string }): string | null {
  switch (by) {
    case 'link':
      return null;
    case 'id':
      return idDigest(hub, value);
    case 'field':
      return uniqueDigest(hub, field ?? '', value);
    case 'email':
      return emailDigest(hub, value);
    case 'phone':
      return phoneDigest(hub, value);
    default:
      return by satisfies never;
  }
}

/** The keys of a response that can say whose it is, strongest first, and whether anything was written where they are looked for. */
export function keysOf(mapping: ResponseMapping, keys: Fields, object: HubObject | undefined): { keys: readonly Key[]; isFilled: boolean } {
  const found = [...evidenceIn(mapping, keys, object)].map((one) => ({ ...one, digest: digestOfKey(mapping.hub, one) }));
  const isFilled = mapping.attach.some(({ from }) => String(keys[from] ?? '').trim() !== '');
  return { keys: found, isFilled };
}

/** Whom keys lead to: one look for all of them. */
export async function cluesOf(engine: Pick<Engine, 'vault'>, tx: Tx, hubObject: string, keys: readonly Key[]): Promise<(key: Key) => Clue> {
  const byDigest = await recordsByDigest(tx, hubObject, keys);
  const byId = await recordsById(tx, hubObject, keys);
  const signed = new Map(keys.flatMap(({ by, value }) => (by === 'link' ? [[value, engine.vault.personalIds.read(value)] as const] : [])));
  const living = await livingRecords(
    tx,
    hubObject,
    [...signed.values()].filter((id) => id !== null),
  );
  const nobody: ReadonlySet<string> = new Set();
  return ({ by, from, value, digest: waitsFor }) => {
    const named = signed.get(value);
    if (by === 'link') return { by, from, recordIds: living.get(named ?? '') ?? nobody, isForged: named === null };
    const recordIds = (by === 'id' ? byId.get(value) : byDigest.get(waitsFor ?? '')) ?? nobody;
    return { by, from, recordIds, isForged: false };
  };
}

type Found = ReadonlyMap<string, ReadonlySet<string>>;

function gathered(rows: readonly { readonly key: string; readonly record_id: string }[]): Found {
  const found = new Map<string, Set<string>>();
  for (const { key, record_id } of rows) found.set(key, (found.get(key) ?? new Set()).add(record_id));
  return found;
}

async function recordsByDigest(tx: Tx, hubObject: string, keys: readonly Key[]): Promise<Found> {
  const digests = [...new Set(keys.flatMap((key) => (key.by === 'id' || key.digest === null ? [] : [key.digest])))];
  if (digests.length === 0) return new Map();
  const { rows } = await sql<{ key: string; record_id: string }>`
    select i.digest as key, i.record_id from identity i join record r on r.id = i.record_id
    where i.digest = any(${digests}::uuid[]) and r.object = ${hubObject} and r.merged_into is null`.execute(tx);
  return gathered(rows);
}

/** By the id that a contact has in a system, now or before it was merged there. The hub's own ids count only where they are signed. */
async function recordsById(tx: Tx, hubObject: string, keys: readonly Key[]): Promise<Found> {
  const ids = [...new Set(keys.flatMap(({ by, value }) => (by === 'id' ? [value] : [])))];
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ key: string; record_id: string }>`
    select w.id as key, coalesce(r.merged_into, r.id) as record_id from unnest(${ids}::text[]) as w (id) join link l on l.remote_id = w.id join record r on r.id = l.record_id where r.object = ${hubObject} and l.state <> 'gone'
    union select w.id, coalesce(r.merged_into, r.id) from unnest(${ids}::text[]) as w (id) join alias a on a.alias_id = w.id
      join link l on l.connection_id = a.connection_id and l.object = a.object and l.remote_id = a.remote_id join record r on r.id = l.record_id where r.object = ${hubObject}`.execute(
    tx,
  );
  return gathered(rows);
}

async function livingRecords(tx: Tx, hubObject: string, ids: readonly string[]): Promise<Found> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ key: string; record_id: string }>`
    select id as key, coalesce(merged_into, id) as record_id from record where id = any(${ids}::uuid[]) and object = ${hubObject}`.execute(
    tx,
  );
  return gathered(rows);
}
