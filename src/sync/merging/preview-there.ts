import { sql } from 'kysely';
import type { Fields, FieldValue } from '../../contract/records.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { labelOf } from '../../hub/views/titles.ts';
import { decodeFields } from '../../merge/recognise.ts';
import { sameValue } from '../../merge/same.ts';
import type { Engine } from '../engine.ts';
import { type EntityStream, entityStreams, streamKey } from '../streams.ts';

/** A field that two records over there hold differently, with what the merged record gives it. */
export type MergedField = { readonly field: string; readonly into: FieldValue; readonly from: FieldValue; readonly after: FieldValue };

/** What records over there show, in the hub's words: as seen last, or as written since. */
export async function shownThere(db: Db, linkIds: readonly string[], stream: EntityStream): Promise<ReadonlyMap<string, Fields>> {
  const { rows } = await sql<{ id: string; fields: Fields; expected: Fields | null }>`
    select l.id, o.fields, l.expected from link l join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.id = any(${linkIds}::uuid[]) and not o.gone`.execute(db);
  return new Map(rows.map((row) => [row.id, decodeFields({ ...row.fields, ...row.expected }, stream.lines)]));
}

export function differingFields(into: Fields, from: Fields, after: Fields): readonly MergedField[] {
  return [...new Set([...Object.keys(into), ...Object.keys(from)])]
    .map((field) => ({ field, into: into[field] ?? null, from: from[field] ?? null, after: after[field] ?? null }))
    .filter((row) => !sameValue(row.into, row.from));
}

type Shown = { readonly id: string; readonly link_id: string | null; readonly detail: Readonly<Record<string, unknown>> };

/**
 * Whether what a proposal to merge over there has shown is still so; else it shows what is so now, nobody has released it any more, and the answer
 * is a sentence. Only what would be lost counts: a value of the record that goes, which the merged one does not get.
 */
export async function outOfDate(engine: Engine, tx: Tx, hold: Shown): Promise<string | null> {
  const { rows } = await sql<{ into: string; from: string; connectionId: string; object: string; recordObject: string; after: Fields }>`
    select i.id as into, f.id as from, i.connection_id as "connectionId", i.object, r.object as "recordObject", r.fields as after
    from link i join record r on r.id = i.record_id join link f on f.id = ${hold.link_id}
    where i.id = (${JSON.stringify(hold.detail)}::jsonb -> 'into' ->> 'linkId')::uuid`.execute(tx);
  const [pair] = rows;
  const stream =
    pair === undefined ? undefined : (await entityStreams(engine, tx, pair.recordObject)).get(streamKey(pair.connectionId, pair.object));
  if (pair === undefined || stream === undefined) return null;
  const shown = await shownThere(tx, [pair.into, pair.from], stream);
  const fields = differingFields(shown.get(pair.into) ?? {}, shown.get(pair.from) ?? {}, pair.after);
  const before = Array.isArray(hold.detail.fields) ? (hold.detail.fields as readonly MergedField[]) : [];
  const news = fields.filter((now) => isLost(now) && !before.some((row) => isSameLoss(row, now)));
  if (news.length === 0) return null;
  await sql`update hold set detail = (detail - 'releasedBy' - 'sentAt') || ${JSON.stringify({ fields })}::jsonb where id = ${hold.id}`.execute(
    tx,
  );
  const labels = news.map(({ field }) => labelOf(engine.mappings.model, pair.recordObject, field)).join(' and ');
  return `${labels} changed since this was shown. Look at it as it is now, and decide again.`;
}

const isLost = ({ from, after }: MergedField): boolean => !sameValue(from, null) && !sameValue(from, after);
const isSameLoss = (a: MergedField, b: MergedField): boolean =>
  a.field === b.field && sameValue(a.from, b.from) && sameValue(a.after, b.after);
