import type { Command } from 'commander';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { makeTown } from '../sandbox/people.ts';
import { type OpenSandbox, openSandbox, type SandboxDefinition, type SandboxOptions } from '../sandbox/sandbox.ts';

export type RunningSandbox = { readonly definition: SandboxDefinition; readonly stage: OpenSandbox };

type Switches = ReadonlyMap<string, SandboxOptions['switches']>;
type Options = { port: string; people: string; seed: string; switch: readonly string[] };

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `syncline sandbox`. */
export function addSandbox(program: Command, stopSignal: () => AbortSignal): void {
  program
    .command('sandbox')
    .description("start stand-ins of the vendors' APIs")
    .option('--port <port>', 'the first port', '9101')
    .option('--people <n>', 'how many people live there', '300')
    .option('--seed <n>', 'which people', '1')
    .option('--switch <system.name=value>', 'how one behaves, by a switch of its table; may be repeated', collect, [])
    .action(async (options: Options) => {
      process.exitCode = await sandboxCommand(options, stopSignal());
    });
}

async function sandboxCommand({ port, people, seed, switch: given }: Options, signal: AbortSignal): Promise<number> {
  const switches = switchesIn(given);
  if (typeof switches === 'string') return refuse(switches);
  const running = await openSandboxes({ firstPort: Number(port), people: Number(people), seed: Number(seed), switches }).catch(reasonOf);
  if (typeof running === 'string') return refuse(running);
  for (const sandbox of running) process.stdout.write(linesOf(sandbox));
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await closeSandboxes(running);
  return 0;
}

/** The switches by system, or what is wrong with one of them. */
function switchesIn(given: readonly string[]): Switches | string {
  const switches = new Map<string, Record<string, string>>();
  for (const one of given) {
    const [, system = '', name = '', value = ''] = /^(\w+)\.(\w+)=(.*)$/.exec(one) ?? [];
    if (!SANDBOXES.some(({ id }) => id === system))
      return `"${one}" is no switch: it is <system>.<name>=<value>, and the systems are ${SANDBOXES.map(({ id }) => id).join(', ')}.`;
    switches.set(system, { ...switches.get(system), [name]: value });
  }
  return switches;
}

const reasonOf = (error: unknown): string => {
  if (error instanceof Error) return error.message;
  throw error;
};

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}

function linesOf(sandbox: RunningSandbox): string {
  const { definition, stage } = sandbox;
  const page = definition.page === undefined ? '' : `  look into it and edit it: ${stage.origin}${definition.page}\n`;
  return `${definition.id} ${stage.origin}\n${page}  ${connectLine(sandbox)}\n`;
}

/** Starts every sandbox on the ports from `firstPort` on (0: free ones), with the same people in all of them. */
export async function openSandboxes(options: {
  readonly firstPort: number;
  readonly seed: number;
  readonly people: number;
  readonly switches?: Switches;
}): Promise<readonly RunningSandbox[]> {
  const town = makeTown({ seed: options.seed, people: options.people });
  const running: RunningSandbox[] = [];
  try {
    for (const [i, definition] of SANDBOXES.entries()) {
      const port = options.firstPort === 0 ? 0 : options.firstPort + i;
      const switches = options.switches?.get(definition.id) ?? {};
      running.push({ definition, stage: await openSandbox(definition, { port, seed: options.seed, town, switches }) });
    }
  } catch (error) {
    await closeSandboxes(running);
    throw error;
  }
  return running;
}

export async function closeSandboxes(running: readonly RunningSandbox[]): Promise<void> {
  await Promise.all(running.map(({ stage }) => stage.close()));
}

/** The command that connects to a running sandbox. */
function connectLine({ definition, stage }: RunningSandbox): string {
  const [id, secret] = [definition.credentials.client_id, definition.credentials.client_secret];
  const auth =
    id !== undefined && secret !== undefined ? `--client-id ${id} --client-secret ${secret}` : `--token '${definition.credentials.token}'`;
  const settings = Object.entries(definition.settings)
    .map(([name, value]) => ` --setting ${name}=${value}`)
    .join('');
  return `SYNCLINE_ALLOW_PRIVATE=127.0.0.0/8 npx syncline connect ${definition.id} --name my-${definition.id} --origin ${stage.origin} ${auth}${settings}`;
}

type Looked = { readonly object: string; readonly id: string };

/** Where a record of a sandbox is looked at; null where that has no page for records, undefined where there is no such sandbox. */
export function recordPageIn(definition: SandboxDefinition | undefined, origin: string, { object, id }: Looked): string | null | undefined {
  if (definition === undefined) return undefined;
  const path = definition.recordPage?.replace('{object}', encodeURIComponent(object)).replace('{id}', encodeURIComponent(id));
  return path === undefined ? null : `${origin}${path}`;
}
