import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { QueueHome } from '../../src/jobs/queue.ts';
import { freePort } from '../support/free-port.ts';

/** A Redis of its own on a free port, which keeps nothing. */
export type OwnRedis = { readonly url: string; stop(): Promise<void> };

/** Why Redis cannot be used here, or null. With `CI=true` nothing may be left out, so that it is tried whatever is there. */
function redisMissing(): string | null {
  if (process.env.CI === 'true') return null;
  if (spawnSync('redis-server', ['--version']).error === undefined) return null;
  console.warn('left out: the queue on Redis, because there is no redis-server on PATH');
  return 'there is no redis-server on this machine';
}

async function startRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
    { stdio: 'ignore' },
  );
  const failed = once(server, 'error').then(([error]: unknown[]) => {
    throw new Error('redis-server does not start; it is needed where CI=true', { cause: error });
  });
  const url = `redis://127.0.0.1:${port}`;
  await Promise.race([failed, answers(url)]);
  return {
    url,
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  // Refused connections are what it waits through.
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
}

export type Backend = {
  readonly name: string;
  readonly missing: string | null;
  open(databaseUrl: string): Promise<{ home: QueueHome; close(): Promise<void> }>;
};

/** Where a queue can live; the same tests run on all of them. */
export const BACKENDS: readonly Backend[] = [
  { name: 'Postgres', missing: null, open: async (databaseUrl) => ({ home: { databaseUrl }, close: async () => undefined }) },
  {
    name: 'Redis',
    missing: redisMissing(),
    open: async () => {
      const redis = await startRedis();
      return { home: { redisUrl: redis.url }, close: () => redis.stop() };
    },
  },
];
