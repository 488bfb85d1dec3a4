import { findConnection } from '../../hub/connections/connections.ts';
import { isAtRest, pauseConnection } from '../../hub/rhythm/pausing.ts';
import type { Engine } from '../engine.ts';

/** Who pauses is told once the batch that was under way has ended; a vendor that lets it wait for longer is not waited for. */
const REST_WITHIN_MS = 10_000;
const STEP_MS = 100;

/**
 * Pauses a connection. `rested`: whoever was at it has stopped, so that nothing more reaches the vendor; else one request may still be under way. Null
 * when there is no such connection.
 */
export async function pause(
  engine: Engine,
  nameOrId: string,
  by: { readonly actor: string; readonly why: string | null },
): Promise<{ readonly rested: boolean } | null> {
  const connection = await findConnection(engine.hub, nameOrId);
  if (connection === undefined) return null;
  await pauseConnection(engine.hub, connection.id, by);
  engine.live({ event: 'connection', connectionId: connection.id, state: 'paused', reason: by.why });
  const untilMs = engine.clock.now().getTime() + REST_WITHIN_MS;
  while (engine.clock.now().getTime() < untilMs) {
    if (await isAtRest(engine.hub, connection.id)) return { rested: true };
    await engine.clock.sleep(STEP_MS);
  }
  return { rested: false };
}
