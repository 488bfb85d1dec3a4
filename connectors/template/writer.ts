import type { Session, Writer } from '../../src/contract/connector.ts';
import { toWrite } from './to-write.ts';

/** Writes contacts. */
export function openWriter(session: Session): Writer {
  return {
    // A throw says that nothing was done; once a row is done, the others are outcomes: `stale_write` where nobody knows.
    apply: async (writes) => toWrite(`writer.ts, apply: send ${writes.length} writes to ${session.origin}, one outcome each at its index`),
    recall: async (creates) =>
      toWrite(`writer.ts, recall: find by the hub's key, or else by content, what ${creates.length} creates have made`),
  };
}
