import { sql } from 'kysely';
import { validate } from 'uuid';
import type { FieldValue } from '../contract/records.ts';
import type { ExplainedField, ExplainedLink, ExplainedSide, Explanation } from '../hub/explanation.ts';
import type { ChangedField } from '../hub/tables.ts';
import { must, unreachable } from '../kernel/must.ts';
import type { HubField } from '../mapping/mapping.ts';
import { type Judged, judgeLink, stampOf } from '../merge/merge-record.ts';
import type { Decision } from '../merge/settle.ts';
import type { Engine } from './engine.ts';
import { emailDigest, phoneDigest } from './identities.ts';
import { readRefs } from './refs.ts';
import { entityStreams, streamKey } from './streams.ts';
import { type LinkRow, readHolds, readLinks, readRecords, treeOf } from './trees.ts';

/** The records that a text may mean: a hub id, a remote id, an e-mail address, or a phone number. */
export async function findRecords(engine: Engine, hubObject: string, text: string): Promise<readonly string[]> {
  const digests = [emailDigest(hubObject, text), phoneDigest(hubObject, text)].filter((digest) => digest !== null);
  const { rows } = await sql<{ id: string }>`
    select id from record where object = ${hubObject} and merged_into is null and (id = ${validate(text) ? text : null}::uuid
      or id in (select record_id from identity where digest = any(${digests}::uuid[])) or id in (select record_id from link where remote_id = ${text}))`.execute(
    engine.hub,
  );
  return rows.map((row) => row.id);
}

/** Every value of a record with where it came from, what gave way to it, and what each system holds and why. Null when there is none. */
export async function explain(engine: Engine, recordId: string): Promise<Explanation | null> {
  if (!validate(recordId)) return null;
  const { rows } = await sql<{ object: string }>`select object from record where id = ${recordId}`.execute(engine.hub);
  const [found] = rows;
  const record = (await readRecords(engine.hub, [recordId])).get(recordId);
  if (found === undefined || record === undefined) return null;
  const object = must(engine.mappings.model.get(found.object), `hub object ${found.object}`);
  const streams = await entityStreams(engine, engine.hub, found.object);
  const links = await readLinks(engine.hub, [recordId]);
  const names = new Map(
    (await engine.hub.selectFrom('connection').select(['id', 'name', 'connector']).execute()).map((row) => [row.id, row]),
  );
  const holds = await readHolds(
    engine.hub,
    links.map((link) => link.id),
  );
  const refs = await readRefs(engine.hub, streams, { links, records: new Map([[recordId, record]]) });
  const trees = links.flatMap((link) => {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    return stream === undefined ? [] : [treeOf(link, stream, { holds, refs, record })];
  });
  const tree = { recordId, fields: record.fields, stamps: record.stamps, archived: record.archived, links: trees };
  const judged = new Map(trees.map((link) => [link.linkId, judgeLink(tree, link)]));
  const lost = await readLost(engine, recordId);
  const nameOf = (by: string): string => (by === 'hub' ? 'the hub' : (names.get(by)?.name ?? 'a connection that is gone'));
  const fields = [...object.fields.values()].map((field): ExplainedField => {
    const sides = links.flatMap((link) => sideOf(link, field, judged.get(link.id) ?? [], names.get(link.connectionId)));
    const value = record.fields[field.name] ?? null;
    const [at, by] = stampOf(record.stamps, field.name);
    const from = value === null && record.stamps[field.name] === undefined ? null : { by: nameOf(by), at };
    const gaveWay = (lost.get(field.name) ?? []).map((one) => ({ ...one, by: nameOf(one.by) }));
    return {
      field: field.name,
      label: field.label,
      category: field.category,
      value,
      from,
      lost: gaveWay,
      sides,
      sentence: sentenceOf(field, value, from, gaveWay, sides),
    };
  });
  return { recordId, object: found.object, fields, links: links.map((link) => linkOf(link, names.get(link.connectionId))) };
}

type Name = { readonly name: string; readonly connector: string } | undefined;

function sideOf(link: LinkRow, field: HubField, judged: readonly Judged[], name: Name): readonly ExplainedSide[] {
  const own = judged.find((one) => one.line.hub === field.name);
  if (own === undefined) return [];
  const { trees, verdict, decision, line } = own;
  return [
    {
      connection: name?.name ?? '',
      connector: name?.connector ?? '',
      remoteId: link.remoteId,
      remoteField: line.remote,
      ...(trees.remote === undefined ? {} : { shown: trees.remote }),
      ...(trees.base === undefined ? {} : { base: trees.base }),
      ...(trees.sent === undefined ? {} : { sent: trees.sent }),
      verdict: verdict.kind,
      decision: decision.kind,
      reason: reasonOf(decision, trees.remote === undefined),
    },
  ];
}

function reasonOf(decision: Decision, unseen: boolean): string {
  switch (decision.kind) {
    case 'nothing':
      return unseen ? 'it was not shown there' : 'nothing changed since both agreed';
    case 'agree':
      return decision.reason ?? 'both hold the same';
    case 'pull':
    case 'push':
    case 'blend':
    case 'hold':
      return decision.reason;
    default:
      return unreachable(decision);
  }
}

function linkOf(link: LinkRow, name: Name): ExplainedLink {
  const evidence = link.evidence as { matched?: string; made?: string } | null;
  const words =
    evidence?.matched !== undefined
      ? `matched: ${evidence.matched}`
      : evidence?.made === 'remote'
        ? 'the hub made it there'
        : 'the record began here';
  return {
    connection: name?.name ?? '',
    connector: name?.connector ?? '',
    object: link.object,
    remoteId: link.remoteId,
    state: link.state,
    reason: link.reason,
    evidence: words,
  };
}

type Lost = { value: FieldValue; by: string; at: string; changeId: string; rule: string };

async function readLost(engine: Engine, recordId: string): Promise<ReadonlyMap<string, readonly Lost[]>> {
  const rows = await engine.hub
    .selectFrom('change')
    .select(['id', 'fields'])
    .where('record_id', '=', recordId)
    .where('conflict', '=', true)
    .orderBy('id', 'desc')
    .limit(100)
    .execute();
  const lost = new Map<string, Lost[]>();
  for (const row of rows) {
    for (const [field, change] of Object.entries(row.fields) as [string, ChangedField][]) {
      if (change.lost === undefined) continue;
      lost.set(field, [...(lost.get(field) ?? []), { ...change.lost, changeId: row.id, rule: change.rule ?? '' }]);
    }
  }
  return lost;
}

function sentenceOf(
  field: HubField,
  value: FieldValue,
  from: ExplainedField['from'],
  lost: readonly Lost[],
  sides: readonly ExplainedSide[],
): string {
  const origin =
    from === null
      ? `${field.label} is blank: no system has shown one.`
      : `${field.label} is ${value === null ? 'blank' : JSON.stringify(value)}, from ${from.by} at ${from.at}.`;
  const [latest] = lost;
  const gave = latest === undefined ? '' : ` ${JSON.stringify(latest.value)} from ${latest.by} gave way (${latest.rule}).`;
  const open = sides
    .filter((side) => side.decision === 'push' || side.decision === 'pull' || side.decision === 'hold')
    .map((side) => ` ${side.connection}: ${side.decision}, since ${side.reason}.`)
    .join('');
  return origin + gave + open;
}
