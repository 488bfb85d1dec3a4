import { sql } from 'kysely';
import { validate } from 'uuid';
import type { ExplainedField, ExplainedSide, Explanation, Witness } from '../../hub/records/explanation.ts';
import type { JournalLine } from '../../hub/records/journal.ts';
import { must } from '../../kernel/must.ts';
import type { HubField } from '../../mapping/mapping.ts';
import { splitAt } from '../../merge/history.ts';
import { stampOf } from '../../merge/link-draft.ts';
import { judgeLink } from '../../merge/merge-record.ts';
import { reevaluateField } from '../../merge/reevaluate.ts';
import { sameValue } from '../../merge/same.ts';
import { stepsOf } from '../../merge/steps.ts';
import { readBrakes, withMerged } from '../brakes/open.ts';
import type { Engine } from '../engine.ts';
import { emailDigest, phoneDigest } from '../identity/identities.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { readRefs } from '../reconciling/refs.ts';
import { readHolds, readLinks, treeOf } from '../reconciling/trees.ts';
import { entityStreams, streamKey } from '../streams.ts';
import { type Past, type RecordThen, readPast, thenOf } from './as-of.ts';
import { linkOf, sideOf } from './sides.ts';
import { readWitnesses, type Witnesses } from './witnesses.ts';
import { sentenceOf } from './words.ts';

/** The records that a text may mean: a hub id, a remote id, an e-mail address, or a phone number. What was merged away leads to what it became. */
export async function findRecords(engine: Engine, hubObject: string, text: string): Promise<readonly string[]> {
  const digests = [emailDigest(hubObject, text), phoneDigest(hubObject, text)].filter((digest) => digest !== null);
  const { rows } = await sql<{ id: string }>`
    with recursive meant (id) as (
      select id from record where object = ${hubObject} and (id = ${validate(text) ? text : null}::uuid
        or id in (select record_id from identity where digest = any(${digests}::uuid[])) or id in (select record_id from link where remote_id = ${text})
        or id in (select l.record_id from alias a join link l on l.connection_id = a.connection_id and l.object = coalesce(a.into_object, a.object) and l.remote_id = a.remote_id
          where a.alias_id = ${text}))
      union select r.merged_into from meant m join record r on r.id = m.id where r.merged_into is not null)
    select r.id from meant m join record r on r.id = m.id where r.merged_into is null order by r.id`.execute(engine.hub);
  return rows.map((row) => row.id);
}

/**
 * Every value of a record with where it came from, what gave way to it, and what each system holds and why; with `at`, as it was then, without
 * what the systems hold. Null when there is no such record, or was none yet.
 */
export async function explain(engine: Engine, recordId: string, { at }: { readonly at?: string } = {}): Promise<Explanation | null> {
  const past = await readPast(engine, recordId);
  if (past === null) return null;
  const then = at === undefined ? null : thenOf(recordId, past, at);
  if (at !== undefined && then === null) return null;
  const record: RecordThen = then ?? { id: recordId, at: '', mergedInto: past.mergedInto, ...past.record };
  const journal = at === undefined ? past.journal : splitAt(past.journal, at).before;
  const object = must(engine.mappings.model.get(record.object), `hub object ${record.object}`);
  const links = await readLinks(engine.hub, [recordId]);
  const witnesses = await readWitnesses(engine, recordId, journal);
  const sides = at === undefined ? await sidesOf(engine, { record, past, links, witnesses }) : () => [];
  const fields = [...object.fields.values()].map((field) =>
    explainField(field, { record, past, journal, witnesses, sides: sides(field.name) }),
  );
  return {
    recordId,
    object: record.object,
    at: then?.at ?? null,
    archived: record.archived,
    mergedInto: record.mergedInto,
    fields,
    links: links.map((link) => linkOf(link, witnesses.nameOf(link.connectionId))),
  };
}

type Around = {
  readonly record: RecordThen;
  readonly past: Past;
  readonly journal: readonly JournalLine[];
  readonly witnesses: Witnesses;
  readonly sides: readonly ExplainedSide[];
};

function explainField(field: HubField, around: Around): ExplainedField {
  const { record, journal, witnesses, sides } = around;
  const value = record.fields[field.name] ?? null;
  const told = stepsOf(field.name, journal, witnesses);
  // A journal that does not lead to the value began after it: then the stamp is all that is known.
  const steps = sameValue(reevaluateField({ steps: told }), value)
    ? told
    : [{ ...stamped(field.name, around), kind: 'set' as const, value }];
  const origin = steps[0] ?? null;
  const lost = journal.toReversed().flatMap((line) => {
    const change = line.fields[field.name];
    if (change?.lost === undefined) return [];
    return [{ ...change.lost, by: witnesses.displayOf(change.lost.by), changeId: line.id, rule: change.rule ?? '' }];
  });
  const { name, label, category } = field;
  const explained = { field: name, label, category, value, from: fromOf(field.name, origin, around), lost, origin, steps, sides };
  return { ...explained, sentence: sentenceOf(explained) };
}

/** Whose value it is: now as the record says, of an earlier time as the journal does. */
function fromOf(field: string, origin: Witness | null, { record, past, witnesses }: Around): ExplainedField['from'] {
  if (record.at !== '')
    return origin === null ? null : { by: origin.connection ?? witnesses.displayOf('hub'), at: origin.changedAt ?? origin.at };
  if ((record.fields[field] ?? null) === null && past.record.stamps[field] === undefined) return null;
  const [at, by] = stampOf(past.record.stamps, field);
  return { by: witnesses.displayOf(by), at };
}

/** All that is known of a value which is older than the journal. */
function stamped(field: string, { past, witnesses }: Around): Witness {
  const [at, by] = stampOf(past.record.stamps, field);
  const name = witnesses.nameOf(by);
  return {
    changeId: null,
    cause: 'unknown',
    at,
    connection: by === 'hub' ? null : witnesses.displayOf(by),
    connector: name?.connector ?? null,
    remoteId: null,
    remoteField: null,
    changedAt: at,
    actor: null,
    runId: null,
    mapping: null,
    rule: 'the journal does not reach back to it',
    ruled: null,
  };
}

type Present = { readonly record: RecordThen; readonly past: Past; readonly links: readonly LinkRow[]; readonly witnesses: Witnesses };

/** What every system holds of a field now, and what the merge would do about it. */
async function sidesOf(
  engine: Engine,
  { record: { id, object, fields }, past, links, witnesses }: Present,
): Promise<(field: string) => readonly ExplainedSide[]> {
  const streams = await entityStreams(engine, engine.hub, object);
  const holds = await readHolds(
    engine.hub,
    links.map((link) => link.id),
  );
  const { stamps, archived } = past.record;
  const record = { id, fields, stamps, archived, fresh: false };
  const refs = await readRefs(engine.hub, streams, { links, records: new Map([[id, record]]) });
  const brakes = await withMerged(engine.hub, await readBrakes(engine.hub), links);
  const trees = links.flatMap((link) => {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    return stream === undefined ? [] : [treeOf(link, stream, { holds, refs, brakes, record })];
  });
  const judged = new Map(trees.map((link) => [link.linkId, judgeLink({ recordId: id, fields, stamps, archived, links: trees }, link)]));
  return (field) => links.flatMap((link) => sideOf(link, field, judged.get(link.id) ?? [], witnesses.nameOf(link.connectionId)));
}
