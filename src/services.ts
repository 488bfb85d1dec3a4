import { pino } from 'pino';
import { CONNECTORS } from '../connectors/index.ts';
import type { Config } from './config.ts';
import { readKeys } from './config.ts';
import { withFamilies } from './contract/families.ts';
import { type Hub, openHub } from './hub/database.ts';
import { openEmbeddedPostgres } from './hub/embedded-postgres.ts';
import { assertMigrated, migrateHub } from './hub/migrate.ts';
import { openVault } from './hub/vault.ts';
import { type JobQueue, openQueue } from './jobs/queue.ts';
import { systemClock } from './kernel/clock.ts';
import type { Log } from './kernel/log.ts';
import { derivedSecret } from './keys.ts';
import { loadMappings } from './mapping/load.ts';
import { objectsMapped } from './mapping/mappings.ts';
import { describeProblem } from './mapping/problems.ts';
import type { Engine, LiveEvent } from './sync/engine.ts';

/** The parts of a running hub, opened in order and closed in reverse. */
export type Services = AsyncDisposable & {
  readonly config: Config;
  readonly hub: Hub;
  readonly databaseUrl: string;
  readonly engine: Engine;
  /** Signs sessions. */
  readonly sessionSecret: string;
  readonly log: Log;
  queue(): Promise<JobQueue>;
  /** Tells `listener` what happens, until the function that it gives back is called. */
  watch(listener: (event: LiveEvent) => void): () => void;
};

const CALL_TIMEOUT_MS = 60_000;

/** Opens the database, embedded or not, brings its tables up to date, and wires the engine. A `temporary` hub leaves nothing behind. */
export async function openServices(config: Config, options: { readonly temporary?: boolean } = {}): Promise<Services> {
  const open = new AsyncDisposableStack();
  try {
    const log = pino({ level: config.logLevel, base: null, redact: ['*.token', '*.password', '*.secret'] }, pino.destination(2));
    const keys = await readKeys(config);
    const databaseUrl = config.databaseUrl ?? (await embedded(open, config.dataFolder, options.temporary ?? false));
    const hub = openHub(databaseUrl, { connections: 16 });
    open.defer(() => hub.destroy());
    await migrateHub(hub);
    await assertMigrated(hub);
    const loaded = await loadMappings(config.mappingsFolder, CONNECTORS);
    if (!loaded.ok) throw new Error(`The mappings have mistakes:\n${loaded.problems.map(describeProblem).join('\n')}`);
    const listeners = new Set<(event: LiveEvent) => void>();
    const engine: Engine = {
      hub,
      vault: openVault(hub, keys),
      connectors: withFamilies(CONNECTORS, (connector) => objectsMapped(loaded.mappings, connector)),
      mappings: loaded.mappings,
      clock: systemClock,
      log,
      allowPrivate: config.allowPrivate,
      callTimeoutMs: CALL_TIMEOUT_MS,
      paces: new Map(),
      opened: new Map(),
      live: (event) => {
        for (const listener of listeners) listener(event);
      },
    };
    let queue: Promise<JobQueue> | null = null;
    const onQueueError = (error: unknown) =>
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'the queue complains');
    return {
      config,
      hub,
      databaseUrl,
      engine,
      log,
      sessionSecret: derivedSecret(keys, 'sessions'),
      queue: () => {
        queue ??= openQueue(config.redisUrl === null ? { databaseUrl } : { redisUrl: config.redisUrl }, onQueueError).then((opened) => {
          open.defer(() => opened.close());
          return opened;
        });
        return queue;
      },
      watch: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      [Symbol.asyncDispose]: () => open.disposeAsync(),
    };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

async function embedded(open: AsyncDisposableStack, folder: string, temporary: boolean): Promise<string> {
  const postgres = await openEmbeddedPostgres(folder, { temporary });
  open.defer(() => postgres.close());
  return postgres.url;
}
