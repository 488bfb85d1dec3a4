import { HubError } from '../../../src/contract/errors.ts';
import type { Create, WriteOutcome } from '../../../src/contract/records.ts';
import { asRefusal, refusedRow } from '../http/errors.ts';
import { type BatchAnswer, parseBatch, type VendorRecord } from '../http/wire.ts';
import { KEY_PROPERTY } from '../object-types.ts';
import { observeWritten } from '../read/observe.ts';
import { shift } from '../read/times.ts';
import { keepsKey, type Room } from '../room.ts';
import { inlineTies, isAboutTies, namingTies, shownOfNew } from '../ties/new-ties.ts';
import { type Encoded, encodeFields } from './encode-write.ts';
import { isolate, type Outcomes, type Row } from './isolate.ts';
import { recallCreates } from './recall.ts';
import { emailOf, findTwins } from './twins.ts';

const JUST_NOW_MS = 60_000;

type CreateRow = Row & { readonly create: Create } & Pick<Encoded, 'wishes'>;
type Indexed = { readonly index: number; readonly write: Create };

/** Carries out creates, one outcome for each index. With a trace id for every row HubSpot answers row by row. */
export async function applyCreates(room: Room, writes: readonly Indexed[], fields: readonly string[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const rows: CreateRow[] = [];
  const withKey = keepsKey(await room.properties());
  for (const { index, write } of writes) {
    const encoded = await encodeFields(room, write.fields);
    if (encoded instanceof HubError) outcomes.set(index, { done: false, error: encoded });
    else rows.push({ ...encoded, index, create: write, properties: said(encoded.properties, withKey ? write.key : null) });
  }
  for (const [index, outcome] of await isolate(rows, (part) => sendCreates(room, part, fields))) outcomes.set(index, outcome);
  return nameTwins(room, rows, outcomes);
}

// What is empty on a new record needs no clearing, and some properties refuse the empty string.
function said(properties: Readonly<Record<string, string>>, key: string | null): Readonly<Record<string, string>> {
  const filled = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''));
  return key === null ? filled : { ...filled, [KEY_PROPERTY]: key };
}

async function sendCreates(room: Room, rows: readonly CreateRow[], fields: readonly string[]): Promise<Outcomes> {
  const { hubspot, type } = room;
  const inputs = rows.map((row) => {
    const associations = inlineTies(row.wishes);
    return { properties: row.properties, objectWriteTraceId: row.create.key, ...(associations.length === 0 ? {} : { associations }) };
  });
  const { body, servedAt } = await hubspot.tell(hubspot.paths.objects(type.name, '/batch/create'), { inputs });
  const answer = parseBatch(body);
  const made = await outcomesOf(room, { rows, answer, fields });
  const silent = rows.filter(({ index }) => !made.has(index));
  if (silent.length === 0) return made;
  return new Map([...made, ...(await lookAfter(room, silent, { servedAt: servedAt ?? answer.completedAt, fields }))]);
}

async function outcomesOf(
  room: Room,
  { rows, answer, fields }: { rows: readonly CreateRow[]; answer: BatchAnswer; fields: readonly string[] },
) {
  const outcomes: Outcomes = new Map();
  for (const refusal of answer.refusals) {
    const named = rows.filter(({ create }) => refusal.traceIds.includes(create.key));
    const refused = named.length === 0 && rows.length === 1 ? rows : named;
    for (const row of refused) {
      const error = refusedRow(`create a ${room.type.singular}`, refusal);
      outcomes.set(row.index, { done: false, error: isAboutTies(refusal) ? namingTies(error, row.wishes) : error });
    }
  }
  const pairs = answer.records.flatMap((record) => {
    const row = rowOf(record, rows, outcomes);
    return row === undefined ? [] : [{ record, row }];
  });
  const rowByRecord = new Map(pairs.map(({ record, row }) => [record, row]));
  const observed = await observeWritten(room, [...rowByRecord.keys()], {
    fields,
    tiesOf: (record, reference) => shownOfNew(reference, rowByRecord.get(record)?.wishes ?? []),
    // A tie that was not named HubSpot may have made by itself: unless the next read shows it, no later edit of it could be decided.
    unsaid: [],
  });
  for (const [{ id }, { index }] of rowByRecord) outcomes.set(index, { done: true, id, observed: observed.get(id) ?? null });
  return outcomes;
}

// Neither order nor number of the results can be relied upon: by trace id, else by what HubSpot keeps unique.
function rowOf(record: VendorRecord, rows: readonly CreateRow[], outcomes: Outcomes): CreateRow | undefined {
  if (record.traceId !== null) return rows.find(({ create }) => create.key === record.traceId);
  const open = rows.filter(({ index }) => !outcomes.has(index));
  const key = record.properties[KEY_PROPERTY];
  const email = emailOf(record.properties);
  const byUnique = open.find((row) => (key && row.create.key === key) || (email !== null && emailOf(row.properties) === email));
  return byUnique ?? (rows.length === 1 ? open[0] : undefined);
}

// HubSpot is known to answer 2xx with rows in neither list: whether they exist is looked up before anything is said of them.
async function lookAfter(room: Room, rows: readonly CreateRow[], options: { servedAt: string | null; fields: readonly string[] }) {
  if (options.servedAt === null) asUnknown(new HubError('broken_answer', 'HubSpot left it out of its answer'));
  const since = shift(options.servedAt, -JUST_NOW_MS);
  const creates = rows.map(({ create }) => create);
  const found = await recallCreates(room, creates, { since, fields: options.fields }).catch(asUnknown);
  return rows.map(({ index }, i): [number, WriteOutcome] => {
    const present = found[i] ?? null;
    if (present !== null) return [index, { done: true, id: present.id, observed: present }];
    const error = new HubError('record_rejected', `HubSpot neither confirmed nor refused this ${room.type.singular}, and it is not there`);
    return [index, { done: false, error }];
  });
}

// The batch went through: a refusal of the look must not read as if nothing had been done.
function asUnknown(error: unknown): never {
  if (!(error instanceof HubError)) throw error;
  throw new HubError('unreachable', `It is not known what became of a create: ${error.message}`, { cause: error });
}

// A clash without the id that stands in the way is looked up, so that the hub can adopt it.
async function nameTwins(room: Room, rows: readonly CreateRow[], outcomes: Outcomes): Promise<Outcomes> {
  const clashes = rows.flatMap((row) => {
    const outcome = outcomes.get(row.index);
    if (outcome === undefined || outcome.done) return [];
    const { error } = outcome;
    const isClash = error.kind === 'already_there' || error.fields.includes(KEY_PROPERTY);
    return isClash && error.existingId === undefined ? [{ ...row, error }] : [];
  });
  const twins = await findTwins(
    room,
    clashes.map(({ properties }) => properties),
  ).catch(asRefusal);
  for (const [i, { index, error }] of clashes.entries()) {
    if (twins instanceof HubError) outcomes.set(index, { done: false, error: twins });
    else if (twins[i]) outcomes.set(index, { done: false, error: named(error, twins[i]) });
  }
  return outcomes;
}

function named(error: HubError, existingId: string): HubError {
  const { code, fields } = error;
  return new HubError('already_there', error.message, { existingId, fields, cause: error, ...(code === undefined ? {} : { code }) });
}
