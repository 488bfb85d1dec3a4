import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnyPort, AnyPorts } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { must } from '../../src/kernel/must.ts';
import { loadMappings } from '../../src/mapping/load.ts';
import type { Line } from '../../src/mapping/mapping.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/sandbox.ts';
import { type TestSession, type TestSessionOptions, testSession } from '../support/session.ts';
import type { Hands, Switches } from './bench.ts';
import type { Tried } from './every.ts';

export type Connected = { readonly session: TestSession; readonly ports: AnyPorts; port(object: string): AnyPort };
export type Stage = {
  readonly open: OpenSandbox;
  readonly hands: Hands;
  connect(options?: Partial<TestSessionOptions>): Connected;
  /** Moves the vendor's clock. */
  wind(ms: number): void;
  now(): Date;
};

/** Opens the sandbox of one connector, closed with the test. Its clock stands still until it is wound. */
export async function openStage(tried: Tried, switches: Switches = {}): Promise<Stage> {
  const { bench } = tried;
  let now = new Date('2026-11-22T00:00:00Z');
  const { definition, hands } = bench.start();
  const town = makeTown({ seed: 7, people: bench.people });
  const open = await openSandbox(definition, { seed: 7, town, now: () => now, switches: { ...bench.switches, ...switches } });
  onTestFinished(() => open.close());
  return {
    open,
    hands: hands(),
    connect: (options = {}) => connectTo(tried, { origin: open.origin, clock: { ...systemClock, now: () => now }, ...options }),
    wind: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    now: () => now,
  };
}

/** The connector on a session of its own, with the sandbox's credentials and settings unless told. */
export function connectTo({ connector, bench }: Tried, options: TestSessionOptions): Connected {
  const { credentials, settings } = bench.definition;
  const session = testSession(connector.manifest, { credentials, settings, ...options });
  const ports = connector.open(session);
  return { session, ports, port: (object) => must(ports.objects[object], `the port ${object}`) };
}

/** The scopes of an object: those that it lists, or the one that covers all. */
export async function scopesOf(port: AnyPort): Promise<readonly string[]> {
  if (port.read.scopes === undefined) return ['all'];
  return (await Array.fromAsync(port.read.scopes())).map(({ scope }) => scope);
}

/** The error of something that has to fail with one of ours. */
export async function errorOf(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HubError) return error;
  throw new Error(`expected a HubError, got ${error instanceof Error ? error.stack : 'none'}`);
}

const shipped = loadMappings(join(import.meta.dirname, '../../mappings'));

async function mappedLines(connector: string, object: string): Promise<readonly Line[]> {
  const loaded = await shipped;
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const mapping = loaded.mappings.byStream.get(`${connector}.${object}`);
  return mapping?.kind === 'entity' ? mapping.lines : [];
}

/** The remote fields that the shipped mapping of an object names; none for responses, which come whole. */
export async function mappedFields(connector: string, object: string): Promise<readonly string[]> {
  return [...new Set((await mappedLines(connector, object)).map(({ remote }) => remote))];
}

/** Those of them that a blank never clears. */
export async function keptFields(connector: string, object: string): Promise<readonly string[]> {
  return (await mappedLines(connector, object)).flatMap(({ remote, nulls }) => (nulls === 'keep' ? [remote] : []));
}
