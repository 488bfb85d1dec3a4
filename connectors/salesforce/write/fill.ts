import { HubError } from '../../../src/contract/errors.ts';
import type { Create, FieldValue, Update } from '../../../src/contract/records.ts';
import type { Client } from '../http/client.ts';
import { unfit } from '../http/errors.ts';
import { parseSaveResults, type User, type VendorField } from '../http/wire.ts';
import { hasKey, KEY_FIELD, type Schema } from '../schema/schema.ts';
import { type Encoded, encode } from '../schema/values.ts';
import { type Outcomes, type Row, requireRows, type Send, sendAll, toOutcome } from './collections.ts';

type Target = { readonly client: Client; readonly schema: Schema };
type Filling = Create | Update;
type Body = Readonly<Record<string, unknown>>;
type FillingRow = Row<Filling> & { readonly body: Body };
type Known = { readonly fields: ReadonlyMap<string, VendorField>; readonly users: readonly User[] };

function encodeOwner(value: FieldValue, users: readonly User[]): Encoded {
  if (typeof value !== 'string' || value === '') return { ok: false, reason: 'a record has to have an owner' };
  const named = users.filter(({ email }) => email?.toLowerCase() === value.trim().toLowerCase());
  const [user] = named;
  if (user === undefined) return { ok: false, reason: 'no active user has this e-mail' };
  return named.length === 1 ? { ok: true, value: user.id } : { ok: false, reason: 'several active users have this e-mail' };
}

/** The fields of a write in the vendor's words, or the error of the first that does not fit. */
function encodeFields(write: Filling, { fields, users }: Known): Body | HubError {
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

/** The body of one row: with the key when the org has room for it. */
function toBody(write: Filling, fields: Body, { sobject, keyed }: { sobject: string; keyed: boolean }): Body {
  const attributes = { type: sobject };
  if (write.verb === 'update') return { attributes, id: write.id, ...fields };
  return { attributes, ...fields, ...(keyed ? { [KEY_FIELD]: write.key } : {}) };
}

function sendTo({ client }: Target, method: 'POST' | 'PATCH', path: string): Send<FillingRow> {
  return async (rows) => {
    const { body } = await client.send({
      method,
      path,
      body: { allOrNone: false, records: rows.map((row) => row.body) },
      // Else the org's assignment rules may give the record to somebody else, even on an update.
      headers: { 'Sforce-Auto-Assign': 'FALSE' },
    });
    const results = requireRows(parseSaveResults(body));
    return rows.map(({ write }, i) => toOutcome(write, results[i]));
  };
}

function senderOf(target: Target, { verb, keyed }: { verb: Filling['verb']; keyed: boolean }): Send<FillingRow> {
  if (verb === 'update') return sendTo(target, 'PATCH', '/composite/sobjects');
  // By key a create that is sent again meets the record that the first one made.
  return keyed
    ? sendTo(target, 'PATCH', `/composite/sobjects/${target.schema.sobject}/${KEY_FIELD}`)
    : sendTo(target, 'POST', '/composite/sobjects');
}

/** Fills new records and old ones. A row whose value does not fit never leaves. */
export async function applyFillings(target: Target, given: readonly Row<Filling>[], outcomes: Outcomes): Promise<void> {
  const { sobject, users } = target.schema;
  const fields = await target.schema.fields();
  const namesOwner = given.some(({ write: { fields } }) => typeof fields.owner_email === 'string' && fields.owner_email !== '');
  const known: Known = { fields, users: namesOwner ? await users.list() : [] };
  const keyed = hasKey(fields);
  const rows = given.flatMap(({ index, write }): FillingRow[] => {
    const encoded = encodeFields(write, known);
    if (!(encoded instanceof HubError)) return [{ index, write, body: toBody(write, encoded, { sobject, keyed }) }];
    outcomes.set(index, { done: false, error: encoded });
    return [];
  });
  // Creates go first: an update whose call fails afterwards can simply be sent again.
  for (const verb of ['create', 'update'] as const) {
    const mine = rows.filter(({ write }) => write.verb === verb);
    await sendAll(senderOf(target, { verb, keyed }), mine, outcomes);
  }
}
