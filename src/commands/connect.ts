import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Services } from '../services.ts';
import { connect, withAdvice } from '../sync/connecting/connect.ts';
import type { Draft } from '../sync/connecting/read-draft.ts';
import { connectInBrowser } from './connect-in-browser.ts';

type Options = {
  name?: string;
  origin?: string;
  token?: string;
  clientId?: string;
  clientSecret?: string;
  username?: string;
  keyFile?: string;
  oauth?: boolean;
  objects?: string;
  provision?: boolean;
  setting: readonly string[];
};
type Run = (work: (services: Services) => Promise<number>) => Promise<void>;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `syncline connect`. */
export function addConnect(program: Command, run: Run, stopSignal: () => AbortSignal): void {
  program
    .command('connect <connector>')
    .description('make a connection, or give it new credentials')
    .option('--name <name>', 'its name (default: the connector)')
    .option('--origin <url>', "the API's address, when it is not the vendor's own")
    .option('--token <token>')
    .option('--client-id <id>')
    .option('--client-secret <secret>')
    .option('--username <name>', 'with --client-id and --key-file: whom the app signs in as')
    .option('--key-file <file>', 'the private key of the app, instead of a secret (PKCS#8, PEM)')
    .option('--oauth', 'print a link to sign in with a browser, through the app of --client-id, and wait')
    .addOption(new Option('--objects <objects>', 'with --oauth: which objects to reach, such as contact,company'))
    .addOption(new Option('--provision', "with --oauth: ask as well for the rights to make Syncline's own fields there"))
    .option('--setting <name=value>', 'a setting of the connector; may be repeated', collect, [])
    .action((connector: string, options: Options) => run((services) => connectCommand(services, connector, options, stopSignal())));
}

async function connectCommand(services: Services, connector: string, options: Options, signal: AbortSignal): Promise<number> {
  const ways = services.engine.connectors.get(connector)?.manifest.auth ?? [];
  const draft = await draftOf(
    connector,
    options,
    ways.some(({ kind }) => kind === 'none'),
  );
  const { objects, provision } = options;
  if (options.oauth === true) return connectInBrowser(services, { draft, objects: objects?.split(','), provision, signal });
  const connected = await connect(services.engine, draft);
  if (!connected.ok) {
    process.stderr.write(`${withAdvice(connected)}\n`);
    return 1;
  }
  process.stdout.write(`connected ${draft.name} to ${connected.account.name}\n`);
  return 0;
}

async function draftOf(connector: string, options: Options, isOpen: boolean): Promise<Draft> {
  const app = { client_id: options.clientId ?? '', client_secret: options.clientSecret ?? '' };
  const auth = isOpen ? { kind: 'none', values: {} } : await authOf(options, app);
  const settings = Object.fromEntries(options.setting.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  return { connector, name: options.name ?? connector, origin: options.origin ?? null, auth, settings };
}

type Given = Draft['auth'];

async function authOf(options: Options, app: { readonly client_id: string; readonly client_secret: string }): Promise<Given> {
  if (options.oauth === true) return { kind: 'oauth2', values: app };
  if (options.keyFile !== undefined) {
    const private_key = await readFile(options.keyFile, 'utf8');
    return { kind: 'jwt_bearer', values: { client_id: app.client_id, username: options.username ?? '', private_key } };
  }
  if (options.clientId !== undefined) return { kind: 'client_credentials', values: app };
  return { kind: 'token', values: { token: options.token ?? '' } };
}
