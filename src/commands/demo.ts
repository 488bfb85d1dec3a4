import type { OwnSandboxes } from '../http/connecting/own-sandboxes.ts';
import { createSignInLink } from '../http/security/access.ts';
import { listStreams } from '../hub/connections/connections.ts';
import { setStream } from '../hub/connections/set-stream.ts';
import { startWorking } from '../jobs/handlers.ts';
import { must } from '../kernel/must.ts';
import { randomFrom } from '../sandbox/random.ts';
import type { Services } from '../services.ts';
import { connect, setEnabled } from '../sync/connecting/connect.ts';
import { cycleOnce } from '../sync/until-quiet.ts';
import { showProgress } from './progress.ts';
import { closeSandboxes, openSandboxes, type RunningSandbox, recordPageIn } from './sandbox.ts';
import { startServing } from './serve.ts';
import { untilAborted } from './start.ts';
import { syncUntilQuietCommand } from './sync.ts';

const SEED = 1;
const PEOPLE = 300;
/** How often the demo looks, and how often somebody over there does something. */
const LOOK_EVERY_MS = 5_000;
const LIFE_EVERY_MS = 8_000;

/** The main job with nothing else at hand: sandboxes, connections, first sync, then the page, with life going on in the sandboxes. */
export async function demo(services: Services, options: { readonly once: boolean; readonly signal: AbortSignal }): Promise<number> {
  const firstPort = options.once || services.config.port === 0 ? 0 : services.config.port + 1;
  await using stack = new AsyncDisposableStack();
  const sandboxes = await openSandboxes({ firstPort, seed: SEED, people: PEOPLE });
  stack.defer(() => closeSandboxes(sandboxes));
  for (const sandbox of sandboxes) await connectSandbox(services, sandbox);
  if (options.once) return await syncUntilQuietCommand(services, { json: true, signal: options.signal, out: process.stderr });
  const stopProgress = await showProgress(services, process.stderr);
  await cycleOnce(services.engine, options.signal).finally(stopProgress);
  for (const stream of await listStreams(services.hub)) await setStream(services.hub, stream.id, { everyMs: LOOK_EVERY_MS });
  stack.defer(await startWorking(services.engine, await services.queue()));
  const server = await startServing(services, { sandboxes: shownOf(sandboxes) });
  stack.defer(() => server.close());
  for (const { definition, stage } of sandboxes) process.stdout.write(`sandbox ${definition.id} ${stage.origin}\n`);
  process.stdout.write(`Sign in (good for one hour, once): ${await createSignInLink(services.hub, server.url)}\nready ${server.url}\n`);
  await live(services, sandboxes, options.signal);
  return 0;
}

/** The sandboxes of a demo are connected already: records lead to their pages, and no others are offered. */
const shownOf = (sandboxes: readonly RunningSandbox[]): OwnSandboxes => ({
  ...{ offered: [], trial: [] },
  list: async () => [],
  connect: async () => null,
  recordPage: (origin, record) => recordPageIn(sandboxes.find(({ stage }) => stage.origin === origin)?.definition, origin, record),
});

async function connectSandbox(services: Services, { definition, stage }: RunningSandbox): Promise<void> {
  const manifest = must(services.engine.connectors.get(definition.id), `connector ${definition.id}`).manifest;
  const auth = must(
    manifest.auth.find((one) => one.fields.every((field) => definition.credentials[field.name] !== undefined)),
    `credentials of ${definition.id}`,
  );
  const values = Object.fromEntries(auth.fields.map((field) => [field.name, definition.credentials[field.name] ?? '']));
  const connected = await connect(services.engine, {
    connector: definition.id,
    name: definition.id,
    origin: stage.origin,
    auth: { kind: auth.kind, values },
    settings: definition.settings,
  });
  if (!connected.ok) throw new Error(`${definition.id}: ${connected.message}`);
  await setEnabled(services.engine, definition.id, true);
}

/** People edit records and answer surveys over there, one at a time, until the demo ends. */
async function live(services: Services, sandboxes: readonly RunningSandbox[], signal: AbortSignal): Promise<void> {
  const random = randomFrom(SEED);
  const { clock } = services.engine;
  while (!signal.aborted) {
    await clock.sleep(LIFE_EVERY_MS, signal).catch(() => undefined);
    if (signal.aborted) break;
    const sandbox = must(sandboxes[Math.floor(random() * sandboxes.length)], 'a sandbox');
    process.stdout.write(`${sandbox.definition.id}: ${sandbox.stage.sandbox.life.stir(random)}\n`);
  }
  await untilAborted(signal);
}
