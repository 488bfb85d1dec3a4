import { sql } from 'kysely';
import type { Fields, FieldValue } from '../../contract/records.ts';
import { partOf } from '../../feedback/entry.ts';
import type { Tx } from '../../hub/database.ts';
import { timeOfId } from '../../hub/ids.ts';
import { must } from '../../kernel/must.ts';
import { entryObject, type HubObject } from '../../mapping/mapping.ts';
import type { ResponseMapping } from '../../mapping/response-mapping.ts';
import { keepRecords, type Wanted } from '../derived/keep-records.ts';
import { type Engine, responseMapping } from '../engine.ts';
import { inTransaction } from '../transaction.ts';
import { claimEntries, type DueEntry, type Given } from './due-entries.ts';
import { adoptSettings, getsEntry, startsOf } from './settings.ts';

/**
 * Makes an ordinary record of each attached response, so that the CRMs receive it like any other, and keeps it in step: changed with its response,
 * led to whom that is attached to now, and out of use once that is gone or nobody's.
 */
export async function projectResponses(engine: Engine, signal: AbortSignal): Promise<void> {
  const object = entryObject(engine.mappings.model);
  if (object === undefined) return;
  await adoptSettings(engine, object);
  for (;;) {
    signal.throwIfAborted();
    const claimed = await inTransaction(engine.hub, (tx) => projectSome(engine, tx, object));
    if (claimed === 0) return;
  }
}

async function projectSome(engine: Engine, tx: Tx, object: HubObject): Promise<number> {
  const due = await claimEntries(tx);
  if (due.length === 0) return 0;
  const connectionIds = [...new Set(due.flatMap(({ given }) => given?.connectionId ?? []))];
  const starts = await startsOf(tx, engine, { object, connectionIds });
  const wanted = due.map((entry) => wantedOf(engine, object, { entry, starts }));
  const made = await keepRecords(engine, tx, { object, wanted });
  await sql`
    update entry e set record_id = m.record_id from unnest(${[...made.keys()]}::uuid[], ${[...made.values()]}::uuid[]) as m (response_id, record_id)
    where e.response_id = m.response_id`.execute(tx);
  await sql`update entry set due = false where response_id = any(${due.map(({ responseId }) => responseId)}::uuid[])`.execute(tx);
  return due.length;
}

type Around = { readonly entry: DueEntry; readonly starts: ReadonlyMap<string, Date> };

function wantedOf(engine: Engine, object: HubObject, { entry, starts }: Around): Wanted {
  const { given, recordId } = entry;
  const kept = { key: entry.responseId, recordId };
  const mapping = given === null ? undefined : responseMapping(engine, { connector: given.connector, name: given.connection }, 'response');
  if (given === null || mapping === undefined) return { ...kept, fields: null, why: 'its response is gone', isBulk: false };
  if (given.personId === null) return { ...kept, fields: null, why: 'its response is nobody’s', isBulk: false };
  const at = given.submittedAt ?? timeOfId(entry.responseId);
  const startedAt = must(starts.get(given.connectionId), 'the start of a timeline');
  const isIn = getsEntry(mapping, { at, state: given.state, surveyId: given.survey.id }, startedAt);
  if (!isIn) return { ...kept, fields: null, why: 'the settings leave its response out', isBulk: false };
  return { ...kept, fields: fieldsOf(engine, { object, mapping, given, at }), why: '', isBulk: given.isBulk };
}

type Shown = { readonly object: HubObject; readonly mapping: ResponseMapping; readonly given: Given; readonly at: Date };

/** What the record of a response holds. */
function fieldsOf(engine: Engine, { object, mapping, given, at }: Shown): Fields {
  const told = { ...given, at: at.toISOString() };
  const filled: Record<string, FieldValue> = {};
  for (const { name, to, response } of object.fields.values()) {
    if (response === null) continue;
    const value = response === 'about' ? aboutOf(engine, { mapping, given, to: to ?? '' }) : partOf(told, response);
    if (value !== null) filled[name] = value;
  }
  return filled;
}

type About = Pick<Shown, 'mapping' | 'given'> & { readonly to: string };

/** Whom a response is about; or what that person refers to, of one object, as that stands now. */
function aboutOf(engine: Engine, { mapping, given, to }: About): FieldValue {
  if (to === mapping.hub) return given.personId === null ? null : [given.personId];
  const ties = [...must(engine.mappings.model.get(mapping.hub), `hub object ${mapping.hub}`).fields.values()].filter(
    (field) => field.to === to,
  );
  const ids = ties.flatMap(({ name }) => given.person[name] ?? []).map((tie) => String(tie).split('#')[0] ?? '');
  return ids.length === 0 ? null : [...new Set(ids)].sort();
}
