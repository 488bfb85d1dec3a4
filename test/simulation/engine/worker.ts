import type { Connector } from '../../../src/contract/connector.ts';
import { openVault } from '../../../src/hub/sealing/vault.ts';
import { handle } from '../../../src/jobs/handlers.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import type { Mappings } from '../../../src/mapping/mappings.ts';
import type { Engine } from '../../../src/sync/engine.ts';
import type { Api } from './api.ts';
import { connectorOf } from './connector.ts';
import type { SimDatabase } from './database.ts';
import { LEASE_LOST, type Moment } from './moments.ts';
import type { SimQueue } from './queue.ts';
import type { Actor, Schedule } from './schedule.ts';
import type { Shape } from './shape.ts';

/** What is to happen to a worker at the given one of its coming moments. */
type Trap = { readonly what: 'crash' | 'lose_database' | 'stop'; readonly at: string | null; readonly ms: number; left: number };

export type WorkerParts = {
  readonly database: SimDatabase;
  readonly schedule: Schedule;
  readonly queue: SimQueue;
  readonly shape: Shape;
  readonly mappings: Mappings;
  readonly reached: Set<string>;
  tell(moment: Moment): void;
  stored(remoteIds: readonly string[]): void;
  apiOf(origin: string): Api;
};

/** A process that works: the real engine, which dies and is stopped where a trap says so. */
export type Worker = {
  readonly actor: Actor;
  readonly engine: Engine;
  readonly traps: Trap[];
  /** Resolves when the worker has died. */
  readonly died: Promise<void>;
  /** Does one job; an error is an error of that job, and is given back. */
  work(job: Parameters<typeof handle>[2]): Promise<Error | null>;
};

/** Long enough that no lease is lost to it. */
const CALL_TIMEOUT_MS = 600_000;
export const KEYS = { current: 1, keys: new Map([[1, Buffer.alloc(32, 7)]]) };

export function openWorker(parts: WorkerParts, name: string): Worker {
  const { schedule, shape, reached } = parts;
  const actor: Actor = { name, dead: false, stoppedUntilMs: 0 };
  const traps: Trap[] = [];
  const death = Promise.withResolvers<void>();
  const stopping = new AbortController();

  const watch = (moment: Moment): void => {
    parts.tell(moment);
    if (moment.label === LEASE_LOST) reached.add('a lease was taken over');
    for (const trap of [...traps]) {
      if (trap.at !== null && trap.at !== moment.label) continue;
      trap.left -= 1;
      // A worker that is stopped between its note and its call sends it when it wakes up: no hub can help that.
      if (trap.left > 0 || (trap.what === 'stop' && moment.label === 'call: apply' && moment.when === 'before')) continue;
      if (trap.what === 'stop' && moment.label === 'commit: note what is sent') continue;
      traps.splice(traps.indexOf(trap), 1);
      spring(trap, moment);
    }
  };
  const spring = (trap: Trap, { label, when }: Moment): void => {
    reached.add(`${trap.what} ${when} ${label}`);
    if (trap.what === 'stop') actor.stoppedUntilMs = schedule.nowMs() + trap.ms;
    if (trap.what === 'crash') {
      actor.dead = true;
      death.resolve();
    }
    if (trap.what === 'lose_database' && !label.startsWith('call'))
      throw Object.assign(new Error('the connection to the database broke'), { code: 'ECONNRESET' });
  };
  const hub = parts.database.hubOf(actor, schedule, { watch, stored: parts.stored });
  const engine: Engine = {
    hub,
    vault: openVault(hub, KEYS),
    connectors: new Map(shape.connectors.map((one): [string, Connector] => [one.id, connectorOf(one, actor, parts.apiOf, watch)])),
    mappings: parts.mappings,
    clock: schedule.clockOf(actor),
    log: silentLog,
    allowPrivate: [],
    callTimeoutMs: CALL_TIMEOUT_MS,
    paces: new Map(),
    opened: new Map(),
    live: () => undefined,
  };
  return {
    actor,
    engine,
    traps,
    died: death.promise,
    work: (job) =>
      handle(engine, parts.queue.asJobQueue, job, stopping.signal).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      ),
  };
}
