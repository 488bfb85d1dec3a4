import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { withFamilies } from '../../src/contract/families.ts';
import { type Hub, openHub } from '../../src/hub/database.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { must } from '../../src/kernel/must.ts';
import { objectsMapped } from '../../src/mapping/mappings.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { connect, setEnabled } from '../../src/sync/connecting/connect.ts';
import type { Engine } from '../../src/sync/engine.ts';
import { Pace } from '../../src/sync/limits/pace.ts';
import { cycleOnce } from '../../src/sync/until-quiet.ts';
import { openEngine } from '../support/stage.ts';
import { type Chronicle, openChronicle } from './chronicle.ts';
import { liveOn, type Picture, pictureOf, settlePeople, type Vendors, vendorsOf } from './household.ts';
import { openPostgresGate, type PostgresGate } from './postgres-gate.ts';
import { type Half, type Running, startProcess } from './processes.ts';
import { until } from './until.ts';
import { openVendorGate, type VendorGate } from './vendor-gate.ts';

const KEY = randomBytes(32);
const VENDORS = ['hubspot', 'salesforce', 'typeform'] as const;
export type VendorId = (typeof VENDORS)[number];

// Without the vendors' limits, so that a cell is done in seconds; what they do to the hub is tried elsewhere.
const QUICK = {
  hubspot: { indexLagMs: 0, searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 },
  salesforce: {},
  typeform: { callsPerSecond: 0 },
} as const;

export type StageOptions = {
  /** The database, and where its Postgres is now. */
  readonly database: string;
  readonly postgres: () => URL;
  /** Whether the admin made the field by which a vendor refuses the same create twice; by default yes. */
  readonly uniqueId?: boolean;
  /** Whether answers stand on the timelines of those who gave them; by default no. */
  readonly timelines?: boolean;
  readonly redisUrl?: string;
  /** The data folder of processes that bring their own Postgres. */
  readonly dataFolder?: string;
};

/** Three vendors, a hub, and its processes, each behind a gate that can stop them on any step. */
export type Stage = AsyncDisposable & {
  readonly hub: Hub;
  readonly engine: Engine;
  readonly vendors: Vendors;
  readonly gates: Readonly<Record<VendorId, VendorGate>>;
  readonly postgres: PostgresGate;
  readonly chronicle: Chronicle;
  readonly running: readonly Running[];
  picture(): Picture;
  /** A day in the people's life. */
  live(): void;
  /** Syncs in this process until nothing is written any more. */
  settleHere(): Promise<void>;
  /** Starts a process of the product behind the gates; `ungated`: past that of Postgres. */
  start(half: Half, options?: { ungated?: boolean; environment?: Readonly<Record<string, string>> }): Promise<Running>;
  /** As if the time for which a dead process holds its leases, and for which its writes may still be under way, had passed. */
  letTimePass(): Promise<void>;
  /** Waits until every stream has been looked at after this call and after the last write, and nothing is left to be done. */
  untilSettled(): Promise<void>;
};

export async function openStage(options: StageOptions): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  try {
    const gate = stack.use(await openPostgresGate(options.postgres));
    const aside = stack.use(await openPostgresGate(options.postgres));
    const hub = openHub(aside.urlOf(options.database), { connections: 4 });
    stack.defer(() => hub.destroy());
    const shipped = await openEngine(hub);
    const connectors =
      options.timelines === true ? withFamilies(shipped.connectors, (id) => objectsMapped(shipped.mappings, id)) : shipped.connectors;
    const engine = { ...shipped, connectors, vault: openVault(hub, { current: 1, keys: new Map([[1, KEY]]) }) };
    let look = (): void => undefined;
    const opened = await Promise.all(
      VENDORS.map((id) => openVendor(stack, id, { uniqueId: options.uniqueId ?? true, onWrite: () => look() })),
    );
    const vendors = vendorsOf(
      (id) =>
        must(
          opened.find((one) => one.id === id),
          id,
        ).sandbox.sandbox,
    );
    const chronicle = openChronicle(() => pictureOf(vendors));
    look = () => chronicle.look();
    settlePeople(vendors);
    chronicle.given();
    for (const {
      id,
      gate: { origin },
    } of opened)
      await connectVendor(engine, id, origin);
    await sql`update stream set every_ms = 1000`.execute(hub);
    const running: Running[] = [];
    stack.defer(async () => {
      for (const one of running) if (!one.hasEnded()) await one.signal('SIGKILL');
    });
    const urls = { gated: gate.urlOf(options.database), ungated: aside.urlOf(options.database) };
    return {
      hub,
      engine,
      vendors,
      gates: { hubspot: gateOf(opened, 'hubspot'), salesforce: gateOf(opened, 'salesforce'), typeform: gateOf(opened, 'typeform') },
      postgres: gate,
      chronicle,
      running,
      picture: () => pictureOf(vendors),
      live: () => {
        liveOn(vendors);
        chronicle.given();
      },
      settleHere: () => settleHere(engine),
      start: async (half, { ungated = false, environment = {} } = {}) => {
        const started = await startProcess(half, {
          SYNCLINE_KEY: KEY.toString('base64'),
          PORT: '0',
          ...(options.dataFolder === undefined
            ? { DATABASE_URL: ungated ? urls.ungated : urls.gated }
            : { SYNCLINE_DATA: options.dataFolder }),
          ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
          ...environment,
        });
        running.push(started);
        return started;
      },
      letTimePass: () => letTimePass(hub),
      untilSettled: () => untilSettled(hub, running),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

type Opened = { readonly id: VendorId; readonly sandbox: Awaited<ReturnType<typeof openSandbox>>; readonly gate: VendorGate };

async function openVendor(
  stack: AsyncDisposableStack,
  id: VendorId,
  { uniqueId, onWrite }: { uniqueId: boolean; onWrite: () => void },
): Promise<Opened> {
  let origin = '';
  const gate = stack.use(await openVendorGate(() => origin, onWrite));
  const definition = must(
    SANDBOXES.find((one) => one.id === id),
    `sandbox ${id}`,
  );
  const own = id === 'typeform' ? {} : { uniqueId };
  const instance = id === 'salesforce' ? { instanceUrl: gate.origin } : {};
  const sandbox = await openSandbox(definition, {
    town: makeTown({ seed: 1, people: 0 }),
    switches: { ...QUICK[id], ...own, ...instance },
  });
  stack.defer(() => sandbox.close());
  origin = sandbox.origin;
  return { id, sandbox, gate };
}

const gateOf = (opened: readonly Opened[], id: VendorId): VendorGate =>
  must(
    opened.find((one) => one.id === id),
    id,
  ).gate;

async function connectVendor(engine: Engine, id: VendorId, origin: string): Promise<void> {
  const { credentials, settings } = must(
    SANDBOXES.find((one) => one.id === id),
    `sandbox ${id}`,
  );
  const { client_id, client_secret, token } = credentials;
  const auth =
    client_id !== undefined && client_secret !== undefined
      ? { kind: 'client_credentials', values: { client_id, client_secret } }
      : { kind: 'token', values: { token: token ?? '' } };
  const connected = await connect(engine, { connector: id, name: id, origin, auth, settings });
  if (!connected.ok) throw new Error(connected.message);
  engine.paces.set(connected.id, new Pace([], systemClock));
  await setEnabled(engine, id, true);
}

async function settleHere(engine: Engine): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    if ((await cycleOnce(engine, AbortSignal.timeout(120_000))) === 0 && round > 0) return;
  }
  throw new Error('still writing after 10 cycles');
}

async function letTimePass(hub: Hub): Promise<void> {
  await sql`update connection set lease_until = '-infinity', resume_at = null`.execute(hub);
  await sql`update link set sent_at = sent_at - interval '30 s' where sent is not null`.execute(hub);
}

async function untilSettled(hub: Hub, running: readonly Running[]): Promise<void> {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(hub);
  const since = must(rows[0], 'the time').now;
  await until('everything is settled', async () => (await unsettled(hub, since)).length === 0, {
    tell: async () => `${(await unsettled(hub, since)).join(', ')}\n${running.map(({ said }) => said().slice(-1500)).join('\n')}`,
  });
}

/** What is still to be done, in words. */
async function unsettled(hub: Hub, since: Date): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string }>`
    select 'a dirty observation' as what where exists (select 1 from observation o join stream s on s.connection_id = o.connection_id and s.object = o.object where o.dirty and s.hub_object <> 'response')
    union all select 'a dirty record' where exists (select 1 from record where dirty)
    union all select 'a link that is due' where exists (select 1 from link where due)
    union all select 'a write without its answer' where exists (select 1 from link where sent is not null)
    union all select 'a stream to be looked at: ' || c.name || ' ' || s.object || ' (' || c.state || coalesce(', ' || c.reason, '') || ')' from stream s join connection c on c.id = s.connection_id
      where s.enabled and (s.observed_at is null or s.observed_at <= greatest(${since}::timestamptz, coalesce(s.wrote_at, '-infinity')))`.execute(
    hub,
  );
  return rows.map(({ what }) => what);
}
