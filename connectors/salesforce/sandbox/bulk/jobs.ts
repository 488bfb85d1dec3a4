import { makeId } from '../ids.ts';
import type { Org } from '../org.ts';
import { notFound, Refusal } from '../refusal.ts';
import { shownInstant } from '../soql/select.ts';
import { DELIMITERS, type Delimiter, type Dialect, LINE_ENDS, type LineEnd } from './csv.ts';

const LIFE_MS = 7 * 86_400_000;

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** What ingest and query jobs have in common. */
export type Job = {
  readonly id: string;
  readonly kind: 'ingest' | 'query';
  readonly version: string;
  readonly object: string;
  readonly operation: string;
  readonly dialect: Dialect;
  readonly createdAt: number;
  state: JobState;
  errorMessage: string | null;
  /** When the work was handed over; it is done half a delay later. */
  handedAt: number | null;
  processed: number;
  failed: number;
};

/** The job of one line of work, and what does that work when its time has come. */
export class Jobs<J extends Job> {
  readonly #org: Org;
  readonly #work: (job: J) => void;
  readonly #jobs = new Map<string, J>();

  constructor(org: Org, work: (job: J) => void) {
    this.#org = org;
    this.#work = work;
  }

  add(job: J): void {
    this.#jobs.set(job.id, job);
  }

  /** The job as it stands now, or a refusal; results are asked for in the version that the job was made in. */
  find(id: string, version: string): J {
    const job = this.#jobs.get(id);
    if (job === undefined || job.createdAt + LIFE_MS <= this.#org.now()) throw notFound();
    if (job.version !== version) {
      const message = `the job was made in ${job.version}, and is not to be asked for in ${version}`;
      throw new Refusal('API_VERSION_MISMATCH', message, { status: 409 });
    }
    this.#advance(job);
    return job;
  }

  all(): readonly J[] {
    for (const job of this.#jobs.values()) this.#advance(job);
    return [...this.#jobs.values()];
  }

  /** A job ends by the clock, which is looked at when the job is. */
  #advance(job: J): void {
    if (job.handedAt === null || (job.state !== 'UploadComplete' && job.state !== 'InProgress')) return;
    const waited = this.#org.now() - job.handedAt;
    const { bulkDelayMs } = this.#org.switches;
    if (waited >= bulkDelayMs) {
      job.state = 'JobComplete';
      this.#work(job);
    } else if (waited >= bulkDelayMs / 2) job.state = 'InProgress';
  }

  abort(job: J): void {
    if (job.state === 'JobComplete' || job.state === 'Failed') throw new Refusal('INVALIDJOBSTATE', `the job is ${job.state}`);
    job.state = 'Aborted';
  }

  remove(job: J): void {
    if (!isOver(job)) throw new Refusal('INVALIDJOBSTATE', `a job that is ${job.state} cannot be deleted`);
    this.#jobs.delete(job.id);
  }
}

export const isOver = ({ state }: Job) => state === 'JobComplete' || state === 'Failed' || state === 'Aborted';

/** A new id of a job; ingest and query jobs share the prefix. */
export function jobIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return makeId('750', count);
  };
}

/** The dialect that a request names, or a refusal. */
export function dialectOf({ columnDelimiter = 'COMMA', lineEnding = 'LF' }: Readonly<Record<string, unknown>>): Dialect {
  const delimiter = Object.keys(DELIMITERS).find((name): name is Delimiter => name === columnDelimiter);
  const lineEnd = Object.keys(LINE_ENDS).find((name): name is LineEnd => name === lineEnding);
  if (delimiter === undefined || lineEnd === undefined) {
    throw new Refusal('INVALID_INPUT', `unknown columnDelimiter ${columnDelimiter} or lineEnding ${lineEnding}`);
  }
  return { delimiter, lineEnd };
}

/** A job as the API shows it. */
export function shownJob(org: Org, job: Job) {
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: org.apiUserId,
    createdDate: shownInstant(job.createdAt),
    systemModstamp: shownInstant(job.handedAt ?? job.createdAt),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.version.slice(1)),
    lineEnding: job.dialect.lineEnd,
    columnDelimiter: job.dialect.delimiter,
    numberRecordsProcessed: job.processed,
    retries: 0,
    totalProcessingTime: job.state === 'JobComplete' ? 1 : 0,
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
  };
}
