import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '../support/free-port.ts';

/** A Redis that can be struck down; it keeps nothing, so that whenever it is started again it is empty. */
export type OwnRedis = AsyncDisposable & {
  readonly url: string;
  kill(): Promise<void>;
  startAgain(): Promise<void>;
  /** FLUSHALL: schedule, waiting jobs, and all that BullMQ keeps is gone at once. */
  forget(): Promise<void>;
};

export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).error === undefined;

export async function openRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await startOn(port, url);
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    kill,
    startAgain: async () => {
      server = await startOn(port, url);
    },
    forget: () => ask(url, (client) => client.flushall()),
    [Symbol.asyncDispose]: kill,
  };
}

async function startOn(port: number, url: string): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const server = spawn('redis-server', flags, { stdio: 'ignore' });
  await ask(url, (client) => client.ping());
  return server;
}

async function ask(url: string, question: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  // Refused connections are what it waits through.
  client.on('error', () => undefined);
  await question(client);
  client.disconnect();
}
