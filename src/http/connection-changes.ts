import { sql } from 'kysely';
import { setDailyShare } from '../hub/allowances.ts';
import { setConnectionEnabled } from '../hub/connections.ts';
import type { Hub } from '../hub/database.ts';
import type { AppParts } from './parts.ts';
import { Problem } from './problem.ts';

const UNIQUE_VIOLATION = '23505';

export const nameIsTaken = () =>
  new Problem(409, 'Another connection has this name. Choose one that is free.', {
    errors: [{ pointer: '#/name', detail: 'The name is taken.' }],
  });

/** Renames and switches. What is switched on is looked at right away. */
export async function patchConnection(
  parts: AppParts,
  id: string,
  change: { name?: string | undefined; enabled?: boolean | undefined; dailyShare?: number | undefined },
): Promise<void> {
  const { name, enabled, dailyShare } = change;
  if (name !== undefined) await renameConnection(parts.hub, id, name);
  if (dailyShare !== undefined) await setDailyShare(parts.hub, id, dailyShare);
  if (enabled === undefined) return;
  await setConnectionEnabled(parts.hub, id, enabled);
  if (enabled) await lookNow(parts, id);
}

async function renameConnection(hub: Hub, id: string, name: string): Promise<void> {
  try {
    await hub.updateTable('connection').set({ name, updated_at: sql`now()` }).where('id', '=', id).execute();
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === UNIQUE_VIOLATION) throw nameIsTaken();
    throw error;
  }
}

/** Makes the enabled streams of a connection due, and says so to the workers. Gives how many there are. */
export async function lookNow(parts: Pick<AppParts, 'hub' | 'nudge'>, connectionId: string): Promise<number> {
  const streams = await parts.hub
    .updateTable('stream')
    .set({ next_at: sql`now()` })
    .where('connection_id', '=', connectionId)
    .where('enabled', '=', true)
    .where('direction', '<>', 'off')
    .returning('id')
    .execute();
  for (const stream of streams) await parts.nudge({ name: 'observe', streamId: stream.id });
  return streams.length;
}

/** Forgets the connection with its credentials, observations, and links. */
export async function deleteConnection(hub: Hub, id: string): Promise<void> {
  await hub.deleteFrom('connection').where('id', '=', id).execute();
}
