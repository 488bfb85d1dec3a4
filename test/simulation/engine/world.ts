import { newId } from '../../../src/hub/ids.ts';
import { seal } from '../../../src/hub/sealing/seal.ts';
import { must } from '../../../src/kernel/must.ts';
import { randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import { cycleOnce } from '../../../src/sync/until-quiet.ts';
import { type Api, openApi } from './api.ts';
import { type Chronicle, openChronicle } from './chronicle.ts';
import type { SimDatabase } from './database.ts';
import { type Address, type Deliveries, openDeliveries } from './deliveries.ts';
import type { History } from './history.ts';
import { mappingsOf } from './mappings.ts';
import type { Moment } from './moments.ts';
import { openSimQueue, type SimQueue } from './queue.ts';
import { openSchedule, type Schedule, START_MS } from './schedule.ts';
import { connectorOf, type Shape } from './shape.ts';
import { openVendor, type Vendor } from './vendor.ts';
import { KEYS, openWorker, type Worker } from './worker.ts';

/** Everything of one history: the systems, the workers, and the hub between them. */
export type World = {
  readonly shape: Shape;
  /** Whether nothing goes wrong: then the hub is told what becomes of everything that it writes. */
  readonly isCalm: boolean;
  /** Whether a look shows what came of a write whose answer was lost: then nobody may be told that the hub's own write is somebody's edit. */
  readonly isTold: boolean;
  readonly schedule: Schedule;
  readonly chronicle: Chronicle;
  readonly vendors: readonly Vendor[];
  readonly apis: readonly Api[];
  readonly queue: SimQueue;
  readonly deliveries: Deliveries;
  readonly workers: Worker[];
  /** What is to happen at moments of the workers. */
  readonly appointments: Appointment[];
  /** The hub's own people: their process neither dies nor stands still. */
  readonly steward: Worker;
  /** The connections, in the order of the systems. */
  readonly connectionIds: readonly string[];
  /** Opens a worker in the place of one that has died. */
  reboot(at: number): Promise<Worker>;
  sleep(ms: number): Promise<void>;
  /** Reads or changes the hub's tables from outside. */
  query: SimDatabase['query'];
};

/** Something that is done at the given one of the coming moments of a kind. */
type Appointment = { readonly at: string; left: number; keep(): void };

const originOf = (system: number): string => `https://11.0.0.${system + 1}`;

export async function openWorld(history: History, database: SimDatabase): Promise<World> {
  const { seed, shape } = history;
  const randomOf = (part: string) => randomFrom(seedOf(seed, part));
  const schedule = openSchedule(randomOf('turns'), () => database.blocked());
  const chronicle = openChronicle();
  const queue = openSimQueue(randomOf('queue'), schedule, chronicle.reached);
  if (shape.systems.some(({ skewMs }) => skewMs !== 0)) chronicle.reached.add('a clock was wrong by a day');
  await database.empty(START_MS);
  const addresses = await connectAll(database, shape);
  const intake = { random: randomOf('deliveries'), schedule, queue, reached: chronicle.reached, hub: () => steward.engine.hub };
  const deliveries = openDeliveries(intake);
  const vendors = addresses.map((address, system) => {
    const { connector, skewMs } = must(shape.systems[system], 'a system');
    const tell = (remoteId: string) => deliveries.tell(address, remoteId);
    return openVendor({
      shape: connectorOf(shape, connector),
      system,
      skewMs,
      schedule,
      chronicle,
      random: randomOf(`vendor ${system}`),
      tell,
    });
  });
  const apis = vendors.map(openApi);
  const appointments: Appointment[] = [];
  const parts = {
    database,
    schedule,
    queue,
    shape,
    mappings: mappingsOf(shape),
    reached: chronicle.reached,
    tell: ({ label, when }: Moment) => {
      for (const one of appointments.filter(({ at }) => at === label)) {
        one.left -= 1;
        if (one.left > 0) continue;
        appointments.splice(appointments.indexOf(one), 1);
        chronicle.reached.add(`a deed ${when} ${label}`);
        one.keep();
      }
    },
    stored: (remoteIds: readonly string[]) => {
      const ids = new Set(remoteIds);
      for (const { rows } of vendors) for (const row of rows.values()) if (ids.has(row.id)) row.isKnown = true;
    },
    apiOf: (origin: string) => must(apis[shape.systems.findIndex((_, i) => originOf(i) === origin)], `the account at ${origin}`),
  };
  const steward = openWorker(parts, 'steward');
  const workers = Array.from({ length: shape.workers }, (_, i) => openWorker(parts, `worker ${i}`));
  return {
    shape,
    isCalm: history.steps.every((step) => !['fault', 'crash', 'lose_database', 'stop'].includes(step.do)),
    isTold: history.steps.every((step) => step.do !== 'fault' || step.kind !== 'late_effect'),
    schedule,
    chronicle,
    vendors,
    apis,
    queue,
    deliveries,
    workers,
    appointments,
    steward,
    connectionIds: addresses.map(({ connectionId }) => connectionId),
    async reboot(at) {
      await schedule.turn(null, () => database.bury());
      const fresh = openWorker(parts, `worker ${at}`);
      workers[at] = fresh;
      return fresh;
    },
    sleep: (ms) => new Promise((resolve) => void schedule.at(schedule.nowMs() + ms, null, () => resolve())),
    query: (text, values) => schedule.turn(null, () => database.query(text, values)),
  };
}

async function connectAll(database: SimDatabase, shape: Shape): Promise<readonly Address[]> {
  const addresses = shape.systems.map((): Address => ({ connectionId: newId(), streamId: newId() }));
  const ids = addresses.map(({ connectionId }) => connectionId);
  const sealed = ids.map((connectionId) =>
    seal(KEYS, { connectionId, purpose: 'credential' }, JSON.stringify({ token: 't', client_id: 'i', client_secret: 's' })),
  );
  await database.query(
    `with c as (
      insert into connection (id, connector, name, origin, enabled, state, calls_made)
      select c.id, c.connector, c.name, c.origin, true, 'ready', 0 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as c (id, connector, name, origin)),
    k as (
      insert into credential (connection_id, kind, key_version, sealed)
      select k.id, k.kind, 1, k.sealed from unnest($1::uuid[], $5::bytea[], $8::text[]) as k (id, sealed, kind))
    insert into stream (id, connection_id, object, hub_object, direction, enabled, every_ms, sweep_every_ms)
    select s.id, s.connection_id, 'contact', 'contact', 'both', true, 10000, s.sweep_every_ms
    from unnest($6::uuid[], $1::uuid[], $7::bigint[]) as s (id, connection_id, sweep_every_ms)`,
    [
      ids,
      shape.systems.map(({ connector }) => connector),
      shape.systems.map(({ name }) => name),
      ids.map((_, i) => originOf(i)),
      sealed.map((one) => one.sealed),
      addresses.map(({ streamId }) => streamId),
      shape.systems.map(({ connector }) => connectorOf(shape, connector).sweepEveryMs),
      shape.systems.map(({ connector }) =>
        shape.connectors.some(({ id, grants }) => id === connector && grants) ? 'client_credentials' : 'token',
      ),
    ],
  );
  return addresses;
}

/** How often an idle worker looks for what is due while another one is still at something. */
const SWEEP_MS = 10_000;
/** Jobs, and waits, after which a worker has done enough at one go. */
const ENOUGH = 120;

/** Lets all workers take jobs until the queue is empty and nobody works any more. */
export async function workAll(world: World): Promise<void> {
  let busy = 0;
  let sweptMs = world.schedule.nowMs();
  world.queue.put({ name: 'sweep' });
  const loop = async (at: number) => {
    for (let jobs = 0; jobs < ENOUGH; jobs += 1) {
      const job = world.queue.take();
      if (job === undefined) {
        const nextMs = world.queue.nextMs();
        if (nextMs === null && busy === 0) return;
        // Whoever is stopped keeps nobody from working: the others look for what is due, as always.
        if (nextMs === null && world.schedule.nowMs() - sweptMs >= SWEEP_MS) {
          sweptMs = world.schedule.nowMs();
          world.queue.put({ name: 'sweep' });
        }
        await world.sleep(nextMs === null ? 1_000 : Math.max(1, nextMs - world.schedule.nowMs()));
        continue;
      }
      busy += 1;
      const worker = must(world.workers[at], 'a worker');
      const ended = await Promise.race([worker.work(job), worker.died.then(() => 'died' as const)]);
      busy -= 1;
      if (ended === 'died') await world.reboot(at);
      else if (ended !== null && !isExpected(ended)) world.chronicle.broken.push(`a job failed: ${ended.stack ?? ended.message}`);
    }
  };
  await Promise.all(world.workers.map((_, at) => loop(at)));
}

const isExpected = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET';

/** One look at everything, and what it takes to write what is due. */
export async function cycle(world: World): Promise<void> {
  await cycleOnce(must(world.workers[0], 'a worker').engine, new AbortController().signal);
}
