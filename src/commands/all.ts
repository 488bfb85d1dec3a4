import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { openServices, type Services } from '../services.ts';
import { connect, setEnabled } from '../sync/connect.ts';
import { connectLine, openSandboxes, closeSandboxes } from './sandbox.ts';
import { syncUntilQuietCommand } from './sync.ts';

type ConnectOptions = { name?: string; origin?: string; token?: string; clientId?: string; clientSecret?: string; setting: readonly string[] };

/** Aborted by Ctrl-C or SIGTERM. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  return stop.signal;
}

async function withServices(work: (services: Services) => Promise<number>): Promise<void> {
  await using services = await openServices(readConfig(process.env));
  process.exitCode = await work(services);
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Every command of `syncline`, with its options. */
export function addCommands(program: Command): void {
  program.command('connect <connector>').description('make a connection, or give it new credentials')
    .option('--name <name>', 'its name (default: the connector)').option('--origin <url>', "the API's address, when it is not the vendor's own")
    .option('--token <token>').option('--client-id <id>').option('--client-secret <secret>')
    .option('--setting <name=value>', 'a setting of the connector; may be repeated', collect, [])
    .action((connector: string, options: ConnectOptions) => withServices((services) => connectCommand(services, connector, options)));
  for (const [name, enabled] of [['enable', true], ['disable', false]] as const) {
    program.command(`${name} <connections...>`).description(`switch connections ${enabled ? 'on' : 'off'}`).option('--object <object>', 'one object alone, such as contact')
      .action((names: string[], options: { object?: string }) => withServices((services) => enableCommand(services, names, enabled, options.object)));
  }
  program.command('sync').description('sync in the foreground').option('--until-quiet', 'end when nothing moves any more').option('--json', 'print a summary as JSON on the last line')
    .action((options: { json?: boolean }) => withServices((services) => syncUntilQuietCommand(services, { json: options.json === true, signal: stopSignal(), out: process.stderr })));
  program.command('migrate').description('bring the tables up to date').action(() => withServices(async () => 0));
  program.command('sandbox').description("start stand-ins of the vendors' APIs").option('--port <port>', 'the first port', '9101').option('--people <n>', 'how many people live there', '300').option('--seed <n>', 'which people', '1')
    .action(async (options: { port: string; people: string; seed: string }) => {
      const signal = stopSignal();
      const running = await openSandboxes({ firstPort: Number(options.port), people: Number(options.people), seed: Number(options.seed) });
      for (const sandbox of running) process.stdout.write(`${sandbox.definition.id} ${sandbox.stage.origin}\n  ${connectLine(sandbox)}\n`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await closeSandboxes(running);
    });
}

async function connectCommand(services: Services, connector: string, options: ConnectOptions): Promise<number> {
  const auth = options.clientId === undefined
    ? { kind: 'token', values: { token: options.token ?? '' } }
    : { kind: 'client_credentials', values: { client_id: options.clientId, client_secret: options.clientSecret ?? '' } };
  const settings = Object.fromEntries(options.setting.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  const connected = await connect(services.engine, { connector, name: options.name ?? connector, origin: options.origin ?? null, auth, settings });
  if (!connected.ok) {
    process.stderr.write(`${connected.message} ${connected.advice}\n`);
    return 1;
  }
  process.stdout.write(`connected ${options.name ?? connector} to ${connected.account.name}\n`);
  return 0;
}

async function enableCommand(services: Services, names: readonly string[], enabled: boolean, object: string | undefined): Promise<number> {
  for (const name of names) {
    if (!(await setEnabled(services.engine, name, enabled, object))) {
      process.stderr.write(`There is no connection "${name}"${object === undefined ? '' : ` with the object ${object}`}.\n`);
      return 1;
    }
    process.stdout.write(`${enabled ? 'enabled' : 'disabled'} ${name}${object === undefined ? '' : ` ${object}`}\n`);
  }
  return 0;
}
