import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { type Fault, faultMiddleware } from './faults.ts';
import type { Town } from './people.ts';

/** What a sandbox is built from. Its time is handed in, so that tests can wind it. */
export type SandboxOptions = {
  readonly seed: number;
  readonly town: Town;
  readonly now: () => Date;
  /** The address that it answers on; known only once it listens. */
  readonly origin: () => string;
  /** Behaviour switches of this vendor, such as `{ indexLagMs: 2000 }`. Unknown ones are refused. */
  readonly switches: Readonly<Record<string, string | number | boolean>>;
};

/** What life in a sandbox does to one person, the way a user of that system would. */
export type Life = {
  /** Edits a random field of a random record, or answers a survey; says in one sentence what happened. */
  stir(random: () => number): string;
};

/** A stand-in for one vendor: its API as a Hono app, and the hand that reaches into its state as a person would. */
export type SandboxApp = {
  readonly app: Hono;
  readonly life: Life;
  /** How many people the vendor's account holds now. */
  people(): number;
  /** Ends what goes on by itself, such as webhooks under way. */
  close?(): Promise<void>;
};

export type SandboxDefinition = {
  readonly id: string;
  /** The credentials that it accepts, as `syncline connect` options. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  /** Where people look into it and edit records, where it has a page for that: `/_sandbox`. */
  readonly page?: string;
  /** Where one record is looked at there, with `{object}` and `{id}` for which one it is. */
  readonly recordPage?: string;
  /** How it differs from the vendor's usual account where somebody tries things out and watches: looks every few seconds have to fit into its day. */
  readonly whenWatched?: SandboxOptions['switches'];
  open(options: SandboxOptions): SandboxApp;
};

export type OpenSandbox = {
  readonly origin: string;
  readonly port: number;
  readonly sandbox: SandboxApp;
  /** Every request that reached it: method and path without the query, with its count. */
  readonly requests: ReadonlyMap<string, number>;
  /** All requests so far. */
  calls(): number;
  /** Scripts what goes wrong from now on. */
  fail(...faults: readonly Fault[]): void;
  close(): Promise<void>;
};

/** Starts a sandbox on a loopback port; port 0 takes a free one. */
export async function openSandbox(
  definition: SandboxDefinition,
  options: {
    readonly port?: number;
    readonly seed?: number;
    readonly town: Town;
    readonly now?: () => Date;
    readonly faults?: readonly Fault[];
    readonly switches?: SandboxOptions['switches'];
  },
): Promise<OpenSandbox> {
  const requests = new Map<string, number>();
  const faults: Fault[] = [...(options.faults ?? [])];
  let origin = '';
  const now = options.now ?? (() => new Date());
  const sandbox = definition.open({
    seed: options.seed ?? 1,
    town: options.town,
    now,
    origin: () => origin,
    switches: options.switches ?? {},
  });
  const front = new Hono();
  front.use(async (c, next) => {
    const name = `${c.req.method} ${c.req.path}`;
    requests.set(name, (requests.get(name) ?? 0) + 1);
    await next();
  });
  front.use(faultMiddleware(faults));
  front.route('/', sandbox.app);
  const server = await new Promise<ServerType>((resolve, reject) => {
    // Node refuses long addresses before the app sees them; how long is too long is the vendor's to say.
    const serverOptions = { maxHeaderSize: 65_536 };
    const opened = serve({ fetch: front.fetch, port: options.port ?? 0, hostname: '127.0.0.1', serverOptions }, () => resolve(opened));
    opened.once('error', reject);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a sandbox listens on a port');
  origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    port: address.port,
    sandbox,
    requests,
    calls: () => [...requests.values()].reduce((sum, count) => sum + count, 0),
    fail: (...more) => void faults.push(...more),
    close: async () => {
      await sandbox.close?.();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

export type { Fault, Town };
