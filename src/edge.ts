import { MANIFESTS } from '../connectors/manifests.ts';
import { DELIVERY_PORTS, WEBHOOK_PORTS } from '../connectors/webhook-ports.ts';
import type { Connector } from './contract/connector.ts';
import { createApp } from './http/app.ts';
import type { AppParts } from './http/parts.ts';
import { Problem, problemResponse } from './http/problem.ts';
import { openAuth } from './http/security/auth.ts';
import { type Hub, openHub } from './hub/database.ts';
import { examineDatabase } from './hub/examination.ts';
import { activeRevision } from './hub/mappings/texts.ts';
import { assertMigrated } from './hub/migrate.ts';
import { makeDue } from './hub/rhythm/due-connections.ts';
import type { VaultKeys } from './hub/sealing/seal.ts';
import { openVault } from './hub/sealing/vault.ts';
import { systemClock } from './kernel/clock.ts';
import type { Log } from './kernel/log.ts';
import { derivedSecret, parseKeys } from './keys.ts';
import { emailDigest, phoneDigest } from './sync/identity/identities.ts';
import { type Active, readActive } from './sync/mappings/active.ts';
import { VERSION } from './version.ts';

/** What wrangler.toml binds, and the secrets that `wrangler secret put` sets. */
export type EdgeEnv = {
  readonly HYPERDRIVE: { readonly connectionString: string };
  readonly ASSETS: { fetch(request: Request): Promise<Response> };
  /** The key of the hub itself, so that a session that began here is good there. */
  readonly SYNCLINE_KEY?: string;
  /** Where operators reach this Worker; else the address that they came by. */
  readonly SYNCLINE_URL?: string;
};
type Lifetime = { waitUntil(work: Promise<unknown>): void };

// A Worker may hold six sockets at once, and one request has no use for more.
const CONNECTIONS = 3;
const STATEMENT_TIMEOUT_MS = 20_000;

/**
 * The Worker: the API and the settings page beside the hub's Postgres, without its engine and its queue. What is asked of it is left in
 * the tables as due, where the hub's sweeper finds it.
 */
export default {
  async fetch(request: Request, env: EdgeEnv, lifetime: Lifetime): Promise<Response> {
    const keys = sealingKeys(env);
    if (keys instanceof Problem) return problemResponse(keys);
    // A socket belongs to the request that opened it, so the hub, and the app that holds it, live as long as one request.
    const hub = openHub(env.HYPERDRIVE.connectionString, { connections: CONNECTIONS, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    try {
      const { origin, pathname } = new URL(request.url);
      const active = NEEDS_NO_MAPPINGS.test(pathname) ? NOT_READ : await activeOrWhyNot(hub);
      return await createApp(edgeParts(hub, env.ASSETS, { keys, active, publicUrl: env.SYNCLINE_URL ?? origin })).fetch(request);
    } finally {
      lifetime.waitUntil(hub.destroy());
    }
  },
};

function sealingKeys(env: EdgeEnv): VaultKeys | Problem {
  try {
    return parseKeys(env.SYNCLINE_KEY ?? '');
  } catch (error) {
    return new Problem(
      503,
      `${error instanceof Error ? error.message : String(error)} Set the hub's own with: npx wrangler secret put SYNCLINE_KEY`,
    );
  }
}

type Known = { readonly keys: VaultKeys; readonly active: Active | Problem; readonly publicUrl: string };

function edgeParts(hub: Hub, assets: EdgeEnv['ASSETS'], { keys, active, publicUrl }: Known): AppParts {
  return {
    hub,
    log,
    publicUrl,
    auth: openAuth(hub, { secret: derivedSecret(keys, 'sessions'), publicUrl, log }),
    clock: systemClock,
    vault: openVault(hub, keys),
    connectors: active instanceof Problem ? CONNECTORS : active.connectors,
    mappings: () => {
      if (active instanceof Problem) throw active;
      return active.mappings;
    },
    digestsOf: (object, text) => [emailDigest(object, text), phoneDigest(object, text)].filter((digest) => digest !== null),
    pages: (path) => pageAt(assets, new URL(path, publicUrl)),
    nudge: async (nudge) => {
      if (nudge.name !== 'tend' && nudge.streamId !== undefined) await makeDue(hub, nudge.streamId);
    },
    actions: null,
    sandboxes: null,
    live: silentUntilGone,
    metrics: async () => '# The edge keeps no figures of its own: ask the hub.\n',
    ready: () => readiness(hub),
    examine: async () => ({ version: VERSION, runtime: 'workerd', findings: await examineDatabase(hub, systemClock) }),
  };
}

/** A file of the settings page. A path that names no file is one of the page's own addresses. */
async function pageAt(assets: EdgeEnv['ASSETS'], url: URL): Promise<Response | null> {
  const file = await assets.fetch(new Request(url));
  if (file.status !== 404) return changeable(file);
  return url.pathname.includes('.') && !url.pathname.startsWith('/mappings/')
    ? null
    : changeable(await assets.fetch(new Request(new URL('/', url))));
}

// The headers of a fetched answer are sealed, and the app has some to add.
const changeable = (answer: Response): Response => new Response(answer.body, answer);

const CONNECTORS: ReadonlyMap<string, Connector> = new Map(
  MANIFESTS.map((manifest) => [
    manifest.id,
    { manifest, open: opensNone, webhooks: WEBHOOK_PORTS.get(manifest.id), deliveries: DELIVERY_PORTS.get(manifest.id) },
  ]),
);

function opensNone(): never {
  throw new Error('The edge opens no connector.');
}

/** Files of the page, and whether the Worker lives: neither waits for the database. */
const NEEDS_NO_MAPPINGS = /^\/(assets\/|healthz$)/;
const NOT_READ = new Problem(503, 'The mappings were not read for this address.');

let latest: Active | undefined;

/** The mappings by which the hub works now: read anew once others have become active. */
async function activeOrWhyNot(hub: Hub): Promise<Active | Problem> {
  try {
    if (latest?.mappings.revision !== (await activeRevision(hub))) latest = (await readActive(hub, CONNECTORS)) ?? undefined;
    return latest ?? new Problem(503, 'The hub works by no mappings yet: it takes them from their folder when it starts.');
  } catch (error) {
    log.error({ reason: error instanceof Error ? error.message : String(error) }, 'the mappings cannot be read');
    return new Problem(503, 'The mappings by which the hub works cannot be read: see the log of the Worker.');
  }
}

// Progress is told by the process that makes it, and that is elsewhere; the page asks again by itself every few seconds.
async function* silentUntilGone(signal: AbortSignal): AsyncGenerator<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

async function readiness(hub: Hub): ReturnType<AppParts['ready']> {
  try {
    await assertMigrated(hub);
    return { ok: true, checks: { database: 'ok' } };
  } catch (error) {
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'not ready');
    return { ok: false, checks: { database: 'does not answer, or lacks tables: see the log' } };
  }
}

const line = (level: string, about: object, message: string) => console.log(JSON.stringify({ level, ...about, msg: message }));
const log: Log = {
  info: (about, message) => line('info', about, message),
  warn: (about, message) => line('warn', about, message),
  error: (about, message) => line('error', about, message),
};
