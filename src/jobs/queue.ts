import { createPostgresBackend, type JobsOptions, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type Job, QUEUE_NAME, STOP_WITHIN_MS, SWEEP_EVERY_MS } from './catalogue.ts';

/** Where the queue lives: Redis when there is one, else the hub's own Postgres, in a schema of its own. */
export type QueueHome = { readonly redisUrl: string } | { readonly databaseUrl: string };

export type JobQueue = {
  nudge(job: Job): Promise<void>;
  /** Keeps the sweep coming; safe to repeat. */
  schedule(): Promise<void>;
  /** Starts taking jobs. The function that it gives back stops: no new jobs, and the running ones have 25 s. */
  work(
    handle: (job: Job, signal: AbortSignal) => Promise<void>,
    onError: (error: unknown, job: string) => void,
  ): Promise<() => Promise<void>>;
  /** Whether the queue answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

const KEEP_NOTHING: JobsOptions = { removeOnComplete: true, removeOnFail: { count: 200, age: 86_400 }, attempts: 1 };
const CONCURRENCY = 8;

type Run = (job: { readonly name: string; readonly data: unknown }) => Promise<void>;
/** What both backends of BullMQ have in common, as far as the hub uses it. */
type Parts = {
  readonly queue: {
    add(name: string, data: unknown): Promise<unknown>;
    upsertJobScheduler(id: string, repeat: { every: number }, template: { name: string; opts: JobsOptions }): Promise<unknown>;
    getJobCounts(...states: ('waiting' | 'failed')[]): Promise<unknown>;
    on(event: 'error', listener: (error: Error) => void): unknown;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
  worker(run: Run): {
    on(event: 'error', listener: (error: Error) => void): unknown;
    on(event: 'failed', listener: (job: { readonly name: string } | undefined, error: Error) => void): unknown;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  };
  end(): Promise<void>;
};

function onRedis(redisUrl: string, onError: (error: unknown) => void): Parts {
  const connections: Redis[] = [];
  // What is handed to BullMQ is not closed by it, and would try to connect for ever.
  const kept = (one: Redis): Redis => {
    one.on('error', onError);
    connections.push(one);
    return one;
  };
  const connection = kept(new Redis(redisUrl, { maxRetriesPerRequest: null }));
  const queue = new Queue(QUEUE_NAME, { connection, defaultJobOptions: KEEP_NOTHING });
  return {
    queue,
    worker: (run) => new Worker(QUEUE_NAME, run, { connection: kept(connection.duplicate()), concurrency: CONCURRENCY }),
    end: async () => {
      for (const one of connections) one.disconnect();
    },
  };
}

function onPostgres(databaseUrl: string): Parts {
  const connection = { connectionString: databaseUrl, schema: 'bullmq', max: 4, application_name: 'syncline', migrate: true };
  const queue = new Queue(QUEUE_NAME, { connection, defaultJobOptions: KEEP_NOTHING }, createPostgresBackend);
  return {
    queue,
    worker: (run) => new Worker(QUEUE_NAME, run, { connection, concurrency: CONCURRENCY }, createPostgresBackend),
    end: async () => undefined,
  };
}

/** Opens the queue; it is a hint only, so what it loses, repeats, or reorders costs time and nothing else. */
export async function openQueue(home: QueueHome, onError: (error: unknown) => void): Promise<JobQueue> {
  const parts = 'redisUrl' in home ? onRedis(home.redisUrl, onError) : onPostgres(home.databaseUrl);
  parts.queue.on('error', onError);
  await parts.queue.waitUntilReady();
  return {
    async nudge(job) {
      const { name, ...data } = job;
      await parts.queue.add(name, data);
    },
    async schedule() {
      await parts.queue.upsertJobScheduler('sweep', { every: SWEEP_EVERY_MS }, { name: 'sweep', opts: KEEP_NOTHING });
    },
    async work(handle, onJobError) {
      const stopping = new AbortController();
      const worker = parts.worker(async (job) => handle({ name: job.name, ...(job.data as object) } as Job, stopping.signal));
      worker.on('error', onError);
      worker.on('failed', (job, error) => onJobError(error, job?.name ?? 'unknown'));
      await worker.waitUntilReady();
      return async () => {
        const closing = worker.close();
        const late = setTimeout(() => stopping.abort(new Error('the worker stops')), STOP_WITHIN_MS - 5_000);
        await closing.finally(() => clearTimeout(late));
      };
    },
    ping: async () => void (await parts.queue.getJobCounts('waiting')),
    async close() {
      await parts.queue.close();
      await parts.end();
    },
  };
}
