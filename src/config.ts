import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VaultKeys } from './hub/sealing/seal.ts';
import { parseKeys } from './keys.ts';
import { parseRanges } from './sync/connecting/private-addresses.ts';

/** What the environment says; read once, by whoever starts a process. */
export type Config = {
  /** Null: the hub brings its own Postgres. */
  readonly databaseUrl: string | null;
  /** Null: the queue lives in Postgres. */
  readonly redisUrl: string | null;
  readonly dataFolder: string;
  readonly mappingsFolder: string;
  /** Whether somebody has named it, or it is only where this clone has one. */
  readonly mappingsNamed: boolean;
  readonly key: string | null;
  readonly allowPrivate: ReturnType<typeof parseRanges>;
  /** Whether `start` may open sandboxes on this machine when an admin asks for one. */
  readonly sandboxes: boolean;
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  readonly logLevel: string;
};

/** The folder that holds package.json, wherever the command is run. */
export const PROJECT_FOLDER = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Throws with the name of the variable that cannot be read. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const port = Number(env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT must be a port number, and is "${env.PORT}".`);
  const host = env.HOST ?? '127.0.0.1';
  return {
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    dataFolder: resolve(env.SYNCLINE_DATA ?? '.syncline'),
    mappingsFolder: resolve(env.SYNCLINE_MAPPINGS ?? join(PROJECT_FOLDER, 'mappings')),
    mappingsNamed: env.SYNCLINE_MAPPINGS !== undefined,
    key: env.SYNCLINE_KEY ?? null,
    allowPrivate: readRanges(env.SYNCLINE_ALLOW_PRIVATE ?? ''),
    sandboxes: readSwitch('SYNCLINE_SANDBOXES', env.SYNCLINE_SANDBOXES ?? 'on'),
    port,
    host,
    publicUrl: (env.SYNCLINE_URL ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`).replace(/\/+$/, ''),
    logLevel: env.LOG_LEVEL ?? 'warn',
  };
}

function readSwitch(name: string, text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new Error(`${name} must be on or off, and is "${text}".`);
  return text === 'on';
}

function readRanges(text: string): Config['allowPrivate'] {
  try {
    return parseRanges(text);
  } catch {
    throw new Error(`SYNCLINE_ALLOW_PRIVATE must be address ranges such as 127.0.0.0/8,10.1.0.0/16, and is "${text}".`);
  }
}

/**
 * The sealing keys: from `SYNCLINE_KEY`, or from a key file that is made on first start.
 */
export async function readKeys(config: Pick<Config, 'key' | 'dataFolder'>): Promise<VaultKeys> {
  return parseKeys(config.key ?? (await keyFile(config.dataFolder)));
}

async function keyFile(folder: string): Promise<string> {
  const path = join(folder, 'key');
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFile(path, 'utf8');
}
