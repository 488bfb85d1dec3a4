import { noteObserved } from '../../hub/connections/connections.ts';
import { databaseNow } from '../../hub/rhythm/pausing.ts';
import { nextLook } from '../../hub/rhythm/schedule.ts';
import type { Engine } from '../engine.ts';
import type { Work } from '../work.ts';

/** A complete look has ended: the next is due when the schedule of the connection says so. */
export async function noteLooked(engine: Engine, { connection, stream }: Work, { sweeps }: { readonly sweeps: boolean }): Promise<void> {
  const { schedule } = connection;
  const nextAt = schedule === null || schedule.cron === null ? null : nextLook(schedule, await databaseNow(engine.hub));
  await noteObserved(engine.hub, stream.id, { sweeps, nextAt });
}
