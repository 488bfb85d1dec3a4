import { type RawBuilder, sql } from 'kysely';
import type { FieldSchema } from '../../contract/connector.ts';
import { type Stream, storeSchema } from '../../hub/connections/connections.ts';
import { endDrifts, standingDrifts, storeDrifts } from '../../hub/connections/drifts.ts';
import type { Tx } from '../../hub/database.ts';
import { type Drift, driftBetween, endsBy, meansTheSame, sayDrift, stands } from '../../mapping/drift.ts';
import type { Misfit } from '../../mapping/fit.ts';
import type { EntityMapping, Line } from '../../mapping/mapping.ts';

/** A view of the live schema, with what in the mapping does not fit it. */
type Looked = { readonly schema: readonly FieldSchema[]; readonly misfits: readonly Misfit[]; readonly mapping: EntityMapping };

/**
 * Keeps the live schema and what has changed in it since the last look. A mapped field that has become something else stands still, alone, until it is
 * what it was, or the mapping is another one; the stream with what it is now.
 */
export async function noteSchema(tx: Tx, stream: Stream, { schema, misfits, mapping }: Looked): Promise<Stream> {
  const mapped = mapping.lines.filter(({ direction }) => direction !== 'off');
  const drifts = stream.schema === null ? [] : driftBetween(stream.schema, schema, new Set(mapped.map(({ remote }) => remote)));
  const standing = await standingDrifts(tx, stream.id);
  const over = standing.filter((one) => drifts.some((next) => endsBy(one, next)));
  const fresh = drifts.map((drift) => sinceItsBegin(drift, over));
  await endDrifts(
    tx,
    over.map(({ id }) => id),
  );
  await storeDrifts(tx, stream.id, fresh, goesOn);
  const still = [...standing.filter((one) => !over.includes(one)), ...fresh.filter(goesOn)];
  const retyped = still.filter((one) => one.kind === 'retyped' && mapped.some(({ remote }) => remote === one.field));
  const now = { ...stream, schema, quarantined: retyped.map(({ field }) => field), sinceSchemaMs: 0 };
  const reasons = retyped.flatMap((one) => mapped.filter(({ remote }) => remote === one.field).map((line) => inWords(one, line)));
  await storeSchema(tx, stream.id, { schema, misfits: [...misfits, ...reasons], quarantined: now.quarantined });
  await backInSight(
    tx,
    stream,
    mapped.filter(({ remote }) => !isInSight(stream, remote) && isInSight(now, remote)),
  );
  const moved = new Set(drifts.map(({ field }) => field));
  await planHeldAgain(
    tx,
    stream,
    mapped.filter(({ remote }) => moved.has(remote)),
  );
  return now;
}

const isInSight = ({ schema, quarantined }: Stream, field: string): boolean =>
  schema === null || (schema.some(({ name }) => name === field) && !quarantined.includes(field));

/** A type that has changed more than once is held against the first one. */
function sinceItsBegin(drift: Drift, over: readonly Drift[]): Drift {
  const first = drift.kind === 'retyped' ? over.find(({ kind, field }) => kind === 'retyped' && field === drift.field) : undefined;
  return first?.detail.was === undefined ? drift : { ...drift, detail: { ...drift.detail, was: first.detail.was } };
}

const goesOn = (drift: Drift): boolean =>
  stands(drift) && !(drift.kind === 'retyped' && meansTheSame(drift.detail.was ?? '', drift.detail.is ?? ''));

const inWords = (drift: Drift, line: Line): Misfit => ({
  hub: line.hub,
  remote: line.remote,
  reason: sayDrift(drift),
  advice: 'It stands still until it is what it was, or until the mapping of this object is changed',
});

/**
 * Fields that were out of sight may have been made anew, and hold nothing: what both sides had agreed on counts only where it is shown again, and what
 * was seen is forgotten, so that a blank is filled again and never taken for an edit, and an edit of the other side meanwhile stands.
 */
async function backInSight(tx: Tx, { connectionId, object }: Stream, lines: readonly Line[]): Promise<void> {
  for (const { hub, remote } of lines) {
    await sql`
      update link set base = case when base ? ${hub}::text then base || jsonb_build_object(${hub}::text, ${lapsed(sql`base -> ${hub}::text`)}) else base end, expected = expected - ${remote}::text
      where connection_id = ${connectionId} and object = ${object} and (base ? ${hub}::text or expected ? ${remote}::text)`.execute(tx);
    // No view has this digest, so whatever is seen next is news.
    await sql`
      update observation set fields = fields - ${remote}::text, hash = '00000000-0000-0000-0000-000000000000'
      where connection_id = ${connectionId} and object = ${object} and fields ? ${remote}::text`.execute(tx);
  }
}

const lapsed = (base: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`case jsonb_typeof(${base}) when 'object' then ${base} else jsonb_build_object('hub', ${base}, 'remote', ${base}) end || '{"lapsed":true}'`;

/** What was held for a field that has changed since may fit now. */
async function planHeldAgain(tx: Tx, { connectionId, object }: Stream, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    update record r set dirty = true from hold h
    where h.connection_id = ${connectionId} and h.object = ${object} and h.closed_at is null and h.kind = 'refused_field' and h.field = any(${lines.map(({ hub }) => hub)}::text[])
      and r.id = h.record_id and not r.dirty`.execute(tx);
}
