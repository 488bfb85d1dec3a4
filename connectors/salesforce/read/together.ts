import type { Look } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Client } from '../http/client.ts';
import type { Room } from '../room.ts';
import { firstPaths } from './read.ts';

/** What is about the batch, or about a cursor, and not about the moment: then each look asks for itself, and says what is wrong. */
const ABOUT_THESE: readonly string[] = ['cursor_expired', 'misconfigured', 'not_allowed', 'record_rejected', 'broken_answer'];

/** Asks for what looks at several objects begin with by one composite batch. */
export async function lookTogether(client: Client, rooms: ReadonlyMap<string, Room>, looks: readonly Look[]): Promise<() => void> {
  try {
    const paths: string[] = [];
    for (const { object, from, ask } of looks) {
      const room = rooms.get(object);
      if (room !== undefined) paths.push(...(await firstPaths(room, from, ask)));
    }
    return await client.ahead(paths);
  } catch (error) {
    if (error instanceof HubError && ABOUT_THESE.includes(error.kind)) return () => undefined;
    throw error;
  }
}
