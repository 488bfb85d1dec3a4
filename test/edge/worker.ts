import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const WRANGLER = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url));
/** Wrangler tells nobody what it does, asks nobody for anything, and leaves nothing in the home of whoever runs it. */
const AT_HOME = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_LOG_PATH: join(tmpdir(), 'syncline-wrangler-logs'),
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  CI: 'true',
  NO_COLOR: '1',
};
const START_MS = 60_000;
const ASK_AGAIN_MS = 100;
const STOP_MS = 10_000;

type Started = { readonly child: ChildProcess; said(): string };

/** Runs wrangler on this very Node. */
function startWrangler(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...AT_HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: wrangler starts workerd, and both have to end.
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, said: () => said };
}

/** Ends wrangler and what it started. */
async function stop({ child }: Started): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  const late = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}

export type Worker = AsyncDisposable & {
  readonly origin: string;
  /** What the Worker and wrangler have printed. */
  said(): string;
};

/** The Worker of wrangler.toml in workerd, against this database. */
export async function openWorker(databaseUrl: string, secrets: Readonly<Record<string, string>>): Promise<Worker> {
  const port = await freePort();
  const vars = Object.entries(secrets).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
  const inspector = ['--inspector-port', String(await freePort())];
  const args = [
    'dev',
    '--local',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    ...inspector,
    '--show-interactive-dev-session=false',
    ...vars,
  ];
  const started = startWrangler(args, { CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: databaseUrl });
  const origin = `http://127.0.0.1:${port}`;
  try {
    await answering(origin, started);
  } catch (error) {
    await stop(started);
    throw error;
  }
  return { origin, said: started.said, [Symbol.asyncDispose]: () => stop(started) };
}

async function answering(origin: string, { child, said }: Started): Promise<void> {
  const until = Date.now() + START_MS;
  while (
    !(await fetch(`${origin}/healthz`).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`wrangler dev does not answer:\n${said()}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

/** The files that went into the Worker, from the root of the project. */
export async function bundleOfWorker(): Promise<{ readonly inputs: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-edge-'));
  try {
    const started = startWrangler(['deploy', '--dry-run', '--outdir', folder, '--metafile']);
    const [code] = await once(started.child, 'exit');
    if (code !== 0) throw new Error(`wrangler cannot bundle the Worker:\n${started.said()}`);
    const { inputs } = JSON.parse(await readFile(join(folder, 'bundle-meta.json'), 'utf8')) as {
      inputs: Readonly<Record<string, unknown>>;
    };
    return { inputs: Object.keys(inputs) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
