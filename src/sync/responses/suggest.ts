import { sql } from 'kysely';
import { validate } from 'uuid';
import type { Fields } from '../../contract/records.ts';
import { type Confidence, type Likeness, type UnmatchedReason, whose } from '../../feedback/whose.ts';
import type { Tx } from '../../hub/database.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { editDistance } from '../../mapping/distance.ts';
import { normalise } from '../../mapping/normalise.ts';
import type { ResponseMapping } from '../../mapping/response-mapping.ts';
import { type Engine, responseMapping } from '../engine.ts';
import { inTransaction } from '../transaction.ts';
import type { From } from './attach.ts';
import { cluesOf, keysOf } from './clues.ts';

/** Whose a response may be. It is a proposal to a person, and nothing is attached by it. */
export type Suggestion = {
  readonly recordId: string;
  readonly title: string;
  readonly why: readonly Likeness[];
  readonly confidence: Confidence;
};
export type Suggested = { readonly reason: UnmatchedReason | null; readonly suggestions: readonly Suggestion[] };

const MOST = 10;
const LOOKED_AT = 200;
const TAIL_DIGITS = 7;

type Found = { readonly id: string; readonly fields: Fields; readonly why: Likeness; readonly confidence: Confidence };

/** Why nobody is attached to a response, as it stands now, and who it might be: several who share its key, or somebody whose spelling is close. */
export function suggestOwners(engine: Engine, responseId: string): Promise<Suggested | null> {
  return inTransaction(engine.hub, async (tx) => {
    if (!validate(responseId)) return null;
    const { rows } = await sql<{ keys: Fields } & From>`
      select r.keys, c.connector, c.name from response r join connection c on c.id = r.connection_id where r.id = ${responseId}`.execute(
      tx,
    );
    const [response] = rows;
    const mapping = response === undefined ? undefined : responseMapping(engine, response, 'response');
    if (response === undefined || mapping === undefined) return null;
    const { keys, isFilled } = keysOf(mapping, response.keys, engine.mappings.model.get(mapping.hub));
    const clueOf = await cluesOf(engine, tx, mapping.hub, keys);
    const clues = keys.map(clueOf);
    const verdict = whose(clues, isFilled);
    const shared = clues.flatMap(({ from, recordIds }) =>
      [...recordIds].map((id) => ({ id, why: { likeness: 'shared_key' as const, key: from } })),
    );
    const found = [...(await sharing(tx, shared)), ...(await alike(tx, mapping, response.keys))];
    return { reason: verdict.kind === 'unmatched' ? verdict.reason : null, suggestions: ranked(engine, mapping, found) };
  });
}

const RANK: Readonly<Record<Confidence, number>> = { certain: 3, high: 2, medium: 1, low: 0 };

function ranked(engine: Engine, mapping: ResponseMapping, found: readonly Found[]): readonly Suggestion[] {
  const byRecord = Map.groupBy(found, ({ id }) => id);
  return [...byRecord]
    .map(([recordId, reasons]) => ({
      recordId,
      title: titleOf(engine.mappings.model, mapping.hub, reasons[0]?.fields ?? {}),
      why: [...new Map(reasons.map(({ why }) => [`${why.likeness} ${why.key}`, why])).values()],
      confidence: reasons.map(({ confidence }) => confidence).reduce((best, one) => (RANK[one] > RANK[best] ? one : best)),
    }))
    .sort((a, b) => RANK[b.confidence] - RANK[a.confidence] || b.why.length - a.why.length || (a.recordId < b.recordId ? -1 : 1))
    .slice(0, MOST);
}

async function sharing(tx: Tx, shared: readonly { readonly id: string; readonly why: Likeness }[]): Promise<readonly Found[]> {
  if (shared.length === 0) return [];
  const { rows } = await sql<{ id: string; fields: Fields }>`
    select id, fields from record where id = any(${[...new Set(shared.map(({ id }) => id))]}::uuid[]) and merged_into is null`.execute(tx);
  return shared.flatMap(({ id, why }) => {
    const row = rows.find((one) => one.id === id);
    return row === undefined ? [] : [{ ...row, why, confidence: 'medium' as const }];
  });
}

const only = (likeness: Likeness['likeness']): Likeness => ({ likeness, key: null });

/** People with nearly the same address, the same end of a number, or the same name. */
async function alike(tx: Tx, mapping: ResponseMapping, keys: Fields): Promise<readonly Found[]> {
  const valuesBy = (by: 'email' | 'phone') =>
    mapping.attach.flatMap((one) => (one.by === by ? (normalise(by, keys[one.from] ?? null) ?? []) : []));
  const found: Found[] = [];
  for (const email of new Set(valuesBy('email'))) found.push(...(await nearEmail(tx, mapping.hub, email)));
  for (const phone of new Set(valuesBy('phone'))) found.push(...(await nearPhone(tx, mapping.hub, phone)));
  const names = [keys['contact:first_name'], keys['contact:last_name']].map((name) => (typeof name === 'string' ? name.trim() : ''));
  if (names.every((name) => name !== '')) found.push(...(await sameName(tx, mapping.hub, names)));
  return found;
}

async function nearEmail(tx: Tx, hub: string, email: string): Promise<readonly Found[]> {
  const [local = '', domain = ''] = email.split('@');
  const { rows } = await sql<{ id: string; fields: Fields; email: string }>`
    select id, fields, lower(fields ->> 'email') as email from record
    where object = ${hub} and merged_into is null and archived_at is null and (split_part(lower(fields ->> 'email'), '@', 1) = ${local}
      or (split_part(lower(fields ->> 'email'), '@', 2) = ${domain} and left(lower(fields ->> 'email'), 2) = left(${email}, 2))) limit ${LOOKED_AT}`.execute(
    tx,
  );
  return rows.flatMap(({ id, fields, email: other }) => {
    if (other === email || editDistance(other, email) > 2) return [];
    return [{ id, fields, why: only('near_email'), confidence: 'medium' as const }];
  });
}

async function nearPhone(tx: Tx, hub: string, phone: string): Promise<readonly Found[]> {
  const digits = phone.replace(/\D/g, '');
  if (digits.length < TAIL_DIGITS) return [];
  const { rows } = await sql<{ id: string; fields: Fields }>`
    select r.id, r.fields from record r where r.object = ${hub} and r.merged_into is null and r.archived_at is null
      and exists (select 1 from unnest(array['phone', 'mobile_phone']) as p (name) where right(regexp_replace(r.fields ->> p.name, '\\D', '', 'g'), ${TAIL_DIGITS}::int) = right(${digits}, ${TAIL_DIGITS}::int)) limit ${MOST}`.execute(
    tx,
  );
  return rows.map((row) => ({ ...row, why: only('phone_end'), confidence: 'low' as const }));
}

async function sameName(tx: Tx, hub: string, [first = '', last = '']: readonly string[]): Promise<readonly Found[]> {
  const { rows } = await sql<{ id: string; fields: Fields }>`
    select id, fields from record where object = ${hub} and merged_into is null and archived_at is null
      and lower(fields ->> 'first_name') = lower(${first}) and lower(fields ->> 'last_name') = lower(${last}) limit ${MOST}`.execute(tx);
  return rows.map((row) => ({ ...row, why: only('same_name'), confidence: 'low' as const }));
}
