import { HubError } from '../../../src/contract/errors.ts';
import type { Write, WriteOutcome } from '../../../src/contract/records.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import type { Call, Client } from '../http/client.ts';
import { bodyOf, composite, type Subanswer } from '../http/composite.ts';
import { isGovernorLimit, rowError } from '../http/errors.ts';
import type { SaveResult } from '../http/wire.ts';

/** The most rows that one collection takes, and the most collections that one call takes. */
const collectionMax = 200;
const togetherMax = 5;

/** A write on its way, with its place among those that it came with. */
export type Row<W extends Write> = { readonly index: number; readonly write: W };
export type Outcomes = Map<number, WriteOutcome>;
/** One kind of call for some rows, and what its answer says of each, in order; `read` throws when no row is known to have been done. */
export type Collection<R> = {
  readonly call: (rows: readonly R[]) => Call;
  readonly read: (rows: readonly R[], body: unknown) => Promise<readonly WriteOutcome[]>;
};

/** What one answer of a collection says of its row. */
export function toOutcome(write: Write, result: SaveResult | undefined): WriteOutcome {
  if (result === undefined) return { done: false, error: new HubError('stale_write', 'the answer leaves this row out') };
  if (!result.ok) return { done: false, error: rowError(result.errors, write) };
  const id = 'id' in write ? write.id : result.id;
  if (id === null) return { done: false, error: new HubError('stale_write', 'the answer names no id for the new record') };
  return { done: true, id, observed: null };
}

/** Refuses an answer that says nothing of any row. */
export function requireRows(results: readonly SaveResult[]): readonly SaveResult[] {
  if (results.length === 0) throw new HubError('broken_answer', 'the answer has no row at all');
  return results;
}

/** An outcome for a row of a call that failed while others of the same `apply` went through. */
function afterFailure(write: Write, error: HubError): WriteOutcome {
  const isOpen = write.verb === 'create' && (error.kind === 'unreachable' || error.kind === 'broken_answer');
  // An update or a delete may be sent again; a create may have been made, and has to be looked for first.
  return {
    done: false,
    error: isOpen ? new HubError('stale_write', `the create was not answered: ${error.message}`, { cause: error }) : error,
  };
}

/** Sends rows: `collectionMax` in a call, or five such collections in one. Keeps what it learns in `outcomes`. */
export async function sendAll<R extends Row<Write>>(
  client: Client,
  collection: Collection<R>,
  rows: readonly R[],
  outcomes: Outcomes,
): Promise<void> {
  for (const batch of chunk(rows, collectionMax * togetherMax)) {
    const parts = [...chunk(batch, collectionMax)];
    const [only = []] = parts;
    if (parts.length <= 1) await sendRows({ client, collection }, only, outcomes);
    else await sendTogether({ client, collection }, parts, outcomes);
  }
}

type Desk<R extends Row<Write>> = { readonly client: Client; readonly collection: Collection<R> };

async function sendTogether<R extends Row<Write>>(desk: Desk<R>, parts: readonly (readonly R[])[], outcomes: Outcomes): Promise<void> {
  let answers: readonly Subanswer[];
  try {
    answers = await composite(
      desk.client,
      parts.map((rows) => desk.collection.call(rows)),
    );
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (error.kind !== 'record_rejected') return keepFailure(error, parts.flat(), outcomes);
    for (const rows of parts) await sendRows(desk, rows, outcomes);
    return;
  }
  for (const [i, rows] of parts.entries()) {
    const answer = answers[i];
    if (answer === undefined) keepFailure(new HubError('broken_answer', 'the answer leaves a whole collection out'), rows, outcomes);
    else await settle(desk, rows, { outcomes, body: () => bodyOf(answer) });
  }
}

// What is refused as a whole is halved, until the row that spoils the call stands alone.
async function sendRows<R extends Row<Write>>(desk: Desk<R>, rows: readonly R[], outcomes: Outcomes): Promise<void> {
  await settle(desk, rows, { outcomes, body: async () => (await desk.client.send(desk.collection.call(rows))).body });
}

type Settling = { readonly outcomes: Outcomes; readonly body: () => Promise<unknown> | unknown };

async function settle<R extends Row<Write>>(desk: Desk<R>, rows: readonly R[], { outcomes, body }: Settling): Promise<void> {
  let answers: readonly WriteOutcome[];
  try {
    answers = await desk.collection.read(rows, await body());
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (error.kind !== 'record_rejected' || rows.length === 1) return keepFailure(error, rows, outcomes);
    for (const half of chunk(rows, Math.ceil(rows.length / 2))) await sendRows(desk, half, outcomes);
    return;
  }
  for (const [i, row] of rows.entries()) {
    const outcome = answers[i];
    if (outcome !== undefined) outcomes.set(row.index, outcome);
  }
  // So many rows were too much for the org's own automation: it takes fewer.
  const heavy = rows.filter((_row, i) => isTooMuchAtOnce(answers[i]));
  if (heavy.length > FEWEST) for (const half of chunk(heavy, Math.ceil(heavy.length / 2))) await sendRows(desk, half, outcomes);
}

/** So few rows are not sent in halves any more. */
const FEWEST = 10;

const isTooMuchAtOnce = (outcome: WriteOutcome | undefined): boolean => outcome?.done === false && isGovernorLimit(outcome.error);

// As long as nothing was done, the whole `apply` may fail; later, what was done must not be forgotten.
function keepFailure(error: HubError, rows: readonly Row<Write>[], outcomes: Outcomes): void {
  const isAlone = error.kind === 'record_rejected';
  if (!isAlone && ![...outcomes.values()].some(({ done }) => done)) throw error;
  for (const { index, write } of rows) outcomes.set(index, isAlone ? { done: false, error } : afterFailure(write, error));
}
