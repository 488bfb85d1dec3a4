import { expect } from 'vitest';
import { findConnection } from '../../src/hub/connections/connections.ts';
import { LEASE_MS, LeaseLost } from '../../src/hub/connections/leases.ts';
import { must } from '../../src/kernel/must.ts';
import { openConnection } from '../../src/sync/connecting/session.ts';
import { withLease } from '../../src/sync/lease.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

test('a worker that wakes after its lease has run out sends nothing, even before it has heard that the lease is lost', async ({ hub }) => {
  await using world = await openWorld(hub);
  let aheadMs = 0;
  // It is stopped as a whole: while its clock goes on, none of its timers does.
  const clock = {
    now: () => new Date(Date.now() + aheadMs),
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true })),
  };
  const engine = { ...world.engine, clock, paces: new Map(), opened: new Map() };
  const connection = must(await findConnection(hub, 'hubspot'), 'the connection');
  await withLease(engine, connection.id, AbortSignal.timeout(10_000), async (held) => {
    const { ports } = await openConnection(engine, connection, held);
    await ports.identify();
    const calls = world.sandbox('hubspot').calls();
    aheadMs = LEASE_MS;
    expect(held.signal.aborted).toBe(false);
    await expect(ports.identify()).rejects.toBeInstanceOf(LeaseLost);
    expect(world.sandbox('hubspot').calls()).toBe(calls);
  });
});

test('a lease that is renewed in time lets requests through for as long as the work takes', async ({ hub }) => {
  await using world = await openWorld(hub);
  let aheadMs = 0;
  let naps: (() => void)[] = [];
  const clock = {
    now: () => new Date(Date.now() + aheadMs),
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        naps.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const engine = { ...world.engine, clock };
  const connection = must(await findConnection(hub, 'hubspot'), 'the connection');
  await withLease(engine, connection.id, AbortSignal.timeout(20_000), async (held) => {
    for (let turn = 0; turn < 5; turn += 1) {
      aheadMs += LEASE_MS / 3;
      const waking = naps;
      naps = [];
      for (const wake of waking) wake();
      await expect.poll(() => naps.length).toBeGreaterThan(0);
      expect(() => held.assertHeld()).not.toThrow();
    }
  });
});
