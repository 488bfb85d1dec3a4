import { HubError } from '../../contract/errors.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import { LeaseLost } from '../../hub/connections/leases.ts';
import { databaseNow, noteQuiet } from '../../hub/rhythm/pausing.ts';
import { nextQuiet, quietUntil } from '../../hub/rhythm/schedule.ts';
import type { Engine } from '../engine.ts';
import type { Held } from '../lease.ts';

/** Why nothing is read from a connection and nothing is written to it now, though nothing is wrong with it: it is paused, or in its quiet hours. */
export async function whyLeftAlone(engine: Engine, connection: Connection): Promise<HubError | null> {
  if (connection.isPaused) return new HubError('locked', `${connection.name} is paused`, { code: 'PAUSED' });
  const { schedule } = connection;
  if (schedule === null || schedule.quiet.length === 0) return null;
  const now = await databaseNow(engine.hub);
  const until = quietUntil(schedule, now);
  if (until === null) return null;
  await noteQuiet(engine.hub, connection.id, until);
  const retryAfterMs = until.getTime() - now.getTime();
  return new HubError('locked', `${connection.name} is in its quiet hours until ${until.toISOString()}`, {
    code: 'QUIET_HOURS',
    retryAfterMs,
  });
}

/** The right to work on a connection, which ends when its quiet hours begin: no request goes out after that, and what was begun goes on when they are over. */
export function untilQuiet(engine: Engine, { schedule }: Connection, held: Held): Held {
  const begins = schedule === null ? null : nextQuiet(schedule, engine.clock.now());
  if (begins === null) return held;
  return {
    ...held,
    assertHeld: () => {
      held.assertHeld();
      if (engine.clock.now() >= begins) throw new LeaseLost(held.lease, 'its quiet hours have begun');
    },
  };
}
