import { type ErrorKind, HubError } from '../../../src/contract/errors.ts';
import type { WriteOutcome } from '../../../src/contract/records.ts';

/** One write on its way: its place in the batch, and the properties that HubSpot may refuse by name. */
export type Row = { readonly index: number; readonly properties: Readonly<Record<string, string>> };
export type Outcomes = Map<number, WriteOutcome>;

const ROW_FAULTS: ReadonlySet<ErrorKind> = new Set(['record_rejected', 'already_there', 'gone']);
const NOTHING_DONE: ReadonlySet<ErrorKind> = new Set([
  'rate_limited',
  'locked',
  'quota_spent',
  'signed_out',
  'not_allowed',
  'misconfigured',
]);
// Refused for the property itself, whatever its value: every row that names it fails alike.
const PROPERTY_FAULTS: ReadonlySet<string> = new Set(['PROPERTY_DOESNT_EXIST', 'READ_ONLY_VALUE']);

/**
 * Sends rows so that one bad row does not take the others with it. HubSpot refuses some batches whole and writes nothing of them; such a
 * batch is split, by the properties it complains of where it names any, until the bad rows stand alone.
 */
export async function isolate<R extends Row>(rows: readonly R[], send: (rows: readonly R[]) => Promise<Outcomes>): Promise<Outcomes> {
  if (rows.length === 0) return new Map();
  try {
    return await send(rows);
  } catch (error) {
    if (!(error instanceof HubError) || !ROW_FAULTS.has(error.kind)) throw error;
    const { bad, parts } = split(rows, error);
    const outcomes: Outcomes = new Map(bad.map(({ index }) => [index, { done: false, error }]));
    for (const part of parts) await following(outcomes, part, () => isolate(part, send));
    return outcomes;
  }
}

/**
 * Runs a later step and adds its outcomes. Once something is written, a refusal that surely did nothing belongs to the rows of its own
 * step; a failure that may have done something is thrown, because then nothing is known any more.
 */
export async function following(outcomes: Outcomes, rows: readonly Row[], step: () => Promise<Outcomes>): Promise<void> {
  try {
    for (const [index, outcome] of await step()) outcomes.set(index, outcome);
  } catch (error) {
    const somethingDone = [...outcomes.values()].some(({ done }) => done);
    if (!somethingDone || !(error instanceof HubError) || !NOTHING_DONE.has(error.kind)) throw error;
    for (const { index } of rows) outcomes.set(index, { done: false, error });
  }
}

function split<R extends Row>(rows: readonly R[], error: HubError): { bad: readonly R[]; parts: readonly (readonly R[])[] } {
  if (rows.length === 1) return { bad: rows, parts: [] };
  const suspects = rows.filter(({ properties }) => error.fields.some((field) => properties[field] !== undefined));
  const others = rows.filter((row) => !suspects.includes(row));
  if (suspects.length > 0 && PROPERTY_FAULTS.has(error.code ?? '')) return { bad: suspects, parts: [others] };
  if (suspects.length > 0 && others.length > 0) return { bad: [], parts: [others, suspects] };
  const middle = Math.ceil(rows.length / 2);
  return { bad: [], parts: [rows.slice(0, middle), rows.slice(middle)] };
}
