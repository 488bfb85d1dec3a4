import { sql } from 'kysely';
import { setConnectionEnabled } from '../../hub/connections/connections.ts';
import { forgetMadeUp, madeUpBeside } from '../../hub/connections/made-up.ts';
import { setStream } from '../../hub/connections/set-stream.ts';
import type { Hub } from '../../hub/database.ts';
import { setDailyShare } from '../../hub/limits/allowances.ts';
import { objectsTogether } from '../../mapping/mappings.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const UNIQUE_VIOLATION = '23505';

export const nameIsTaken = () =>
  new Problem(409, 'Another connection has this name. Choose one that is free.', {
    errors: [{ pointer: '#/name', detail: 'The name is taken.' }],
  });

/** Renames and switches. What is switched on is looked at right away. */
export async function patchConnection(
  parts: AppParts,
  id: string,
  change: {
    name?: string | undefined;
    enabled?: boolean | undefined;
    dailyShare?: number | undefined;
    sandbox?: 'theirs' | null | undefined;
  },
): Promise<void> {
  const { name, enabled, dailyShare, sandbox } = change;
  if (name !== undefined) await renameConnection(parts.hub, id, name);
  if (dailyShare !== undefined) await setDailyShare(parts.hub, id, dailyShare);
  if (sandbox !== undefined) await callSandbox(parts.hub, id, sandbox);
  if (enabled === undefined) return;
  if (enabled) await refuseMadeUp(parts.hub, id);
  await setConnectionEnabled(parts.hub, id, enabled);
  if (enabled) await switchOnTogether(parts, id);
  if (enabled) await lookNow(parts, id);
}

/** Says whether a connection is an account to try things out in; what the hub has opened itself stays what it is. */
async function callSandbox(hub: Hub, id: string, sandbox: 'theirs' | null): Promise<void> {
  await hub
    .updateTable('connection')
    .set({ sandbox, updated_at: sql`now()` })
    .where('id', '=', id)
    .where(sql<boolean>`sandbox is distinct from 'ours'`)
    .execute();
}

/** A connection of which no object is on would do nothing: then those are switched on that belong together. */
async function switchOnTogether({ hub, mappings }: AppParts, id: string): Promise<void> {
  const connection = await hub.selectFrom('connection').select(['connector', 'name']).where('id', '=', id).executeTakeFirstOrThrow();
  const streams = await hub.selectFrom('stream').select(['id', 'object', 'enabled']).where('connection_id', '=', id).execute();
  if (streams.some(({ enabled }) => enabled)) return;
  const together = new Set(objectsTogether(mappings(), connection));
  for (const stream of streams.filter(({ object }) => together.has(object))) await setStream(hub, stream.id, { enabled: true });
}

async function refuseMadeUp(hub: Hub, id: string): Promise<void> {
  const { name } = await hub.selectFrom('connection').select('name').where('id', '=', id).executeTakeFirstOrThrow();
  const mixed = await madeUpBeside(hub, [name]);
  if (mixed !== null) throw new Problem(409, mixed);
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

/** Forgets the connection with its credentials, observations, and links; of a sandbox of the hub also whom it has made up. */
export async function deleteConnection(hub: Hub, { id, sandbox }: { readonly id: string; readonly sandbox: string | null }): Promise<void> {
  if (sandbox === 'ours') return hub.transaction().execute((tx) => forgetMadeUp(tx, id));
  await hub.deleteFrom('connection').where('id', '=', id).execute();
}
