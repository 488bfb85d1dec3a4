import { HubError } from '../contract/errors.ts';
import { LEASE_MS, type Lease, LeaseLost, releaseLease, renewLease, takeLease } from '../hub/connections/leases.ts';
import type { Engine } from './engine.ts';

/** `assertHeld` throws when the lease may have run out since it was last renewed, whether or not the signal has had the time to say so. */
export type Held = { readonly lease: Lease; readonly signal: AbortSignal; assertHeld(): void };

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
  const now = () => engine.clock.now().getTime();
  // From before the database was asked: then the lease ends no sooner there than it does here.
  let heldUntilMs = now() + LEASE_MS;
  const lease = await takeLease(engine.hub, connectionId);
  if (lease === null) return null;
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = (async () => {
    while (!done.signal.aborted) {
      await engine.clock.sleep(LEASE_MS / 3, done.signal);
      const askedAt = now();
      const holds = await renewLease(engine.hub, lease).catch(() => false);
      if (!holds) return lost.abort(new LeaseLost(lease));
      heldUntilMs = askedAt + LEASE_MS;
    }
  })().catch(() => undefined);
  try {
    // A process that was stopped for a while goes on where it was, before any timer of its own runs.
    const assertHeld = (): void => {
      if (now() >= heldUntilMs) throw new LeaseLost(lease);
    };
    return await work({ lease, signal: AbortSignal.any([signal, lost.signal]), assertHeld });
  } finally {
    done.abort();
    await renewing;
    await releaseLease(engine.hub, lease);
  }
}

const STEP_MS = 500;

/** `withLease` for what a person waits for: as long as one worker may be at it, it is tried again, and then said to be taken. */
export async function awaitLease<T>(
  engine: Engine,
  connectionId: string,
  signal: AbortSignal,
  work: (held: Held) => Promise<T & {}>,
): Promise<T> {
  const untilMs = engine.clock.now().getTime() + LEASE_MS;
  for (;;) {
    const came = await withLease(engine, connectionId, signal, work);
    if (came !== null) return came;
    if (engine.clock.now().getTime() >= untilMs)
      throw new HubError('locked', 'Another worker is at this connection. Try again when it is done.');
    await engine.clock.sleep(STEP_MS, signal);
  }
}
