import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Archived, ChangeCause, ChangedField, Stamp, Stamps } from '../../hub/stored.ts';
import type { HubObject } from '../../mapping/mapping.ts';
import { sameValue } from '../../merge/same.ts';
import type { Engine } from '../engine.ts';
import { givePlaces } from '../reconciling/place.ts';
import { rejoinKept, remakeGone } from '../steward/presence-by-hand.ts';
import { entityStreams } from '../streams.ts';

/** What a record that the hub derives is to hold; `fields` is null when there is to be none, and `why` says why. `key`: what it is derived from. */
export type Wanted = {
  readonly key: string;
  readonly recordId: string | null;
  readonly fields: Fields | null;
  readonly why: string;
  readonly isBulk: boolean;
};

type Keeping = { readonly object: HubObject; readonly wanted: readonly Wanted[] };
type Held = { readonly id: string; readonly fields: Fields; readonly stamps: Stamps; readonly archived: Archived | null };
type Line = {
  readonly recordId: string;
  readonly cause: ChangeCause;
  readonly fields: Record<string, ChangedField>;
  readonly detail: unknown;
};

/** Makes, changes, takes out of use, and brings back derived records, in sets, in the caller's transaction; the ids of those that are new, by key. */
export async function keepRecords(engine: Engine, tx: Tx, { object, wanted }: Keeping): Promise<ReadonlyMap<string, string>> {
  const held = await lockRecords(
    tx,
    wanted.flatMap(({ recordId }) => recordId ?? []),
  );
  const { rows: clock } = await sql<{ now: Date }>`select now() as now`.execute(tx);
  const stamp: Stamp = [(clock[0]?.now ?? new Date(0)).toISOString(), 'hub'];
  const lines: Line[] = [];
  const made = await makeNew(engine, tx, { object, stamp, lines }, wanted);
  const known = wanted.flatMap((one) => {
    const record = held.get(one.recordId ?? '');
    return record === undefined ? [] : [{ ...one, record }];
  });
  await change(tx, { stamp, lines }, known);
  await putAside(
    tx,
    lines,
    known.filter(({ fields, record }) => fields === null && record.archived === null),
  );
  await bringBack(
    tx,
    lines,
    known.filter(({ fields, record }) => fields !== null && isPutAside(record.archived)),
  );
  await writeJournal(tx, lines);
  return made;
}

async function lockRecords(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Held>> {
  const { rows } = await sql<Held>`
    select id, fields, stamps, archived from record where id = any(${ids}::uuid[]) and merged_into is null order by id for update`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

type Making = { readonly object: HubObject; readonly stamp: Stamp; readonly lines: Line[] };

async function makeNew(
  engine: Engine,
  tx: Tx,
  { object, stamp, lines }: Making,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, string>> {
  const fresh = wanted.flatMap(({ fields, recordId, ...one }) =>
    recordId === null && fields !== null ? [{ ...one, fields, id: newId() }] : [],
  );
  const made = new Map(fresh.map(({ key, id }) => [key, id]));
  if (fresh.length === 0) return made;
  await sql`
    insert into record (id, object, fields, stamps, dirty)
    select r.id, ${object.name}, r.fields::jsonb, r.stamps::jsonb, true
    from unnest(${fresh.map(({ id }) => id)}::uuid[], ${fresh.map(({ fields }) => JSON.stringify(fields))}::text[], ${fresh.map(({ fields }) => JSON.stringify(stampsOf(fields, stamp)))}::text[]) as r (id, fields, stamps)`.execute(
    tx,
  );
  for (const { id, fields } of fresh) lines.push({ recordId: id, cause: 'rollup', fields: changesOf({}, fields), detail: null });
  // What a first load brings by the thousand lets edits go first.
  const bulk = fresh.flatMap(({ id, isBulk }) => (isBulk ? [id] : []));
  if (bulk.length === 0) return made;
  for (const stream of (await entityStreams(engine, tx, object.name)).values())
    if (stream.canCreate && stream.stream.backfilled) await givePlaces(tx, stream, bulk);
  return made;
}

type Known = Wanted & { readonly record: Held };

async function change(tx: Tx, { stamp, lines }: Pick<Making, 'stamp' | 'lines'>, known: readonly Known[]): Promise<void> {
  const changed = known.flatMap(({ record, fields }) => {
    const changes = fields === null ? {} : changesOf(record.fields, fields);
    return fields === null || Object.keys(changes).length === 0 ? [] : [{ record, fields, changes }];
  });
  if (changed.length === 0) return;
  const stamps = changed.map(({ record, changes }) => JSON.stringify({ ...record.stamps, ...stampsOf(changes, stamp) }));
  await sql`
    update record r set fields = c.fields::jsonb, stamps = c.stamps::jsonb, dirty = true, updated_at = now()
    from unnest(${changed.map(({ record }) => record.id)}::uuid[], ${changed.map(({ fields }) => JSON.stringify(fields))}::text[], ${stamps}::text[]) as c (id, fields, stamps) where r.id = c.id`.execute(
    tx,
  );
  for (const { record, changes } of changed) lines.push({ recordId: record.id, cause: 'rollup', fields: changes, detail: null });
}

/** The systems remove theirs, each by its policy and under the brakes. */
async function putAside(tx: Tx, lines: Line[], known: readonly Known[]): Promise<void> {
  if (known.length === 0) return;
  const hows = known.map(({ why }): Archived => ({ by: 'hub', removes: true, reason: why }));
  await sql`
    update record r set archived_at = now(), archived = a.how::jsonb, dirty = true, updated_at = now()
    from unnest(${known.map(({ record }) => record.id)}::uuid[], ${hows.map((how) => JSON.stringify(how))}::text[]) as a (id, how) where r.id = a.id`.execute(
    tx,
  );
  for (const [i, { record }] of known.entries()) lines.push({ recordId: record.id, cause: 'removed', fields: {}, detail: hows[i] });
}

// What a person or a system has taken out of use stays so.
const isPutAside = (archived: Archived | null): boolean => archived !== null && archived.by === 'hub' && archived.actor === undefined;

/** Made again where the hub had removed it; what people have deleted over there stays deleted. */
async function bringBack(tx: Tx, lines: Line[], known: readonly Known[]): Promise<void> {
  if (known.length === 0) return;
  const ids = known.map(({ record }) => record.id);
  const { rows } = await sql<{ id: string }>`select id from link where record_id = any(${ids}::uuid[]) and gone_by = 'hub'`.execute(tx);
  await remakeGone(
    tx,
    rows.map(({ id }) => id),
  );
  await rejoinKept(tx, ids);
  await sql`update record set archived_at = null, archived = null, dirty = true, updated_at = now() where id = any(${ids}::uuid[])`.execute(
    tx,
  );
  for (const recordId of ids) lines.push({ recordId, cause: 'restored', fields: {}, detail: null });
}

function changesOf(before: Fields, after: Fields): Record<string, ChangedField> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const moved = names.filter((name) => !sameValue(before[name] ?? null, after[name] ?? null));
  return Object.fromEntries(moved.map((name) => [name, { old: before[name] ?? null, new: after[name] ?? null }]));
}

const stampsOf = (fields: object, stamp: Stamp): Stamps => Object.fromEntries(Object.keys(fields).map((name) => [name, stamp]));

async function writeJournal(tx: Tx, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    insert into change (id, record_id, cause, fields, detail)
    select c.id, c.record_id, c.cause, c.fields::jsonb, c.detail::jsonb
    from unnest(${lines.map(() => newId())}::uuid[], ${lines.map(({ recordId }) => recordId)}::uuid[], ${lines.map(({ cause }) => cause)}::text[],
      ${lines.map(({ fields }) => JSON.stringify(fields))}::text[], ${lines.map(({ detail }) => (detail === null ? null : JSON.stringify(detail)))}::text[]) as c (id, record_id, cause, fields, detail)`.execute(
    tx,
  );
}
