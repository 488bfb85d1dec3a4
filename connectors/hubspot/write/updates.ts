import { HubError } from '../../../src/contract/errors.ts';
import type { Update, WriteOutcome } from '../../../src/contract/records.ts';
import { asRefusal, refusedRow } from '../http/errors.ts';
import { parseBatch, type VendorRecord } from '../http/wire.ts';
import { readByIds } from '../read/by-ids.ts';
import { observeWritten, type TiesOf } from '../read/observe.ts';
import { readRecords } from '../read/read-records.ts';
import { type Room, referenceFields } from '../room.ts';
import { type Moved, moveReferences } from '../ties/move-references.ts';
import { shownOf } from '../ties/ties.ts';
import { encodeFields } from './encode-write.ts';
import { following, isolate, type Outcomes } from './isolate.ts';
import { stepsBack } from './lifecycle.ts';
import type { UpdateRow } from './update-row.ts';

type Indexed = { readonly index: number; readonly write: Update };

/** Carries out updates, one outcome for each index: first the references, so that the answer to the properties shows the last change. */
export async function applyUpdates(room: Room, writes: readonly Indexed[], fields: readonly string[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const rows: UpdateRow[] = [];
  for (const { index, write } of writes) {
    const encoded = await encodeFields(room, write.fields);
    if (encoded instanceof HubError) outcomes.set(index, { done: false, error: encoded });
    else rows.push({ index, update: write, ...encoded });
  }
  const left = () => rows.filter(({ index }) => outcomes.get(index)?.done !== false);
  const moved = await moveReferences(room, rows);
  for (const [index, outcome] of moved.outcomes) outcomes.set(index, outcome);
  await nameGone(room, rows, outcomes);
  const spoken = () => left().filter(({ properties }) => Object.keys(properties).length > 0);
  const backwards = await stepsBack(room, spoken());
  await following(outcomes, backwards, () => isolate(backwards, (part) => sendUpdates(room, part, { fields: [], after: moved.after })));
  const sent = spoken();
  await following(outcomes, sent, () => isolate(sent, (part) => sendUpdates(room, part, { fields, after: moved.after })));
  return observeRest(room, left(), { outcomes, fields });
}

type UpdateRows = readonly UpdateRow[];

function goneError({ type }: Room, id: string): HubError {
  return new HubError('gone', `HubSpot no longer has ${type.singular} ${id}: it was deleted or merged into another`);
}

// An association is refused when either of its ends is missing; only a look tells a lost record from one whose reference is lost.
async function nameGone(room: Room, rows: UpdateRows, outcomes: Outcomes): Promise<void> {
  const refused = rows.filter(({ index }) => {
    const outcome = outcomes.get(index);
    return outcome?.done === false && outcome.error.kind === 'record_rejected';
  });
  if (refused.length === 0) return;
  const ids = refused.map(({ update }) => update.id);
  const read = await readRecords(room, ids, { properties: ['hs_object_id'] }).catch(asRefusal);
  if (read instanceof HubError) return;
  for (const { index, update } of refused) {
    if (!read.byId.has(update.id)) outcomes.set(index, { done: false, error: goneError(room, update.id) });
  }
}

type Shows = { readonly fields: readonly string[]; readonly after: Moved['after'] };

async function sendUpdates(room: Room, rows: UpdateRows, shows: Shows): Promise<Outcomes> {
  const { hubspot, type } = room;
  const inputs = rows.map(({ update, properties }) => ({ id: update.id, properties, objectWriteTraceId: update.id }));
  const { body } = await hubspot.tell(hubspot.paths.objects(type.name, '/batch/update'), { inputs }).catch(notAdopted);
  const answer = parseBatch(body);
  const outcomes: Outcomes = new Map();
  for (const refusal of answer.refusals) {
    const named = rows.filter(({ update }) => refusal.ids.includes(update.id) || refusal.traceIds.includes(update.id));
    const error = withoutAdoption(refusedRow(`update a ${type.singular}`, refusal));
    for (const { index } of named.length === 0 && rows.length === 1 ? rows : named) outcomes.set(index, { done: false, error });
  }
  await addObserved(room, { rows, records: answer.records, ...shows }, outcomes);
  const silent = rows.filter(({ index }) => !outcomes.has(index));
  return new Map([...outcomes, ...(await explainSilence(room, silent))]);
}

async function addObserved(room: Room, by: Shows & { rows: UpdateRows; records: readonly VendorRecord[] }, outcomes: Outcomes) {
  const rowById = new Map(by.rows.map((row) => [row.update.id, row]));
  const ours = by.records.filter(({ id }) => rowById.has(id));
  const tiesOf: TiesOf = ({ id }, { many }) => {
    const ties = by.after.get(rowById.get(id)?.index ?? -1)?.get(many);
    return ties === undefined ? undefined : shownOf(ties);
  };
  const unsaid = referenceFields(room.type);
  const observed = await observeWritten(room, ours, { fields: by.fields, tiesOf, unsaid });
  for (const { id } of ours) {
    const row = rowById.get(id);
    if (row !== undefined) outcomes.set(row.index, { done: true, id, observed: observed.get(id) ?? null });
  }
}

// HubSpot leaves merged and archived ids out of its answer without a word; only a look tells them from what it forgot.
async function explainSilence(room: Room, rows: UpdateRows): Promise<[number, WriteOutcome][]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ update }) => update.id);
  const read = await readRecords(room, ids, { properties: ['hs_object_id'] }).catch(asRefusal);
  return rows.map(({ index, update }) => {
    if (read instanceof HubError) return [index, { done: false, error: read }];
    const error = read.byId.has(update.id)
      ? new HubError('record_rejected', `HubSpot neither confirmed nor refused the change of this ${room.type.singular}`)
      : goneError(room, update.id);
    return [index, { done: false, error }];
  });
}

// A clash on an update is about a value that another record holds; there is nothing for the hub to adopt.
function withoutAdoption(error: HubError): HubError {
  if (error.kind !== 'already_there') return error;
  const { code, existingId, fields } = error;
  return new HubError('record_rejected', error.message, {
    fields: fields.length === 0 ? ['email'] : fields,
    ...(code === undefined ? {} : { code }),
    ...(existingId === undefined ? {} : { existingId }),
    cause: error,
  });
}

function notAdopted(error: unknown): never {
  throw error instanceof HubError ? withoutAdoption(error) : error;
}

// Of a change of references alone no answer shows the record: it is read.
async function observeRest(
  room: Room,
  rows: UpdateRows,
  { outcomes, fields }: { outcomes: Outcomes; fields: readonly string[] },
): Promise<Outcomes> {
  const unseen = rows.filter(({ properties }) => Object.keys(properties).length === 0);
  if (unseen.length === 0) return outcomes;
  const ids = unseen.map(({ update }) => update.id);
  const seen = await readByIds(room, ids, { fields }).catch(asRefusal);
  if (seen instanceof HubError) {
    // It is done, only not shown.
    for (const { index, update } of unseen) outcomes.set(index, { done: true, id: update.id, observed: null });
    return outcomes;
  }
  unseen.forEach(({ index, update }, i) => {
    const observed = seen[i];
    outcomes.set(
      index,
      observed?.kind === 'present' ? { done: true, id: update.id, observed } : { done: false, error: goneError(room, update.id) },
    );
  });
  return outcomes;
}
