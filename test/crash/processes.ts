import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until.ts';

export type Half = 'work' | 'serve' | 'start';

/** A process of the product. */
export type Running = {
  readonly half: Half;
  readonly pid: number;
  /** All that it has said so far. */
  said(): string;
  readonly hasEnded: () => boolean;
  /** Sends a signal; after SIGKILL and SIGTERM it resolves when the process has ended, with its exit code. */
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<number | null>;
};

const ROOT = join(import.meta.dirname, '../..');
const READY = /^(working|ready .*)$/m;

/** Starts `syncline work`, `serve`, or `start`, and waits until it says that it is there. */
export async function startProcess(half: Half, environment: Readonly<Record<string, string>>): Promise<Running> {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env;
  const child = spawn(process.execPath, ['src/main.ts', half], {
    cwd: ROOT,
    env: { ...inherited, SYNCLINE_ALLOW_PRIVATE: '127.0.0.0/8', LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const running = watched(half, child);
  await until(`syncline ${half} is up`, () => READY.test(running.said()) || running.hasEnded(), { tell: async () => running.said() });
  if (running.hasEnded()) throw new Error(`syncline ${half} ended before it was up: ${running.said()}`);
  return running;
}

function watched(half: Half, child: ChildProcess): Running {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  return {
    half,
    pid: child.pid ?? 0,
    said: () => said,
    hasEnded: () => hasEnded,
    signal: async (name) => {
      child.kill(name);
      return name === 'SIGKILL' || name === 'SIGTERM' ? ended : null;
    },
  };
}
