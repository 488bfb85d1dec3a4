import type { Job } from '../../../src/jobs/catalogue.ts';
import type { JobQueue } from '../../../src/jobs/queue.ts';
import { between, chance } from '../../../src/sandbox/random.ts';
import type { Schedule } from './schedule.ts';

/** A queue that drops a tenth of its jobs, repeats a tenth, and gives them out in any order; `honest` ends that. */
export type SimQueue = {
  readonly asJobQueue: JobQueue;
  put(job: Job): void;
  take(): Job | undefined;
  /** When the next job is ready; null when there is none. */
  nextMs(): number | null;
  clear(): void;
  isHonest: boolean;
};

export function openSimQueue(random: () => number, schedule: Schedule, reached: Set<string>): SimQueue {
  const jobs: { readonly job: Job; readonly readyMs: number }[] = [];
  const put = (job: Job) => jobs.push({ job, readyMs: schedule.nowMs() + (queue.isHonest ? 0 : between(random, 0, 3_000)) });
  const queue: SimQueue = {
    isHonest: false,
    put,
    take() {
      const ready = jobs.filter(({ readyMs }) => readyMs <= schedule.nowMs());
      const one = ready[Math.floor(random() * ready.length)];
      if (one === undefined) return undefined;
      jobs.splice(jobs.indexOf(one), 1);
      return one.job;
    },
    nextMs: () => (jobs.length === 0 ? null : Math.min(...jobs.map(({ readyMs }) => readyMs))),
    clear: () => void jobs.splice(0),
    asJobQueue: {
      async nudge(job) {
        if (!queue.isHonest && chance(random, 0.1)) return void reached.add('the queue dropped a job');
        put(job);
        if (queue.isHonest || !chance(random, 0.1)) return;
        reached.add('the queue repeated a job');
        put(job);
      },
      schedule: async () => void put({ name: 'sweep' }),
      work: async () => async () => undefined,
      ping: async () => undefined,
      close: async () => undefined,
    },
  };
  return queue;
}
