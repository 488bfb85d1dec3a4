import type { Writer } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Create, FieldValue, Update, Write, WriteOutcome } from '../../src/contract/records.ts';
import { chunk } from '../../src/kernel/lists.ts';
import type { Client } from './client.ts';
import { rowError, unfit } from './errors.ts';
import { recall } from './recall.ts';
import { hasKey, KEY_FIELD, type Schema } from './schema.ts';
import { type Encoded, encode } from './values.ts';
import { parseSaveResults, type SaveResult, type User, type VendorField } from './wire.ts';

type Target = { readonly client: Client; readonly schema: Schema };
type Filling = Create | Update;
type Row = { readonly index: number; readonly write: Filling; readonly body: Readonly<Record<string, unknown>> };
type Known = { readonly fields: ReadonlyMap<string, VendorField>; readonly users: readonly User[] };

const batchMax = 200;

function encodeOwner(value: FieldValue, users: readonly User[]): Encoded {
  if (typeof value !== 'string' || value === '') return { ok: false, reason: 'a record has to have an owner' };
  const named = users.filter(({ email }) => email?.toLowerCase() === value.trim().toLowerCase());
  const [user] = named;
  if (user === undefined) return { ok: false, reason: 'no active user has this e-mail' };
  return named.length === 1 ? { ok: true, value: user.id } : { ok: false, reason: 'several active users have this e-mail' };
}

/** The fields of a write in the vendor's words, or the error of the first that does not fit. */
function encodeFields(write: Filling, { fields, users }: Known): Readonly<Record<string, unknown>> | HubError {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(write.fields)) {
    const isOwner = name === 'owner_email';
    // A new record without an owner gets the org's default one.
    if (isOwner && write.verb === 'create' && (value === null || value === '')) continue;
    const encoded = isOwner ? encodeOwner(value, users) : encode(value, fields.get(name));
    if (!encoded.ok) return unfit(name, encoded.reason);
    body[isOwner ? 'OwnerId' : name] = encoded.value;
  }
  return body;
}

function toOutcome({ write }: Row, result: SaveResult | undefined): WriteOutcome {
  if (result === undefined) return { done: false, error: new HubError('stale_write', 'the answer leaves this row out') };
  if (!result.ok) return { done: false, error: rowError(result.errors, write) };
  const id = write.verb === 'update' ? write.id : result.id;
  if (id === null) return { done: false, error: new HubError('stale_write', 'the answer names no id for the new record') };
  return { done: true, id, observed: null };
}

type Send = (rows: readonly Row[]) => Promise<readonly WriteOutcome[]>;

function sendTo({ client }: Target, method: 'POST' | 'PATCH', path: string): Send {
  return async (rows) => {
    const { body } = await client.send({
      method,
      path,
      body: { allOrNone: false, records: rows.map((row) => row.body) },
      // Else the org's assignment rules may give the record to somebody else, even on an update.
      headers: { 'Sforce-Auto-Assign': 'FALSE' },
    });
    const results = parseSaveResults(body);
    if (results.length === 0 && rows.length > 0) throw new HubError('broken_answer', 'the answer has no row at all');
    return rows.map((row, i) => toOutcome(row, results[i]));
  };
}

function senderOf(target: Target, { verb, keyed }: { verb: Write['verb']; keyed: boolean }): Send {
  if (verb === 'update') return sendTo(target, 'PATCH', '/composite/sobjects');
  // By key a create that is sent again meets the record that the first one made.
  return keyed
    ? sendTo(target, 'PATCH', `/composite/sobjects/${target.schema.sobject}/${KEY_FIELD}`)
    : sendTo(target, 'POST', '/composite/sobjects');
}

/** An outcome for a row of a call that failed while others of the same `apply` went through. */
function afterFailure({ write }: Row, error: HubError): WriteOutcome {
  const isOpen = write.verb === 'create' && (error.kind === 'unreachable' || error.kind === 'broken_answer');
  // An update may be sent again; a create may have been made, and has to be looked for first.
  return {
    done: false,
    error: isOpen ? new HubError('stale_write', `the create was not answered: ${error.message}`, { cause: error }) : error,
  };
}

/** Sends rows and halves what is refused as a whole, until the row that spoils the call stands alone. Keeps what it learns in `outcomes`. */
async function sendRows(send: Send, rows: readonly Row[], outcomes: Map<number, WriteOutcome>): Promise<void> {
  try {
    const answers = await send(rows);
    for (const [i, row] of rows.entries()) {
      const outcome = answers[i];
      if (outcome !== undefined) outcomes.set(row.index, outcome);
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (error.kind === 'record_rejected' && rows.length > 1) {
      for (const half of chunk(rows, Math.ceil(rows.length / 2))) await sendRows(send, half, outcomes);
      return;
    }
    const isAlone = error.kind === 'record_rejected';
    // As long as nothing was done, the whole `apply` may fail; later, what was done must not be forgotten.
    if (!isAlone && ![...outcomes.values()].some(({ done }) => done)) throw error;
    for (const row of rows) outcomes.set(row.index, isAlone ? { done: false, error } : afterFailure(row, error));
  }
}

/** The body of one row: with the key when the org has room for it. */
function toBody(write: Filling, fields: Readonly<Record<string, unknown>>, { sobject, keyed }: { sobject: string; keyed: boolean }) {
  const attributes = { type: sobject };
  if (write.verb === 'update') return { attributes, id: write.id, ...fields };
  return { attributes, ...fields, ...(keyed ? { [KEY_FIELD]: write.key } : {}) };
}

async function apply(target: Target, writes: readonly Filling[]): Promise<readonly WriteOutcome[]> {
  const { sobject, users } = target.schema;
  const fields = await target.schema.fields();
  const namesOwner = writes.some(({ fields: { owner_email } }) => typeof owner_email === 'string' && owner_email !== '');
  const known: Known = { fields, users: namesOwner ? await users.list() : [] };
  const keyed = hasKey(fields);
  const outcomes = new Map<number, WriteOutcome>();
  const rows = writes.flatMap((write, index): Row[] => {
    const encoded = encodeFields(write, known);
    if (!(encoded instanceof HubError)) return [{ index, write, body: toBody(write, encoded, { sobject, keyed }) }];
    outcomes.set(index, { done: false, error: encoded });
    return [];
  });
  // Creates go first: an update whose call fails afterwards can simply be sent again.
  for (const verb of ['create', 'update'] as const) {
    const send = senderOf(target, { verb, keyed });
    const mine = rows.filter(({ write }) => write.verb === verb);
    for (const batch of chunk(mine, batchMax)) await sendRows(send, batch, outcomes);
  }
  return writes.map((_write, i) => outcomes.get(i) ?? { done: false, error: new HubError('stale_write', 'the row was not answered') });
}

/** Writes one Salesforce object by collections, where one bad row spoils no other. */
export function openWriter(target: Target): Writer {
  return {
    apply: (writes) => apply(target, writes as readonly Filling[]),
    recall: (creates: readonly Create[], since, ask) => recall(target, creates, { since, ask }),
  };
}
