import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';
import { type BrakeKind, type Brakes, brakeKey, flipKey } from '../../merge/brakes.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { streamKey } from '../streams.ts';

/** All that waits to be released: the operations of streams, and the fields of records that go back and forth. */
export type OpenBrakes = {
  readonly byStream: ReadonlyMap<string, Brakes>;
  readonly byRecord: ReadonlyMap<string, Brakes>;
  /** Links of records that were merged over there, where nothing follows such merges for now. */
  readonly merged: ReadonlySet<string>;
};

type Row = {
  readonly kind: 'brake' | 'flip';
  readonly connection_id: string | null;
  readonly object: string;
  readonly record_id: string | null;
  readonly field: string | null;
  readonly what: BrakeKind;
  readonly told: string;
};

/** Every open brake and frozen field. `lock` keeps them as they are until the transaction ends, so that none is lifted from under it. */
export async function readBrakes(db: Db, { lock = false } = {}): Promise<OpenBrakes> {
  const { rows } = await sql<Row>`
    select kind, connection_id, object, record_id, field, detail ->> 'what' as what, coalesce(detail ->> 'told', reason) as told
    from hold where closed_at is null and kind in ('brake', 'flip') ${lock ? sql`for share` : sql``}`.execute(db);
  const brakes = rows.filter((row) => row.kind === 'brake' && row.connection_id !== null);
  return {
    byStream: grouped(brakes, (row) => [streamKey(row.connection_id ?? '', row.object), brakeKey(row.what, row.field)]),
    byRecord: grouped(
      rows.filter((row) => row.kind === 'flip'),
      (row) => [row.record_id ?? '', flipKey(row.field ?? '')],
    ),
    merged: new Set(),
  };
}

function grouped(rows: readonly Row[], keysOf: (row: Row) => readonly [string, string]): ReadonlyMap<string, Brakes> {
  const groups = new Map<string, Map<string, string>>();
  for (const row of rows) {
    const [group, key] = keysOf(row);
    groups.set(group, (groups.get(group) ?? new Map<string, string>()).set(key, row.told));
  }
  return groups;
}

/** The same with those of these links whose remote record was merged into another one that nothing has followed yet. */
export async function withMerged(db: Db, brakes: OpenBrakes, links: readonly LinkRow[]): Promise<OpenBrakes> {
  const lost = links.filter((link) => link.gone && link.state !== 'gone' && isBraked(brakes, link, 'merges_in'));
  if (lost.length === 0) return brakes;
  const { rows } = await sql<{ id: string }>`
    select l.id from link l join alias a on a.connection_id = l.connection_id and a.object = l.object and a.alias_id = l.remote_id and not a.followed
    where l.id = any(${lost.map(({ id }) => id)}::uuid[])`.execute(db);
  return { ...brakes, merged: new Set(rows.map(({ id }) => id)) };
}

export const isBraked = (brakes: OpenBrakes, of: { readonly connectionId: string; readonly object: string }, kind: BrakeKind): boolean =>
  brakes.byStream.get(streamKey(of.connectionId, of.object))?.has(brakeKey(kind)) === true;

const NONE: Brakes = new Map();

/** What is kept back of one link. */
export function brakesOn(link: LinkRow, { byStream, byRecord, merged }: OpenBrakes): Brakes {
  const own = byStream.get(streamKey(link.connectionId, link.object));
  const frozen = byRecord.get(link.recordId);
  if (own === undefined && frozen === undefined) return NONE;
  const kept = new Map([...(own ?? []), ...(frozen ?? [])]);
  if (!merged.has(link.id)) kept.delete(brakeKey('merges_in'));
  return kept;
}
