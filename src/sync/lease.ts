import { LEASE_MS, type Lease, LeaseLost, releaseLease, renewLease, takeLease } from '../hub/leases.ts';
import type { Engine } from './engine.ts';

export type Held = { readonly lease: Lease; readonly signal: AbortSignal };

/**
 * Works on a connection alone: takes its lease, renews it while `work` runs, aborts the work's signal when it is lost, and releases it.
 * Null when somebody else holds it.
 */
export async function withLease<T>(
  engine: Engine,
  connectionId: string,
  signal: AbortSignal,
  work: (held: Held) => Promise<T>,
): Promise<T | null> {
  const lease = await takeLease(engine.hub, connectionId);
  if (lease === null) return null;
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = (async () => {
    while (!done.signal.aborted) {
      await engine.clock.sleep(LEASE_MS / 3, done.signal);
      const holds = await renewLease(engine.hub, lease).catch(() => false);
      if (!holds) return lost.abort(new LeaseLost(lease));
    }
  })().catch(() => undefined);
  try {
    return await work({ lease, signal: AbortSignal.any([signal, lost.signal]) });
  } finally {
    done.abort();
    await renewing;
    await releaseLease(engine.hub, lease);
  }
}
