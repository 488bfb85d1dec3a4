import { HubError } from '../../../src/contract/errors.ts';
import { parseSaveResults, type SaveResult } from '../http/wire.ts';
import { KEY_FIELD } from '../manifest.ts';
import { contactColumn, onAccount, personAccountsOf } from '../persons/accounts.ts';
import { short } from '../read/by-ids.ts';
import type { Room } from '../room.ts';
import { hasKey } from '../schema/schema.ts';
import { moveTies } from '../ties/move-ties.ts';
import { type Collection, type Outcomes, type Row, requireRows, sendAll, toOutcome } from './collections.ts';
import { type Body, encodeWrite, type Filling, knownFor } from './encode-write.ts';
import { parentOf } from './parent.ts';

type FillingRow = Row<Filling> & { readonly body: Body };

/** A refusal in the words of contacts, where it is about a person account. */
const ofContacts = (result: SaveResult): SaveResult =>
  result.ok ? result : { ...result, errors: result.errors.map((error) => ({ ...error, fields: error.fields.map(contactColumn) })) };

function collectionTo({ client }: Room, method: 'POST' | 'PATCH', path: string): Collection<FillingRow> {
  return {
    call: (rows) => ({
      method,
      path,
      body: { allOrNone: false, records: rows.map((row) => row.body) },
      headers: client.writeHeaders,
    }),
    read: async (rows, body) => {
      const results = requireRows(parseSaveResults(body)).map(ofContacts);
      return rows.map(({ write }, i) => toOutcome(write, results[i]));
    },
  };
}

function collectionOf(room: Room, { verb, keyed }: { verb: Filling['verb']; keyed: boolean }): Collection<FillingRow> {
  if (verb === 'update') return collectionTo(room, 'PATCH', '/composite/sobjects');
  // By key a create that is sent again meets the record that the first one made.
  return keyed
    ? collectionTo(room, 'PATCH', `/composite/sobjects/${room.type.name}/${KEY_FIELD}`)
    : collectionTo(room, 'POST', '/composite/sobjects');
}

function byParent(rows: readonly FillingRow[]): readonly FillingRow[] {
  const parents = new Map(rows.map(({ index, write, body }) => [index, parentOf(body, write.verb === 'update' ? write.seen : {})]));
  const of = ({ index }: FillingRow) => parents.get(index) ?? '';
  return rows.toSorted((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0));
}

/** Fills new records and old ones. A row whose value does not fit never leaves. */
export async function applyFillings(room: Room, given: readonly Row<Filling>[], outcomes: Outcomes): Promise<void> {
  const known = await knownFor(
    room,
    given.map(({ write }) => write),
  );
  const persons = await personAccountsOf(
    room,
    given.flatMap(({ write }) => (write.verb === 'update' ? [write.id] : [])),
  );
  const accountFields = persons.size === 0 ? null : await room.accountSchema.fields();
  const rows = given.flatMap(({ index, write }): FillingRow[] => {
    const encoded = encodeWrite(room, write, known);
    const account = write.verb === 'update' ? persons.get(short(write.id)) : undefined;
    const isPlain = encoded instanceof HubError || account === undefined || accountFields === null;
    const body = isPlain ? encoded : onAccount(encoded, account, accountFields);
    if (!(body instanceof HubError)) return [{ index, write, body }];
    outcomes.set(index, { done: false, error: body });
    return [];
  });
  const sorted = byParent(rows);
  // Creates go first: an update whose call fails afterwards can simply be sent again.
  for (const verb of ['create', 'update'] as const) {
    const mine = sorted.filter(({ write }) => write.verb === verb);
    await sendAll(room.client, collectionOf(room, { verb, keyed: hasKey(known.fields) }), mine, outcomes);
  }
  const updates = rows.flatMap(({ index, write }) => (write.verb === 'update' ? [{ index, write }] : []));
  await moveTies(room, updates, outcomes);
}
