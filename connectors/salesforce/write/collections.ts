import { HubError } from '../../../src/contract/errors.ts';
import type { Write, WriteOutcome } from '../../../src/contract/records.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import { rowError } from '../http/errors.ts';
import type { SaveResult } from '../http/wire.ts';

/** The most rows that one call takes. */
const batchMax = 200;

/** A write on its way, with its place among those that it came with. */
export type Row<W extends Write> = { readonly index: number; readonly write: W };
export type Outcomes = Map<number, WriteOutcome>;
/** One call for some rows: an outcome for each, in order. It throws when no row is known to have been done. */
export type Send<R> = (rows: readonly R[]) => Promise<readonly WriteOutcome[]>;

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

/** Sends rows, `batchMax` in a call. Keeps what it learns in `outcomes`. */
export async function sendAll<R extends Row<Write>>(send: Send<R>, rows: readonly R[], outcomes: Outcomes): Promise<void> {
  for (const batch of chunk(rows, batchMax)) await sendRows(send, batch, outcomes);
}

// What is refused as a whole is halved, until the row that spoils the call stands alone.
async function sendRows<R extends Row<Write>>(send: Send<R>, rows: readonly R[], outcomes: Outcomes): Promise<void> {
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
    for (const { index, write } of rows) outcomes.set(index, isAlone ? { done: false, error } : afterFailure(write, error));
  }
}
