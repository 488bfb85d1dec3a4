import { HubError } from '../../../src/contract/errors.ts';
import type { Client } from '../http/client.ts';
import { csvRows } from '../http/csv.ts';
import { parseJob, parseRecord, type VendorRow } from '../http/wire.ts';
import type { Room } from '../room.ts';

/** So many rows come in one answer, which is held in memory as a whole. */
const ROWS = 20_000;

/** What a refusal says about the job, and not about the moment or the session: then the rows are read page by page. */
export function isAboutJob(error: unknown): boolean {
  return error instanceof HubError && ['misconfigured', 'broken_answer', 'record_rejected', 'not_allowed'].includes(error.kind);
}

/** Lets Salesforce gather the rows of a query, and names the job. */
export async function startJob(client: Client, soql: string): Promise<string> {
  return parseJob((await client.send({ method: 'POST', path: '/jobs/query', body: { operation: 'query', query: soql } })).body).id;
}

/** Whether a job has come to its end, be it with its rows or without. */
export async function isGathered(client: Client, id: string): Promise<boolean> {
  const { state } = parseJob((await client.send({ method: 'GET', path: `/jobs/query/${id}` })).body);
  return ['JobComplete', 'Failed', 'Aborted'].includes(state);
}

type Results = { readonly rows: readonly VendorRow[]; readonly next: string | null };

/** Some of a job's rows, as a query would have shown them. `next`: what to ask for the following ones with. */
export async function resultsOf({ client, schema }: Room, id: string, locator: string | null): Promise<Results> {
  const from = locator === null ? '' : `&locator=${encodeURIComponent(locator)}`;
  const path = `/jobs/query/${id}/results?maxRecords=${ROWS}${from}`;
  const { body, header } = await client.send({ method: 'GET', path, as: 'text' });
  const [head = [], ...lines] = csvRows(String(body));
  const fields = await schema.fields();
  const columns = head.map((name) => ({ path: name.split('.'), type: fields.get(name)?.type ?? 'string' }));
  const rows = lines.map((line) => parseRecord(unflattened(columns, line)));
  const [told, next] = [header('sforce-numberofrecords'), header('sforce-locator')];
  if (told !== null && Number(told) !== rows.length)
    throw new HubError('broken_answer', `a page of a bulk query has ${rows.length} rows, and is said to have ${told}`);
  // The last page says it in so many letters.
  return { rows, next: next === null || next === 'null' || next === '' ? null : next };
}

type Column = { readonly path: readonly string[]; readonly type: string };

/** A line as the row that it stands for: a parent's column under the parent's name, and values by their types. */
function unflattened(columns: readonly Column[], line: readonly string[]): Readonly<Record<string, unknown>> {
  const row: Record<string, unknown> = {};
  for (const [i, { path, type }] of columns.entries()) {
    const [first = '', second] = path;
    const value = valueIn(line[i] ?? '', type);
    row[first] = second === undefined ? value : { [second]: value };
  }
  return row;
}

const NUMBERS = new Set(['int', 'long', 'double', 'currency', 'percent']);

function valueIn(cell: string, type: string): string | number | boolean | null {
  if (type === 'boolean') return cell === 'true';
  if (cell === '') return null;
  return NUMBERS.has(type) ? Number(cell) : cell;
}
