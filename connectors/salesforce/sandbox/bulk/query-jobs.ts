import { objectBody, type Route, route } from '../api/exchange.ts';
import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { parseQuery } from '../soql/parse.ts';
import type { Resolved } from '../soql/path.ts';
import { type Found, runQuery } from '../soql/run.ts';
import { writeCsv } from './csv.ts';
import { dialectOf, type Job, Jobs, shownJob } from './jobs.ts';

const JOBS_PER_DAY = 10_000;
const DAY_MS = 86_400_000;

type QueryJob = Job & { readonly kind: 'query'; readonly query: string; found: Extract<Found, { kind: 'rows' }> | null };

/** Bulk 2.0 queries: a job, and its rows as CSV page by page. The last page says `null` where the others say how to go on. */
export function queryJobRoutes(org: Org, newId: () => string): readonly Route[] {
  const jobs = new Jobs<QueryJob>(org, (job) => {
    const found = runQuery(org, job.query, { all: job.operation === 'queryAll' });
    if (found.kind !== 'rows') throw new Error('aggregates were refused when the job was made');
    job.found = found;
    job.processed = found.rows.length;
  });
  return [
    route('POST /jobs/query', (_org, ask) => {
      const job = newJob(org, objectBody(ask), { id: newId(), version: ask.version });
      const made = jobs.all().filter(({ createdAt }) => createdAt > org.now() - DAY_MS).length;
      if (made >= JOBS_PER_DAY) {
        throw new Refusal('LIMIT_EXCEEDED', `Max bulk v2 query jobs (${JOBS_PER_DAY}) per 24 hrs has been reached`);
      }
      jobs.add(job);
      return { status: 200, body: shownJob(org, job) };
    }),
    route('GET /jobs/query', () => ({
      status: 200,
      body: { done: true, records: jobs.all().map((job) => shownJob(org, job)), nextRecordsUrl: null },
    })),
    route('GET /jobs/query/:id', (_org, ask, { id = '' }) => ({ status: 200, body: shownJob(org, jobs.find(id, ask.version)) })),
    route('PATCH /jobs/query/:id', (_org, ask, { id = '' }) => {
      const job = jobs.find(id, ask.version);
      if (objectBody(ask).state !== 'Aborted') throw new Refusal('INVALID_INPUT', 'a query job can be aborted only');
      jobs.abort(job);
      return { status: 200, body: shownJob(org, job) };
    }),
    route('DELETE /jobs/query/:id', (_org, ask, { id = '' }) => {
      jobs.remove(jobs.find(id, ask.version));
      return { status: 204 };
    }),
    route('GET /jobs/query/:id/results', (_org, ask, { id = '' }) => {
      const job = jobs.find(id, ask.version);
      const from = startOf(job, ask.query.get('locator'));
      return resultPage(org, job, { from, size: sizeOf(org, ask.query.get('maxRecords')) });
    }),
    route('GET /jobs/query/:id/resultPages', (_org, ask, { id = '' }) => {
      const job = jobs.find(id, ask.version);
      const size = sizeOf(org, null);
      const starts = Array.from({ length: Math.max(1, Math.ceil(job.processed / size)) }, (_, page) => page * size);
      const link = (from: number) =>
        `/services/data/${ask.version}/jobs/query/${id}/results${from === 0 ? '' : `?locator=${locator(from)}`}`;
      return { status: 200, body: { resultPages: starts.map((from) => ({ resultLink: link(from) })), done: true, nextRecordsUrl: null } };
    }),
  ];
}

function newJob(org: Org, body: Readonly<Record<string, unknown>>, { id, version }: { id: string; version: string }): QueryJob {
  const { operation, query: text } = body;
  if (operation !== 'query' && operation !== 'queryAll') throw new Refusal('INVALID_INPUT', `unknown operation ${operation}`);
  if (typeof text !== 'string') throw new Refusal('INVALID_INPUT', 'query is required');
  const query = parseQuery(text);
  const unable = (what: string) => new Refusal('API_ERROR', `Implementation restriction: ${what} not supported in Bulk Query`);
  if (query.offset > 0) throw unable('OFFSET is');
  if (query.groupBy.length > 0) throw unable('GROUP BY is');
  if (query.selected.some(({ kind }) => kind === 'aggregate' || kind === 'count')) throw unable('Aggregate functions are');
  if (query.selected.some(({ kind }) => kind === 'children')) throw unable('Child subqueries are');
  if (query.selected.some(({ kind }) => kind === 'typeof')) throw unable('TYPEOF is');
  const found = runQuery(org, `${text}`, { all: operation === 'queryAll' });
  if (found.kind === 'rows' && found.fields.some(({ field }) => field.type === 'address')) {
    throw new Refusal('FEATURENOTENABLED', 'Selecting compound data not supported in Bulk Query');
  }
  const object = org.schema(query.from).name;
  const plain = { errorMessage: null, processed: 0, failed: 0, found: null, createdAt: org.now(), handedAt: org.now() };
  return { id, kind: 'query', version, object, operation, query: text, dialect: dialectOf(body), state: 'UploadComplete', ...plain };
}

const locator = (from: number) => Buffer.from(`row ${from}`).toString('base64url');

function startOf(job: QueryJob, given: string | null): number {
  if (given === null) return 0;
  const from = Number(/^row (\d+)$/.exec(Buffer.from(given, 'base64url').toString())?.[1] ?? Number.NaN);
  if (from < job.processed) return from;
  throw new Refusal('INVALID_LOCATOR', 'the locator is not one of this job');
}

function sizeOf(org: Org, given: string | null): number {
  const size = given === null ? org.switches.bulkPageRows : Number(given);
  if (!Number.isInteger(size) || size < 1) throw new Refusal('INVALID_INPUT', `maxRecords is a whole number, not ${given}`);
  return Math.min(size, org.switches.bulkPageRows);
}

function resultPage(org: Org, { found, state, dialect }: QueryJob, { from, size }: { from: number; size: number }) {
  if (found === null) throw new Refusal('INVALIDJOBSTATE', `the job is ${state}, and has no results yet`);
  const rows = found.rows.slice(from, from + size);
  const header = found.fields.map(headerOf);
  const cells = rows.map((row) => found.fields.map(({ field, read }) => cell(org, { type: field.type, value: read(row) })));
  const end = from + rows.length;
  const headers = {
    'content-type': 'text/csv',
    'sforce-locator': end < found.rows.length ? locator(end) : 'null',
    'sforce-numberofrecords': String(rows.length),
  };
  return { status: 200, text: writeCsv([header, ...cells], dialect), headers };
}

function headerOf({ steps, field }: Resolved): string {
  return [...steps.map(({ through }) => through.relationship ?? through.name), field.name].join('.');
}

type Cell = { readonly type: Resolved['field']['type']; readonly value: string | number | boolean | null };

/** Values as texts: null and the empty text look alike, whole numbers of fractional fields have a `.0`, and datetimes end in Z. */
function cell(org: Org, { type, value }: Cell): string {
  if (value === null) return '';
  if (type === 'encryptedstring' && !org.switches.viewEncrypted) return '*'.repeat(String(value).length);
  if (typeof value !== 'number') return String(value);
  if (type === 'datetime') return new Date(value).toISOString();
  return type !== 'int' && Number.isInteger(value) ? `${value}.0` : String(value);
}
