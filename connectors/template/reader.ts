import type { Reader, Session } from '../../src/contract/connector.ts';
import { send } from './client.ts';
import { toWrite } from './to-write.ts';

/** Reads contacts. */
export function openReader(session: Session): Reader {
  return {
    async *changes(from, ask) {
      if (from !== null) {
        toWrite(
          `reader.ts, changes: read on from the cursor ${JSON.stringify(from)}; refuse with cursor_expired what this version did not write`,
        );
      }
      const { body, servedAt } = await send(session, { method: 'GET', path: '/contacts' });
      // Pages may repeat records and never skip one: not two that changed in one instant, not one that shows up late.
      yield toWrite(`reader.ts, changes: a page of ${ask.fields.length} fields and a cursor from ${servedAt}, out of ${typeof body}`);
    },
    byIds: async (ids) => toWrite(`reader.ts, byIds: one observation for each of ${ids.length} ids, in order; unknown is "gone"`),
  };
}
