import { HubError } from '../../../src/contract/errors.ts';
import type { Delete, WriteOutcome } from '../../../src/contract/records.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import type { Call } from '../http/client.ts';
import { isLost, rowError } from '../http/errors.ts';
import { parseSaveResults, type VendorError, type VendorRow } from '../http/wire.ts';
import { type Dependants, OPPORTUNITIES_OF_ACCOUNT } from '../object-types.ts';
import { type PersonAccounts, personAccountsOf } from '../persons/accounts.ts';
import { isId, short } from '../read/by-ids.ts';
import { rowsWhere } from '../read/query.ts';
import type { Room } from '../room.ts';
import { type Collection, type Outcomes, type Row, requireRows, sendAll, toOutcome } from './collections.ts';
import { withDependants } from './dependants.ts';

type DeleteRow = Row<Delete>;

const done = ({ write: { id } }: DeleteRow): WriteOutcome => ({ done: true, id, observed: null });
const failed = (error: HubError): WriteOutcome => ({ done: false, error });

/**
 * Puts records into the recycle bin. What is there already, or beyond, is done; but a record that was merged away is refused as `gone`, so
 * that nobody takes its winner for deleted.
 */
export async function applyDeletes(room: Room, rows: readonly DeleteRow[], outcomes: Outcomes): Promise<void> {
  // No record has such an id, and a single one would spoil the whole call.
  const possible = rows.filter(({ write }) => isId(write.id));
  for (const row of rows) if (!isId(row.write.id)) outcomes.set(row.index, done(row));
  const kept = await keptByDependants(room, possible);
  for (const { index, error } of kept) outcomes.set(index, failed(error));
  const held = new Set(kept.map(({ index }) => index));
  const free = possible.filter(({ index }) => !held.has(index));
  const persons = await personAccountsOf(
    room,
    free.map(({ write }) => write.id),
  );
  const tied = await withDependants(room.client, OPPORTUNITIES_OF_ACCOUNT, [...persons.values()]);
  const sent = free.filter(({ index, write }) => {
    const account = persons.get(short(write.id));
    if (account === undefined || !tied.has(short(account))) return true;
    outcomes.set(index, failed(dependedOn(OPPORTUNITIES_OF_ACCOUNT, 'person account', account)));
    return false;
  });
  await sendAll(room.client, collectionOf(room, persons), sent, outcomes);
}

function dependedOn({ named }: Dependants, what: string, id: string): HubError {
  const why = `Salesforce would delete the ${named} of ${what} ${id} with it: move or delete them there, or delete it in Salesforce`;
  return new HubError('depended_on', why, { code: 'DELETE_FAILED' });
}

// Salesforce would delete them too, without a word: nobody asked for that. The code is the one that it has for what others hang on.
async function keptByDependants({ client, type: { name, dependants } }: Room, rows: readonly DeleteRow[]) {
  const kept = new Map<number, HubError>();
  for (const one of dependants) {
    const free = rows.filter(({ index }) => !kept.has(index));
    const holding = await withDependants(
      client,
      one,
      free.map(({ write }) => write.id),
    );
    for (const { index, write } of free) {
      if (!holding.has(short(write.id))) continue;
      kept.set(index, dependedOn(one, name, write.id));
    }
  }
  return [...kept].map(([index, error]) => ({ index, error }));
}

function collectionOf(room: Room, persons: PersonAccounts): Collection<DeleteRow> {
  const call = (rows: readonly DeleteRow[]): Call => {
    // A person account goes as a whole.
    const ids = rows.map(({ write }) => persons.get(short(write.id)) ?? write.id).join(',');
    return { method: 'DELETE', path: `/composite/sobjects?ids=${ids}&allOrNone=false` };
  };
  const read = async (rows: readonly DeleteRow[], body: unknown) => {
    const results = requireRows(parseSaveResults(body));
    const missed = rows.flatMap((row, i): Missed[] => {
      const result = results[i];
      return result?.ok === false && isLost(result.errors) ? [{ row, errors: result.errors }] : [];
    });
    const judged = missed.length === 0 ? new Map<number, WriteOutcome>() : await judgeMissed(room, missed);
    return rows.map((row, i) => judged.get(row.index) ?? toOutcome(row.write, results[i]));
  };
  return { call, read };
}

/** A record that could not be deleted because it was not there, as it seems. */
type Missed = { readonly row: DeleteRow; readonly errors: readonly VendorError[] };

// Never throws: other records of the call may have been deleted.
async function judgeMissed(room: Room, missed: readonly Missed[]): Promise<ReadonlyMap<number, WriteOutcome>> {
  const values = missed.map(({ row }) => row.write.id);
  try {
    const { rows } = await rowsWhere(room, { column: 'Id', values, groups: [[]] });
    const found = indexBy(rows.values(), ({ id }) => short(id));
    return new Map(missed.map((one) => [one.row.index, judge(one, found.get(short(one.row.write.id)), room.type.name)]));
  } catch (cause) {
    if (!(cause instanceof HubError)) throw cause;
    const error = new HubError('stale_write', `it is not known why a record was not there to be deleted: ${cause.message}`, { cause });
    return new Map(missed.map(({ row }) => [row.index, failed(error)]));
  }
}

function judge({ row, errors }: Missed, seen: VendorRow | undefined, sobject: string): WriteOutcome {
  const { id } = row.write;
  if (seen === undefined || (seen.deleted && seen.masterId === null)) return done(row);
  if (seen.masterId !== null && seen.deleted) {
    const message = `${sobject} ${id} was merged, and lives on as ${seen.masterId}`;
    return failed(new HubError('gone', message, { existingId: seen.masterId }));
  }
  // Restored between the two calls, or refused for something else than its own absence.
  if (errors[0]?.code !== 'ENTITY_IS_DELETED') return failed(rowError(errors, row.write));
  return failed(new HubError('stale_write', `${sobject} ${id} was not there to be deleted, and came back`));
}
