import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { AppParts } from '../http/parts.ts';
import { examineDatabase, type Finding } from '../hub/examination.ts';
import type { Services } from '../services.ts';
import { VERSION } from '../version.ts';

const LEAST_FREE_BYTES = 1024 ** 3;

/** Looks at everything that a running hub needs. */
export async function examine(services: Services): ReturnType<AppParts['examine']> {
  const findings = [
    ...(await examineDatabase(services.hub, services.engine.clock)),
    await examineQueue(services),
    await examineKeys(services),
    await examineDisk(services),
  ];
  return { version: VERSION, runtime: `Node ${process.version}`, findings };
}

async function examineQueue(services: Services): Promise<Finding> {
  const figure = services.config.redisUrl === null ? 'Postgres' : 'Redis';
  try {
    await (await services.queue()).ping();
    return { check: 'queue', ok: true, figure };
  } catch {
    return { check: 'queue', ok: false, figure };
  }
}

/** Whether the sealing keys of this process open what is stored; the figure is how much they do not. */
async function examineKeys({ hub, engine }: Services): Promise<Finding> {
  const { rows } = await sql<{ id: string }>`select connection_id as id from credential`.execute(hub);
  const opened = await Promise.all(
    rows.map(({ id }) =>
      engine.vault.open(id).then(
        () => true,
        () => false,
      ),
    ),
  );
  const closed = opened.filter((isOpen) => !isOpen).length;
  return { check: 'keys', ok: closed === 0, figure: String(closed) };
}

/** What is free where this hub keeps its database; where that is elsewhere, nothing here runs full. */
async function examineDisk({ config }: Services): Promise<Finding> {
  if (config.databaseUrl !== null) return { check: 'disk', ok: true, figure: '' };
  const free = await statfs(config.dataFolder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  return { check: 'disk', ok: free === null || free >= LEAST_FREE_BYTES, figure: free === null ? '' : String(free) };
}
