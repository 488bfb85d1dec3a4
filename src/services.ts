import { pino } from 'pino';
import { CONNECTORS } from '../connectors/index.ts';
import type { Config } from './config.ts';
import { readKeys } from './config.ts';
import { type Hub, openHub } from './hub/database.ts';
import { openEmbeddedPostgres } from './hub/embedded-postgres.ts';
import { assertMigrated, migrateHub } from './hub/migrate.ts';
import { openVault } from './hub/sealing/vault.ts';
import { type JobQueue, openQueue } from './jobs/queue.ts';
import { systemClock } from './kernel/clock.ts';
import type { Log } from './kernel/log.ts';
import { must } from './kernel/must.ts';
import { derivedSecret } from './keys.ts';
import { describeProblem } from './mapping/problems.ts';
import type { Engine, LiveEvent } from './sync/engine.ts';
import { type Active, currentEngine, readActive } from './sync/mappings/active.ts';
import { adoptFolder } from './sync/mappings/adopt-folder.ts';

/** The parts of a running hub, opened in order and closed in reverse. */
export type Services = AsyncDisposable & {
  readonly config: Config;
  readonly hub: Hub;
  readonly databaseUrl: string;
  readonly engine: Engine;
  /** Signs sessions. */
  readonly sessionSecret: string;
  readonly log: Log;
  /** Takes over what has become active meanwhile, in whichever process; `atOnce`, or else when that was not asked a moment ago. */
  refresh(wish?: { readonly atOnce: boolean }): Promise<void>;
  queue(): Promise<JobQueue>;
  /** Tells `listener` what happens, until the function that it gives back is called. */
  watch(listener: (event: LiveEvent) => void): () => void;
};

const CALL_TIMEOUT_MS = 60_000;
/** A read that is shown to people may be behind by so much. */
const FRESH_MS = 500;

/** A `temporary` hub leaves nothing behind. `files: left`: what has changed in the folder of mappings does not become active by opening the hub. */
export type Opening = { readonly temporary?: boolean; readonly files?: 'left' };

/** Opens the database, embedded or not, brings its tables up to date, and wires the engine. */
export async function openServices(config: Config, options: Opening = {}): Promise<Services> {
  const open = new AsyncDisposableStack();
  try {
    const log = pino({ level: config.logLevel, base: null, redact: ['*.token', '*.password', '*.secret'] }, pino.destination(2));
    const keys = await readKeys(config);
    const databaseUrl = config.databaseUrl ?? (await embedded(open, config.dataFolder, options.temporary ?? false));
    const hub = openHub(databaseUrl, { connections: 16 });
    open.defer(() => hub.destroy());
    await migrateHub(hub);
    await assertMigrated(hub);
    const kept = options.files === 'left' ? await readActive(hub, CONNECTORS) : null;
    let active = kept ?? (await takeMappings(hub, config, log));
    const listeners = new Set<(event: LiveEvent) => void>();
    const engine: Engine = {
      hub,
      vault: openVault(hub, keys),
      // As they are now; whoever copies the engine goes on with those of that moment.
      get connectors() {
        return active.connectors;
      },
      get mappings() {
        return active.mappings;
      },
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
    let [asking, askedAtMs] = [Promise.resolve(), systemClock.now().getTime()];
    const refresh = async (): Promise<void> => {
      const { mappings, connectors } = await currentEngine(engine);
      active = { mappings, connectors };
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
      refresh: ({ atOnce } = { atOnce: false }) => {
        if (!atOnce && systemClock.now().getTime() - askedAtMs < FRESH_MS) return asking;
        [asking, askedAtMs] = [refresh(), systemClock.now().getTime()];
        return asking;
      },
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

/** Takes over what has changed in the folder of mappings, and gives what is active then. */
async function takeMappings(hub: Hub, config: Config, log: Log): Promise<Active> {
  const { mappingsFolder: folder, mappingsNamed: named } = config;
  const adopted = await adoptFolder(hub, { folder, named, connectors: CONNECTORS });
  if (adopted.kind === 'elsewhere')
    log.warn({ folder }, `the mappings of this hub come from ${adopted.folder}; set SYNCLINE_MAPPINGS to take them from here`);
  if (adopted.kind === 'refused')
    log.error(
      { folder },
      `the mappings have mistakes, so the versions before stay active:\n${adopted.problems.map(describeProblem).join('\n')}`,
    );
  if (adopted.kind === 'adopted' && adopted.waiting.length > 0)
    log.warn({ folder }, `edited here and in the folder, so that somebody has to decide: ${adopted.waiting.join(', ')}`);
  return must(await readActive(hub, CONNECTORS), 'mappings');
}

async function embedded(open: AsyncDisposableStack, folder: string, temporary: boolean): Promise<string> {
  const postgres = await openEmbeddedPostgres(folder, { temporary });
  open.defer(() => postgres.close());
  return postgres.url;
}
