import { HubError } from '../../contract/errors.ts';
import { findConnection } from '../../hub/connections/connections.ts';
import { LEASE_MS } from '../../hub/connections/leases.ts';
import type { Completeness } from '../../hub/views/completeness.ts';
import type { Engine } from '../engine.ts';
import { whyLeftAlone } from '../rhythm/left-alone.ts';
import { tend } from '../tend.ts';
import { SAMPLE } from './completeness.ts';

export type CheckOptions = {
  readonly signal: AbortSignal;
  readonly object?: string | undefined;
  readonly sample?: number | undefined;
  /** Whether every record is looked at first, which takes as long as a first load. */
  readonly everyId?: boolean | undefined;
};
/** What a comparison of both sides found, by object; or why there was none. */
export type CheckResult = { readonly ok: true; readonly found: readonly Completeness[] } | { readonly ok: false; readonly error: HubError };

const STEP_MS = 1_000;

/** Compares both sides of a connection now. Null when there is no such connection. Waits for a worker that is at it, as long as one may be. */
export async function checkCompleteness(engine: Engine, nameOrId: string, options: CheckOptions): Promise<CheckResult | null> {
  const connection = await findConnection(engine.hub, nameOrId);
  if (connection === undefined) return null;
  if (!connection.enabled)
    return { ok: false, error: new HubError('misconfigured', 'The connection is switched off. Switch it on first.') };
  const hindrance = await whyLeftAlone(engine, connection);
  if (hindrance !== null) return { ok: false, error: hindrance };
  const { signal, object, sample = SAMPLE, everyId = false } = options;
  const untilMs = engine.clock.now().getTime() + LEASE_MS;
  for (;;) {
    const found: Completeness[] = [];
    const check = { sample, object, everyId, found: (result: Completeness) => void found.push(result) };
    const tended = await tend(engine, connection.id, { signal, look: () => false, write: false, check });
    if (tended !== null) return tended.error === null ? { ok: true, found } : { ok: false, error: tended.error };
    if (engine.clock.now().getTime() >= untilMs)
      return { ok: false, error: new HubError('locked', 'Another worker is at this connection. Try again when it is done.') };
    await engine.clock.sleep(STEP_MS, signal);
  }
}
