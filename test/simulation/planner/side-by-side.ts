import { Worker } from 'node:worker_threads';
import { type Lived, type Stretch, together } from './live-many.ts';

/** Lives a stretch of seeds in several threads, each its own part of it. */
export async function liveSideBySide({ seed, count }: Stretch, threads: number): Promise<Lived> {
  const each = Math.ceil(count / threads);
  const parts = Array.from({ length: threads }, (_, at) => ({ seed: seed + at * each, count: Math.min(each, count - at * each) }));
  return together(await Promise.all(parts.filter((part) => part.count > 0).map(liveApart)));
}

// What a history makes is garbage soon: room for much of it spares most of the collecting.
function liveApart(stretch: Stretch): Promise<Lived> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: stretch,
    // A deliberate bug is put into the sources of each thread; what a test runner was started with is none of theirs.
    execArgv: process.env.MUTANT === undefined ? [] : process.execArgv,
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with ${code} before its histories did`)));
  });
}
