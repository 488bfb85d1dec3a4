import { Queue } from 'bullmq';
import { sql } from 'kysely';
import { describe, expect, vi } from 'vitest';
import { type Job, QUEUE_NAME } from '../../src/jobs/catalogue.ts';
import { handle, startWorking } from '../../src/jobs/handlers.ts';
import { type JobQueue, openQueue } from '../../src/jobs/queue.ts';
import { test as base } from '../support/database.ts';
import { openWorld } from '../sync/world.ts';
import { BACKENDS, type Backend } from './homes.ts';

type Opened = { readonly queue: JobQueue; readonly errors: unknown[]; forget(): Promise<void> };

/** A queue on a home of its own. `forget`: the home loses everything that it held. */
async function withQueue(backend: Backend, databaseUrl: string, work: (opened: Opened) => Promise<void>): Promise<void> {
  const { home, close } = await backend.open(databaseUrl);
  const errors: unknown[] = [];
  const queue = await openQueue(home, (error) => errors.push(error));
  const forget = async () => {
    if (!('redisUrl' in home)) throw new Error('only the queue on Redis is forgotten as a whole');
    const raw = new Queue(QUEUE_NAME, { connection: { url: home.redisUrl } });
    await raw.obliterate({ force: true });
    for (const { key } of await raw.getJobSchedulers()) await raw.removeJobScheduler(key);
    await raw.close();
  };
  try {
    await work({ queue, errors, forget });
  } finally {
    await queue.close();
    await close();
  }
}

const SOON = { timeout: 15_000, interval: 10 };

describe.for(BACKENDS)('the queue on $name', (backend) => {
  const test = base.extend<{ opened: Opened }>({
    opened: async ({ database, skip }, use) => {
      if (backend.missing !== null) skip(backend.missing);
      await withQueue(backend, database.url, use);
    },
  });
  const noted = () => {
    const jobs: Job[] = [];
    return { jobs, handle: async (job: Job) => void jobs.push(job) };
  };

  test('a nudge is handled, once', async ({ opened: { queue, errors } }) => {
    const { jobs, handle } = noted();
    const stop = await queue.work(handle, (error) => errors.push(error));
    await queue.nudge({ name: 'tend', connectionId: 'k1' });
    await queue.nudge({ name: 'reconcile', hubObject: 'contact' });
    await vi.waitFor(() => expect(jobs).toHaveLength(2), SOON);
    expect(jobs).toEqual(
      expect.arrayContaining([
        { name: 'tend', connectionId: 'k1' },
        { name: 'reconcile', hubObject: 'contact' },
      ]),
    );
    await stop();
    expect(errors).toEqual([]);
  });

  test('a nudge that comes while nobody works is handled later', async ({ opened: { queue } }) => {
    await queue.nudge({ name: 'tend', connectionId: 'k1' });
    const { jobs, handle } = noted();
    const stop = await queue.work(handle, () => undefined);
    await vi.waitFor(() => expect(jobs).toEqual([{ name: 'tend', connectionId: 'k1' }]), SOON);
    await stop();
  });

  test('a nudge that comes while the same job runs is handled after it', async ({ opened: { queue } }) => {
    let finish: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (finish = resolve));
    let runs = 0;
    const stop = await queue.work(
      async () => {
        runs += 1;
        if (runs === 1) await running;
      },
      () => undefined,
    );
    await queue.nudge({ name: 'tend', connectionId: 'k1' });
    await vi.waitFor(() => expect(runs).toBe(1), SOON);
    await queue.nudge({ name: 'tend', connectionId: 'k1' });
    finish();
    await vi.waitFor(() => expect(runs).toBe(2), SOON);
    await stop();
  });

  test('the sweep comes again and again, and scheduling it twice does not double it', async ({ opened: { queue } }) => {
    const { jobs, handle } = noted();
    const stop = await queue.work(handle, () => undefined);
    await Promise.all([queue.schedule(), queue.schedule()]);
    const started = Date.now();
    await vi.waitFor(() => expect(jobs.length).toBeGreaterThanOrEqual(3), SOON);
    expect(jobs.every((job) => job.name === 'sweep')).toBe(true);
    expect(jobs.length).toBeLessThanOrEqual((Date.now() - started) / 1_000 + 2);
    await stop();
  });

  test('a job that throws is told, and the next one is handled', async ({ opened: { queue } }) => {
    const told: string[] = [];
    const jobs: Job[] = [];
    const stop = await queue.work(
      async (job) => {
        if (job.name === 'reconcile') throw new Error('broken');
        jobs.push(job);
      },
      (error, job) => told.push(`${job}: ${error instanceof Error ? error.message : String(error)}`),
    );
    await queue.nudge({ name: 'reconcile', hubObject: 'contact' });
    await queue.nudge({ name: 'tend', connectionId: 'k1' });
    await vi.waitFor(() => expect([told, jobs.length]).toEqual([['reconcile: broken'], 1]), SOON);
    await stop();
  });

  test('stopping waits for running jobs to finish: what has begun is ended', async ({ opened: { queue } }) => {
    let finish: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (finish = resolve));
    const [begun, ended]: [string[], string[]] = [[], []];
    const stop = await queue.work(
      async (job) => {
        const id = 'connectionId' in job ? job.connectionId : job.name;
        begun.push(id);
        await running;
        ended.push(id);
      },
      () => undefined,
    );
    await queue.nudge({ name: 'tend', connectionId: 'k1' });
    await vi.waitFor(() => expect(begun).toEqual(['k1']), SOON);
    let stopped = false;
    const stopping = stop().then(() => (stopped = true));
    await queue.nudge({ name: 'tend', connectionId: 'k2' });
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect(ended).toEqual(begun);
    expect(ended).toContain('k1');
  });

  test('the queue says that it answers', async ({ opened: { queue } }) => {
    await expect(queue.ping()).resolves.toBeUndefined();
  });

  test('a schedule that the queue has lost comes back by itself', async ({ opened, hub }) => {
    await using world = await openWorld(hub);
    const swept = async () => Number((await sql<{ n: string }>`select count(*) as n from link`.execute(hub)).rows[0]?.n);
    let nap: () => void = () => undefined;
    // The guard's own sleep ends when the test says so.
    const clock = {
      ...world.engine.clock,
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          nap = resolve;
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
    };
    const noSchedule: JobQueue = { ...opened.queue, schedule: vi.fn(async () => undefined) };
    const stop = await startWorking({ ...world.engine, clock }, noSchedule);
    world.sf.create('Contact', { LastName: 'Lovelace', Email: 'ada@example.com' });
    await vi.waitFor(() => expect(noSchedule.schedule).toHaveBeenCalledTimes(1), SOON);
    nap();
    await vi.waitFor(() => expect(noSchedule.schedule).toHaveBeenCalledTimes(2), SOON);
    await vi.waitFor(async () => {
      nap();
      expect(await swept()).toBeGreaterThan(0);
    }, SOON);
    await stop();
  });

  test('jobs that run twice, side by side, and out of order do no harm', async ({ opened: { queue }, hub }) => {
    await using world = await openWorld(hub);
    for (let nth = 0; nth < 20; nth += 1) {
      world.sf.create('Contact', { LastName: `Last ${nth}`, Email: `s${nth}@example.com` });
      world.hs.contacts.add({ lastname: `Last ${nth}`, email: `h${nth}@example.com` });
    }
    const signal = AbortSignal.timeout(20_000);
    const { rows } = await sql<{ id: string }>`select id from connection`.execute(hub);
    const jobs: Job[] = [
      { name: 'sweep' },
      { name: 'reconcile', hubObject: 'contact' },
      ...rows.map(({ id }): Job => ({ name: 'tend', connectionId: id })),
    ];
    for (let round = 0; round < 4; round += 1)
      await Promise.all([...jobs, ...jobs.toReversed()].map((job) => handle(world.engine, queue, job, signal)));
    await world.settle();
    expect(await world.summary()).toMatchObject({
      people: { hub: 40, hubspot: 40, salesforce: 40 },
      differing: 0,
      duplicates: 0,
      holds: 0,
    });
    expect(await world.settle()).toBe(0);
  });
});

describe.for(BACKENDS.filter(({ name }) => name === 'Redis'))('a queue on $name that lost everything', (backend) => {
  base('is given its schedule again, and works on', async ({ database, skip }) => {
    if (backend.missing !== null) skip(backend.missing);
    await withQueue(backend, database.url, async ({ queue, forget }) => {
      const jobs: Job[] = [];
      const stop = await queue.work(
        async (job) => void jobs.push(job),
        () => undefined,
      );
      await queue.schedule();
      await vi.waitFor(() => expect(jobs.length).toBeGreaterThan(0), SOON);
      await forget();
      const before = jobs.length;
      await queue.schedule();
      await vi.waitFor(() => expect(jobs.length).toBeGreaterThan(before + 1), SOON);
      await stop();
    });
  });
});
