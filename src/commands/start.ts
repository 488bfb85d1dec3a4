import { createSetupLink } from '../http/security/access.ts';
import { startWorking } from '../jobs/handlers.ts';
import type { Services } from '../services.ts';
import { openOwnSandboxes } from './own-sandboxes.ts';
import { startServing } from './serve.ts';

/** Which halves of the hub this process runs. */
export type Halves = { readonly serves: boolean; readonly works: boolean };

/** Runs until the signal comes, then stops in order: no new requests, no new jobs, and what runs has 25 s. */
export async function start(services: Services, halves: Halves, signal: AbortSignal): Promise<number> {
  await using stack = new AsyncDisposableStack();
  if (halves.works) stack.defer(await startWorking(services.engine, await services.queue()));
  if (halves.serves) {
    // A sandbox answers on this machine alone, so whoever works has to be in this process too.
    const sandboxes = halves.works && services.config.sandboxes ? await openOwnSandboxes(services) : null;
    if (sandboxes !== null) stack.defer(() => sandboxes.close());
    const server = await startServing(services, { sandboxes });
    stack.defer(() => server.close());
    const setup = await createSetupLink(services.hub, services.config.publicUrl);
    if (setup !== null) process.stdout.write(`Make the first admin (good for one hour, once): ${setup}\n`);
    process.stdout.write(`ready ${server.url}\n`);
  } else {
    process.stdout.write('working\n');
  }
  await untilAborted(signal);
  return 0;
}

export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
