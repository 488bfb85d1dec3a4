import type { BulkMaker } from '../../../src/contract/bulk.ts';
import type { Writer } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Create, Write, WriteOutcome } from '../../../src/contract/records.ts';
import { openBulkMaker } from '../bulk/maker.ts';
import type { Room } from '../room.ts';
import type { Outcomes, Row } from './collections.ts';
import { applyDeletes } from './delete.ts';
import { applyFillings } from './fill.ts';
import { recall } from './recall.ts';

type Of<V extends Write['verb']> = Extract<Write, { readonly verb: V }>;

function rowsOf<V extends Write['verb']>(writes: readonly Write[], verbs: readonly V[]): readonly Row<Of<V>>[] {
  const isOne = (write: Write): write is Of<V> => verbs.some((verb) => verb === write.verb);
  return writes.flatMap((write, index) => (isOne(write) ? [{ index, write }] : []));
}

async function apply(room: Room, writes: readonly Write[]): Promise<readonly WriteOutcome[]> {
  const outcomes: Outcomes = new Map();
  const fillings = rowsOf(writes, ['create', 'update']);
  if (fillings.length > 0) await applyFillings(room, fillings, outcomes);
  const deletes = rowsOf(writes, ['delete']);
  if (deletes.length > 0) await applyDeletes(room, deletes, outcomes);
  // The manifest does not offer it: Salesforce has it in SOAP and on its own pages alone.
  for (const { index } of rowsOf(writes, ['merge'])) {
    const error = new HubError('record_rejected', 'Salesforce merges records on its own pages only, not through its REST API');
    outcomes.set(index, { done: false, error });
  }
  return writes.map((_write, i) => outcomes.get(i) ?? { done: false, error: new HubError('stale_write', 'the row was not answered') });
}

/** Writes one Salesforce object by collections, where one bad row spoils no other, or makes very many by a job. */
export function openWriter(room: Room): Writer & { readonly bulk: BulkMaker } {
  return {
    apply: (writes) => apply(room, writes),
    bulk: openBulkMaker(room),
    recall: (creates: readonly Create[], since, ask) => recall(room, creates, { since, ask }),
  };
}
