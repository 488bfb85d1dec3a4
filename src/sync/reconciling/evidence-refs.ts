import { sql } from 'kysely';
import { BY_EVIDENCE, evidenceInToken } from '../../contract/evidence.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { emailDigest } from '../identity/identities.ts';
import type { EntityStream } from '../streams.ts';

/** Evidence of a person, as a reference of a connection has it. `hubObject`: what persons are in the hub. */
export type Evidence = { readonly connectionId: string; readonly token: string; readonly hubObject: string };

const evidenceKey = ({ connectionId, token }: Pick<Evidence, 'connectionId' | 'token'>): string =>
  `${connectionId}|${BY_EVIDENCE}|${token}`;

/** Whom evidence leads to, by `evidenceKey`: who gave the response comes first, then who alone has the address. */
export async function personsByEvidence(db: Db, wanted: readonly Evidence[]): Promise<ReadonlyMap<string, string>> {
  if (wanted.length === 0) return new Map();
  const rows = wanted.map((one) => {
    const { response, email } = evidenceInToken(one.token);
    return { ...one, response, digest: email === null ? null : emailDigest(one.hubObject, email) };
  });
  const { rows: found } = await sql<{ n: number; recordId: string }>`
    select w.n::int as n, coalesce(r.id, (select min(k.id::text)::uuid from identity i join record k on k.id = i.record_id
        where i.digest = w.digest and k.object = w.hub_object and k.merged_into is null having count(*) = 1)) as "recordId"
    from unnest(${rows.map((w) => w.connectionId)}::uuid[], ${rows.map((w) => w.response)}::text[], ${rows.map((w) => w.digest)}::uuid[],
      ${rows.map((w) => w.hubObject)}::text[]) with ordinality as w (connection_id, response, digest, hub_object, n)
    left join response s on s.connection_id = w.connection_id and s.remote_id = w.response and s.attachment = 'attached'
    left join record o on o.id = s.record_id left join record r on r.id = coalesce(o.merged_into, o.id) and r.object = w.hub_object`.execute(
    db,
  );
  return new Map(
    found.flatMap(({ n, recordId }) => {
      const one = rows[n - 1];
      return one === undefined || recordId === null ? [] : [[evidenceKey(one), recordId] as const];
    }),
  );
}

/** Marks records whose link waits for a person whom its evidence leads to by now; how many. */
export async function wakeByEvidence(tx: Tx, hubObject: string, streams: ReadonlyMap<string, EntityStream>): Promise<number> {
  const persons = new Map([...streams].flatMap(([key, stream]) => personsOf(stream).map((object) => [key, object] as const)));
  if (persons.size === 0) return 0;
  const { rows } = await sql<{ recordId: string; connectionId: string; key: string; token: string }>`
    select r.id as "recordId", l.connection_id as "connectionId", l.connection_id || '|' || l.object as key,
      substring(w.key from '^[^:]*:[^:]*:[^:]*:(.*)$') as token
    from link l cross join lateral unnest(l.waits_for) as w (key) join record r on r.id = l.record_id and r.object = ${hubObject} and not r.dirty
    where l.waits_for <> '{}' and split_part(w.key, ':', 3) = ${BY_EVIDENCE} and l.connection_id || '|' || l.object = any(${[...persons.keys()]}::text[])`.execute(
    tx,
  );
  const found = await personsByEvidence(
    tx,
    rows.map((row) => ({ ...row, hubObject: persons.get(row.key) ?? '' })),
  );
  const woken = [...new Set(rows.flatMap((row) => (found.has(evidenceKey(row)) ? [row.recordId] : [])))];
  if (woken.length > 0) await sql`update record set dirty = true where id = any(${woken}::uuid[])`.execute(tx);
  return woken.length;
}

/** What the persons are in the hub whom evidence of a stream leads to. */
const personsOf = ({ lines, traits }: EntityStream): readonly string[] =>
  lines.flatMap(({ ref, remote }) => (ref !== null && traits.refs?.[remote] === BY_EVIDENCE ? [ref] : []));
