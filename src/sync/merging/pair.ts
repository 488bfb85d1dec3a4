import { sql } from 'kysely';
import { validate } from 'uuid';
import type { Fields } from '../../contract/records.ts';
import type { Db, Tx } from '../../hub/database.ts';
import type { Stamps } from '../../hub/stored.ts';
import { lockMaking } from '../identity/identities.ts';

/** One of two records that are to become one. */
export type PairRecord = { readonly id: string; readonly fields: Fields; readonly stamps: Stamps };
export type Pair = { readonly object: string; readonly winner: PairRecord; readonly loser: PairRecord };
/** Why two records do not become one. `later`: what stands in the way will be over by itself. */
export type PairRefused = { readonly refused: string; readonly later: boolean };

const refuse = (refused: string): PairRefused => ({ refused, later: false });

type Row = PairRecord & { readonly object: string; readonly archived: unknown };

/** Two records as they go by now, each followed to the one that it was merged into; or why they cannot be merged. */
export async function readPair(db: Db, winnerId: string, loserId: string, { lock = false } = {}): Promise<Pair | PairRefused> {
  if (![winnerId, loserId].every((id) => validate(id))) return refuse('There is no such record.');
  const { rows: finals } = await sql<{ asked: string; id: string }>`
    select id as asked, coalesce(merged_into, id) as id from record where id in (${winnerId}, ${loserId})`.execute(db);
  const finalOf = new Map(finals.map((row) => [row.asked, row.id]));
  const ids = [finalOf.get(winnerId.toLowerCase()), finalOf.get(loserId.toLowerCase())] as const;
  if (ids.includes(undefined)) return refuse('There is no such record.');
  if (ids[0] === ids[1]) return refuse('Both are one record already.');
  const { rows } = await sql<Row>`
    select id, object, fields, stamps, archived from record where id = any(${ids}::uuid[]) order by id ${lock ? sql`for update` : sql``}`.execute(
    db,
  );
  const [winner, loser] = ids.map((id) => rows.find((row) => row.id === id));
  if (winner === undefined || loser === undefined) return refuse('There is no such record.');
  if (winner.object !== loser.object) return refuse(`A ${winner.object} and a ${loser.object} cannot become one record.`);
  if (winner.archived !== null || loser.archived !== null)
    return refuse(`The record ${winner.archived === null ? loser.id : winner.id} is archived. Restore it first.`);
  return { object: winner.object, winner, loser };
}

/** The same, locked until the transaction ends: nobody makes, finds, merges, or parts records of their kind meanwhile. */
export async function lockPair(tx: Tx, winnerId: string, loserId: string): Promise<Pair | PairRefused> {
  const found = await readPair(tx, winnerId, loserId);
  if ('refused' in found) return found;
  await lockMaking(tx, found.object);
  return readPair(tx, winnerId, loserId, { lock: true });
}

/** One text for two records, whichever is named first. */
export const pairKey = (a: string, b: string): string => [a, b].sort().join('|');

/** The pairs that were merged and parted again, or that a person has said are two: they are not proposed again. */
export async function settledPairs(db: Db, pairs: readonly (readonly [string, string])[]): Promise<ReadonlySet<string>> {
  if (pairs.length === 0) return new Set();
  const keys = pairs.map(([a, b]) => pairKey(a, b));
  const { rows } = await sql<{ key: string }>`
    select least(m.winner_id, m.loser_id) || '|' || greatest(m.winner_id, m.loser_id) as key
    from unnest(${pairs.map(([a]) => a)}::uuid[], ${pairs.map(([, b]) => b)}::uuid[]) as p (a, b)
      join merging m on m.undone_at is not null and m.winner_id in (p.a, p.b) and m.loser_id in (p.a, p.b)
    union
    select remote_id from hold
    where kind = 'merge' and connection_id is null and remote_id = any(${keys}::text[]) and closed_at is not null and decision ? 'dismiss'`.execute(
    db,
  );
  return new Set(rows.map((row) => row.key));
}
