import { randomFrom, seedOf } from '../../../../src/sandbox/random.ts';
import { callerOf, objectBody, type Reply, type Route, route } from '../api/exchange.ts';
import type { Org } from '../org.ts';
import type { Caller } from '../records/input.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import { readCsv, writeCsv } from './csv.ts';
import { loadRows, OPERATIONS, type Operation, type RowDone, unknownColumns } from './ingest-rows.ts';
import { dialectOf, isOver, type Job, Jobs, shownJob } from './jobs.ts';

const MAX_UPLOAD_BYTES = 100_000_000;
const MAX_HEADER = 32_000;

type IngestJob = Job & {
  readonly kind: 'ingest';
  readonly operation: Operation;
  readonly externalId: string | null;
  readonly caller: Caller;
  /** The upload; there is one to a job. */
  csv: string | null;
  header: readonly string[];
  done: readonly RowDone[];
  unprocessed: readonly (readonly string[])[];
};

/** Bulk 2.0 ingest: a job, one upload, and three result files whose rows are in no order. JobComplete does not mean that rows succeeded. */
export function ingestJobRoutes(org: Org, { newId, seed }: { readonly newId: () => string; readonly seed: number }): readonly Route[] {
  const jobs = new Jobs<IngestJob>(org, (job) => work(org, job, seed));
  const shown = (job: IngestJob, { version }: { version: string }) => ({
    ...shownJob(org, job),
    jobType: 'V2Ingest',
    contentUrl: `services/data/${version}/jobs/ingest/${job.id}/batches`,
    numberRecordsFailed: job.failed,
    ...(job.externalId === null ? {} : { externalIdFieldName: job.externalId }),
  });
  const results = (name: string, of: (job: IngestJob) => readonly (readonly string[])[]) =>
    route(`GET /jobs/ingest/:id/${name}`, (_org, ask, { id = '' }): Reply => {
      const job = jobs.find(id, ask.version);
      if (!isOver(job)) throw new Refusal('INVALIDJOBSTATE', `the job is ${job.state}, and has no results yet`);
      return { status: 200, text: writeCsv(of(job), job.dialect), headers: { 'content-type': 'text/csv' } };
    });
  const failed = ({ done }: IngestJob) => done.filter(({ error }) => error !== null);
  return [
    route('POST /jobs/ingest', (_org, ask) => {
      const job = newJob(org, objectBody(ask), { id: newId(), version: ask.version, caller: { ...callerOf(org, ask), allowSave: false } });
      jobs.add(job);
      return { status: 200, body: shown(job, ask) };
    }),
    route('GET /jobs/ingest', (_org, ask) => ({
      status: 200,
      body: { done: true, records: jobs.all().map((job) => shown(job, ask)), nextRecordsUrl: null },
    })),
    route('GET /jobs/ingest/:id', (_org, ask, { id = '' }) => ({ status: 200, body: shown(jobs.find(id, ask.version), ask) })),
    route('PUT /jobs/ingest/:id/batches', (_org, ask, { id = '' }) => {
      const job = jobs.find(id, ask.version);
      if (job.state !== 'Open' || job.csv !== null) throw new Refusal('INVALIDJOBSTATE', 'a job takes one upload while it is open');
      const text = typeof ask.body === 'string' ? ask.body : '';
      if (Buffer.byteLength(text) > MAX_UPLOAD_BYTES) throw new Refusal('INVALID_INPUT', 'an upload has 100 MB at most', { status: 413 });
      job.csv = text;
      return { status: 201 };
    }),
    route('PATCH /jobs/ingest/:id', (_org, ask, { id = '' }) => {
      const job = jobs.find(id, ask.version);
      const { state } = objectBody(ask);
      if (state === 'Aborted') jobs.abort(job);
      else if (state !== 'UploadComplete' || job.state !== 'Open')
        throw new Refusal('INVALIDJOBSTATE', `from ${job.state} to ${state} is no way`);
      else {
        job.state = 'UploadComplete';
        job.handedAt = org.now();
      }
      return { status: 200, body: shown(job, ask) };
    }),
    route('DELETE /jobs/ingest/:id', (_org, ask, { id = '' }) => {
      jobs.remove(jobs.find(id, ask.version));
      return { status: 204 };
    }),
    results('successfulResults', (job) => [
      ['sf__Id', 'sf__Created', ...job.header],
      ...job.done.filter(({ error }) => error === null).map(({ id, created, row }) => [id, String(created), ...row]),
    ]),
    results('failedResults', (job) => [
      ['sf__Id', 'sf__Error', ...job.header],
      ...failed(job).map(({ id, error, row }) => [id, error ?? '', ...row]),
    ]),
    results('unprocessedrecords', (job) => [job.header, ...job.unprocessed]),
  ];
}

type Given = { readonly id: string; readonly version: string; readonly caller: Caller };

function newJob(org: Org, body: Readonly<Record<string, unknown>>, { id, version, caller }: Given): IngestJob {
  const schema: ObjectSchema = org.schema(String(body.object));
  const operation = OPERATIONS.find((one) => one === body.operation);
  if (operation === undefined) throw new Refusal('INVALID_INPUT', `unknown operation ${body.operation}`);
  if (!schema.writable) throw new Refusal('INVALIDENTITY', `Entity '${schema.name}' is not supported by the Bulk API.`);
  const named = typeof body.externalIdFieldName === 'string' ? body.externalIdFieldName : null;
  const key = named === null ? undefined : org.visibleField(schema, named);
  if (operation === 'upsert' && key?.externalId !== true) {
    throw new Refusal('INVALID_INPUT', `Field name provided, ${named} does not match an External ID for ${schema.name}`);
  }
  const plain = { errorMessage: null, handedAt: null, processed: 0, failed: 0, csv: null, header: [], done: [], unprocessed: [] };
  const externalId = operation === 'upsert' ? (key?.name ?? null) : null;
  const common = { id, kind: 'ingest', version, object: schema.name, operation, externalId, caller } as const;
  return { ...common, ...plain, dialect: dialectOf(body), createdAt: org.now(), state: 'Open' };
}

function work(org: Org, job: IngestJob, seed: number): void {
  const parsed = readCsv((job.csv ?? '').replace(/^\uFEFF/, ''), job.dialect);
  const [header = [], ...rows] = parsed ?? [];
  job.header = header;
  job.unprocessed = rows;
  const schema = org.schema(job.object);
  const fault =
    parsed === null
      ? `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${job.dialect.lineEnd}`
      : faultOf(org, schema, { header, rows });
  if (fault !== null) {
    job.state = 'Failed';
    job.errorMessage = fault;
    return;
  }
  const done = loadRows(org, { operation: job.operation, schema, externalId: job.externalId, header, rows, caller: job.caller });
  job.unprocessed = [];
  job.done = shuffled(done, seedOf(seed, job.id));
  job.processed = done.length;
  job.failed = done.filter(({ error }) => error !== null).length;
}

type Sheet = { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** Why the whole job fails, or null. */
function faultOf(org: Org, schema: ObjectSchema, { header, rows }: Sheet): string | null {
  if (header.join(',').length > MAX_HEADER) return 'InvalidBatch : the header row has 32000 characters at most';
  const [unknown] = unknownColumns(org, schema, header);
  if (unknown !== undefined) return `InvalidBatch : Field name not found : ${unknown}`;
  const isRagged = rows.some(({ length }) => length !== header.length);
  return isRagged ? 'InvalidBatch : a row has another number of columns than the header' : null;
}

/** The same items in another order, the same one in every run. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = randomFrom(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
