import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { digest } from '../../hub/ids.ts';
import { must } from '../../kernel/must.ts';
import type { HubObject, MatchRule } from '../../mapping/mapping.ts';
import { matchKey, regionOf } from '../../mapping/match.ts';
import { normalise } from '../../mapping/normalise.ts';
import type { Engine } from '../engine.ts';
import { askWhoTheyAre } from './ask-who-they-are.ts';

/**
 * Makes the caller the only one who makes records of a hub object until its transaction ends: two workers must not make the same person twice,
 * and whoever gives all records their places must not miss one that is being made.
 */
export async function lockMaking(tx: Tx, hubObject: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('syncline identify'), hashtext(${hubObject}))`.execute(tx);
}

/** What a record can be found by under a rule; null when the rule's fields are not all filled. */
export function ruleDigest(rule: MatchRule, object: HubObject, fields: Fields): string | null {
  const key = matchKey(rule, object, fields);
  return key === null ? null : digest(`${object.name}|${rule.on.join('+')}|${key}`);
}

export const emailDigest = (object: string, email: string): string | null => keyed(object, 'email', normalise('email', email));
export const phoneDigest = (object: string, phone: string, region?: string): string | null =>
  keyed(object, 'any phone', normalise('phone', phone, region));
export const uniqueDigest = (object: string, field: string, key: string): string =>
  digest(`${object}|unique ${field}|${JSON.stringify([key])}`);
const keyed = (object: string, kind: string, key: string | null): string | null =>
  key === null ? null : digest(`${object}|${kind}|${JSON.stringify([key])}`);

/** All digests that a record answers to: by every match rule of its object, and by each e-mail address, phone number, and unique field alone. */
export function identitiesOf(object: HubObject, rules: readonly MatchRule[], fields: Fields): readonly string[] {
  const region = regionOf(fields);
  const found = new Set<string | null>(rules.map((rule) => ruleDigest(rule, object, fields)));
  for (const field of object.fields.values()) {
    const value = fields[field.name] ?? null;
    if (field.unique && field.identity !== null) {
      const key = normalise(field.identity, value, region);
      if (key !== null) found.add(uniqueDigest(object.name, field.name, key));
    }
    if (typeof value !== 'string') continue;
    if (field.identity === 'email') found.add(emailDigest(object.name, value));
    if (field.identity === 'phone') found.add(phoneDigest(object.name, value, region));
  }
  found.delete(null);
  return [...found] as string[];
}

/** Keeps what one record can be found by in step with its fields, when they change otherwise than by a merge of what systems show. */
export async function keepIdentities(
  engine: Engine,
  tx: Tx,
  object: HubObject,
  { id, before, after }: { readonly id: string; readonly before: Fields; readonly after: Fields },
): Promise<readonly { digest: string; recordId: string }[]> {
  return moveIdentities(engine, tx, [{ id, object: object.name, before, after }]);
}

/** The match rules of all mappings of a hub object, each once. */
export function rulesOf(engine: Engine, hubObject: string): readonly MatchRule[] {
  const rules = new Map<string, MatchRule>();
  for (const mapping of engine.mappings.byStream.values()) {
    if (mapping.kind === 'entity' && mapping.hub === hubObject) for (const rule of mapping.match) rules.set(rule.on.join('+'), rule);
  }
  return [...rules.values()];
}

/**
 * The same for many records; what they answer to that they did not before. Strangers who may be one of them are looked at anew, by what they are now:
 * who agreed with them may agree no more, and who agreed in one point alone may now agree in more.
 */
export async function moveIdentities(
  engine: Engine,
  tx: Tx,
  moved: readonly { readonly id: string; readonly object: string; readonly before: Fields; readonly after: Fields }[],
): Promise<readonly { digest: string; recordId: string }[]> {
  const added: { id: string; digest: string }[] = [];
  const removed: { id: string; digest: string }[] = [];
  for (const { id, object, before, after } of moved) {
    const model = must(engine.mappings.model.get(object), `hub object ${object}`);
    const rules = rulesOf(engine, object);
    const [was, is] = [new Set(identitiesOf(model, rules, before)), new Set(identitiesOf(model, rules, after))];
    added.push(...[...is.difference(was)].map((digest) => ({ id, digest })));
    removed.push(...[...was.difference(is)].map((digest) => ({ id, digest })));
  }
  await sql`
    delete from identity i using unnest(${removed.map((one) => one.digest)}::uuid[], ${removed.map((one) => one.id)}::uuid[]) as r (digest, record_id)
    where i.digest = r.digest and i.record_id = r.record_id`.execute(tx);
  await sql`
    insert into identity (digest, record_id)
    select a.digest, a.record_id from unnest(${added.map((one) => one.digest)}::uuid[], ${added.map((one) => one.id)}::uuid[]) as a (digest, record_id)
    on conflict do nothing`.execute(tx);
  await askWhoTheyAre(
    tx,
    moved.map((one) => one.id),
  );
  return added.map(({ id, digest }) => ({ digest, recordId: id }));
}

const PAGE = 1000;

/** Lets all records of a hub object be found by the match rules that there are now; what they could be found by before stays. */
export async function indexIdentities(engine: Engine, tx: Tx, hubObject: string): Promise<void> {
  const object = engine.mappings.model.get(hubObject);
  if (object === undefined) return;
  const rules = rulesOf(engine, hubObject);
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<{ id: string; fields: Fields }>`
      select id, fields from record where object = ${hubObject} and merged_into is null and id > ${after} order by id limit ${PAGE}`.execute(
      tx,
    );
    const found = rows.flatMap(({ id, fields }) => identitiesOf(object, rules, fields).map((each) => ({ id, digest: each })));
    await sql`
      insert into identity (digest, record_id)
      select * from unnest(${found.map((one) => one.digest)}::uuid[], ${found.map((one) => one.id)}::uuid[]) on conflict do nothing`.execute(
      tx,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}
