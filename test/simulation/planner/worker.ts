import { parentPort, workerData } from 'node:worker_threads';
import { liveMany, type Stretch } from './live-many.ts';

// A thread that lives one stretch of seeds.
parentPort?.postMessage(liveMany(workerData as Stretch));
