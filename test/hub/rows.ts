import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';

/** A connection of a connector that does not matter; its id. */
export async function addConnection(hub: Hub): Promise<string> {
  const id = newId();
  await hub
    .insertInto('connection')
    .values({ id, connector: 'x', name: `x ${id}`, origin: 'http://x', settings: '{}', account: null, reason: null, resume_at: null })
    .execute();
  return id;
}
