import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { makeTown } from '../sandbox/people.ts';
import { type OpenSandbox, openSandbox, type SandboxDefinition } from '../sandbox/sandbox.ts';

export type RunningSandbox = { readonly definition: SandboxDefinition; readonly stage: OpenSandbox };

/** Starts every sandbox on the ports from `firstPort` on (0: free ones), with the same people in all of them. */
export async function openSandboxes(options: {
  readonly firstPort: number;
  readonly seed: number;
  readonly people: number;
}): Promise<readonly RunningSandbox[]> {
  const town = makeTown({ seed: options.seed, people: options.people });
  const running: RunningSandbox[] = [];
  for (const [i, definition] of SANDBOXES.entries()) {
    const port = options.firstPort === 0 ? 0 : options.firstPort + i;
    running.push({ definition, stage: await openSandbox(definition, { port, seed: options.seed, town }) });
  }
  return running;
}

export async function closeSandboxes(running: readonly RunningSandbox[]): Promise<void> {
  await Promise.all(running.map(({ stage }) => stage.close()));
}

/** The command that connects to a running sandbox. */
export function connectLine({ definition, stage }: RunningSandbox): string {
  const [id, secret] = [definition.credentials.client_id, definition.credentials.client_secret];
  const auth =
    id !== undefined && secret !== undefined ? `--client-id ${id} --client-secret ${secret}` : `--token '${definition.credentials.token}'`;
  const settings = Object.entries(definition.settings)
    .map(([name, value]) => ` --setting ${name}=${value}`)
    .join('');
  return `SYNCLINE_ALLOW_PRIVATE=127.0.0.0/8 npx syncline connect ${definition.id} --name my-${definition.id} --origin ${stage.origin} ${auth}${settings}`;
}
