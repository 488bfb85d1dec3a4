import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { openHolds } from '../../hub/records/holds.ts';
import { must } from '../../kernel/must.ts';
import type { HubObject, MatchRule } from '../../mapping/mapping.ts';
import { confirms } from '../../mapping/match.ts';
import type { Engine } from '../engine.ts';
import { ruleDigest } from '../identity/identities.ts';
import { mergeRecords } from './merge-records.ts';
import { pairKey, readPair, settledPairs } from './pair.ts';

/** A digest that a record has come to answer to. */
export type Answering = { readonly digest: string; readonly recordId: string };
type Twin = { readonly id: string; readonly fields: Fields };
type Twins = { readonly older: Twin; readonly younger: Twin };

/**
 * Records that have come to agree with another one by a match rule become one, where the rule says so and something confirms it; else a person
 * decides, once for each pair. Pairs that were parted again, or of which a person has said that they are two, are left alone. One query where
 * nothing agrees, and none without news.
 */
export async function meetTwins(engine: Engine, tx: Tx, hubObject: string, added: readonly Answering[]): Promise<void> {
  if (added.length === 0) return;
  const twins = await findTwins(tx, hubObject, added);
  if (twins.length === 0) return;
  const object = must(engine.mappings.model.get(hubObject), `hub object ${hubObject}`);
  const settled = await settledPairs(
    tx,
    twins.map(({ older, younger }) => [older.id, younger.id] as const),
  );
  for (const pair of twins) {
    const rule = agreedRule(engine, object, pair);
    if (rule === null || settled.has(pairKey(pair.older.id, pair.younger.id))) continue;
    await meet(engine, tx, object, { ...pair, rule });
  }
}

/** Two records for each digest that both answer to; the older one is whose id stays. */
async function findTwins(tx: Tx, hubObject: string, added: readonly Answering[]): Promise<readonly Twins[]> {
  type Row = { id: string; fields: Fields; other_id: string; other_fields: Fields; is_older: boolean };
  // In a load the table grows faster than Postgres learns of it, which would then begin with all records of the object: `offset 0` keeps it from that.
  const { rows } = await sql<Row>`
    select distinct on (least(r.id, o.id), greatest(r.id, o.id)) r.id, r.fields, o.id as other_id, o.fields as other_fields, (r.created_at, r.id) < (o.created_at, o.id) as is_older
    from unnest(${added.map((one) => one.digest)}::uuid[], ${added.map((one) => one.recordId)}::uuid[]) as a (digest, record_id)
      join identity i on i.digest = a.digest and i.record_id <> a.record_id
      cross join lateral (select * from record where id = a.record_id offset 0) as r
      cross join lateral (select * from record where id = i.record_id offset 0) as o
    where r.object = ${hubObject} and o.object = ${hubObject} and r.merged_into is null and o.merged_into is null and r.archived_at is null and o.archived_at is null
    order by least(r.id, o.id), greatest(r.id, o.id)`.execute(tx);
  return rows.map((row) => {
    const [one, other] = [
      { id: row.id, fields: row.fields },
      { id: row.other_id, fields: row.other_fields },
    ] as const;
    return row.is_older ? { older: one, younger: other } : { older: other, younger: one };
  });
}

type Agreed = { readonly rule: MatchRule; readonly merges: boolean };

/** The first rule by which two records agree, and whether it makes them one. Rules of several mappings are one when they are about the same fields. */
function agreedRule(engine: Engine, object: HubObject, { older, younger }: Twins): Agreed | null {
  const agreeing = [...engine.mappings.byStream.values()]
    .flatMap((mapping) => (mapping.kind === 'entity' && mapping.hub === object.name ? mapping.match : []))
    .filter((rule) => {
      const digest = ruleDigest(rule, object, older.fields);
      return digest !== null && digest === ruleDigest(rule, object, younger.fields);
    });
  const [first] = agreeing;
  if (first === undefined) return null;
  const merging = agreeing.find((rule) => rule.merges && confirms(rule, object, { a: older.fields, b: younger.fields }));
  return merging === undefined ? { rule: first, merges: false } : { rule: merging, merges: true };
}

async function meet(engine: Engine, tx: Tx, object: HubObject, { older, younger, rule }: Twins & { rule: Agreed }): Promise<void> {
  // One of them may have become part of another one just now; when that is the other, nothing is left to ask.
  const pair = await readPair(tx, older.id, younger.id);
  if ('refused' in pair) return;
  const keys = rule.rule.on.map((name) => object.fields.get(name)?.label ?? name).join(' and ');
  if (rule.merges) {
    const wish = { winnerId: pair.winner.id, loserId: pair.loser.id, cause: 'rule' as const, actor: `same ${keys}` };
    const merged = await mergeRecords(engine, tx, wish);
    if (!('refused' in merged)) {
      engine.log.info(
        { mergingId: merged.mergingId, winnerId: merged.winnerId, loserId: merged.loserId },
        'two records agree and became one',
      );
      return;
    }
  }
  const alike = confirms(rule.rule, object, { a: older.fields, b: younger.fields });
  const ids = [pair.winner.id, pair.loser.id] as const;
  await openHolds(tx, [
    {
      kind: 'merge',
      connectionId: null,
      object: object.name,
      remoteId: pairKey(...ids),
      recordId: ids[0],
      linkId: null,
      field: null,
      reason: alike ? `two records have come to have the same ${keys}` : `two records have the same ${keys}, but nothing else agrees`,
      detail: { records: ids, on: rule.rule.on },
    },
  ]);
}
