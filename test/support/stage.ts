import { randomBytes } from 'node:crypto';
import { CONNECTORS } from '../../connectors/index.ts';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import type { Connector } from '../../src/contract/connector.ts';
import { withFamilies } from '../../src/contract/families.ts';
import type { Hub } from '../../src/hub/database.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { must } from '../../src/kernel/must.ts';
import { type Mappings, objectsMapped } from '../../src/mapping/mappings.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/sandbox.ts';
import { connect, setEnabled } from '../../src/sync/connecting/connect.ts';
import { parseRanges } from '../../src/sync/connecting/private-addresses.ts';
import type { Engine } from '../../src/sync/engine.ts';
import { Pace } from '../../src/sync/limits/pace.ts';
import { shippedMappings } from './mappings.ts';

/** A hub with sandboxes connected to it, by connector id, all of it in this process. */
export type Stage = AsyncDisposable & { readonly engine: Engine; readonly sandboxes: ReadonlyMap<string, OpenSandbox> };

export async function openEngine(hub: Hub): Promise<Engine> {
  return {
    hub,
    vault: openVault(hub, { current: 1, keys: new Map([[1, randomBytes(32)]]) }),
    connectors: CONNECTORS,
    mappings: await shippedMappings(),
    clock: systemClock,
    log: silentLog,
    allowPrivate: parseRanges('127.0.0.0/8'),
    callTimeoutMs: 10_000,
    paces: new Map(),
    opened: new Map(),
    live: () => undefined,
  };
}

export type StageOptions = {
  readonly connectors: readonly string[];
  readonly people: number;
  /** By connector id. */
  readonly switches?: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;
  /** Changes the mappings that ship. */
  readonly remap?: (mappings: Mappings) => Mappings;
  /** Puts something around each connector. */
  readonly around?: (connector: Connector) => Connector;
  /** The time that the sandboxes live in. */
  readonly now?: () => Date;
  /** Sends requests as fast as it can: for sandboxes whose limits are switched off. */
  readonly unpaced?: boolean;
};

/** Opens the sandboxes that are named, connects and enables them. */
export async function openStage(hub: Hub, options: StageOptions): Promise<Stage> {
  const shipped = await openEngine(hub);
  const mappings = options.remap?.(shipped.mappings) ?? shipped.mappings;
  const { around = (same: Connector) => same } = options;
  const all = new Map([...CONNECTORS].map(([id, connector]) => [id, around(connector)]));
  const connectors = withFamilies(all, (connector) => objectsMapped(mappings, connector));
  const engine = { ...shipped, mappings, connectors };
  const town = makeTown({ seed: 1, people: options.people });
  const sandboxes = new Map<string, OpenSandbox>();
  for (const id of options.connectors) {
    const definition = must(
      SANDBOXES.find((one) => one.id === id),
      `sandbox ${id}`,
    );
    const stage = await openSandbox(definition, {
      town,
      seed: 1,
      ...(options.now === undefined ? {} : { now: options.now }),
      ...(options.switches?.[id] === undefined ? {} : { switches: options.switches[id] }),
    });
    sandboxes.set(id, stage);
    const ways = must(connectors.get(id), id).manifest.auth;
    const way = ways.find(({ kind }) => kind === 'client_credentials') ?? must(ways[0], `a way into ${id}`);
    const values = Object.fromEntries(way.fields.map(({ name }) => [name, definition.credentials[name] ?? '']));
    const auth = { kind: way.kind, values };
    const connected = await connect(engine, { connector: id, name: id, origin: stage.origin, auth, settings: definition.settings });
    if (!connected.ok) throw new Error(connected.message);
    if (options.unpaced === true) engine.paces.set(connected.id, new Pace([], systemClock));
    await setEnabled(engine, id, true);
  }
  return {
    engine,
    sandboxes,
    [Symbol.asyncDispose]: async () => void (await Promise.all([...sandboxes.values()].map((stage) => stage.close()))),
  };
}
