import { chunk, indexBy } from '../../../src/kernel/lists.ts';
import { refusedRow } from '../http/errors.ts';
import type { Refusal } from '../http/refusal.ts';
import { parseBatch, type VendorRecord } from '../http/wire.ts';
import type { Room } from '../room.ts';
import { latest } from './times.ts';

const READ_MAX = 100;

type Options = {
  readonly properties: readonly string[];
  /** The ids are values of this unique property. */
  readonly idProperty?: string;
  /** Reads what is in the bin, and nothing else. */
  readonly archived?: true;
};

/** Records read directly, never from the index: one request for each hundred. */
export async function readRecords(room: Room, ids: readonly string[], { properties, idProperty, archived }: Options) {
  const { hubspot, type } = room;
  const records: VendorRecord[] = [];
  const times: (string | null)[] = [];
  for (const part of chunk([...new Set(ids)], READ_MAX)) {
    const body = { inputs: part.map((id) => ({ id })), properties, ...(idProperty === undefined ? {} : { idProperty }) };
    const path = hubspot.paths.objects(type.name, '/batch/read');
    const answered = await hubspot.ask(path, body, archived === undefined ? [] : [['archived', 'true']]);
    const answer = parseBatch(answered.body);
    for (const refusal of answer.refusals) demandAnswer(room, refusal);
    records.push(...answer.records);
    times.push(answered.servedAt ?? answer.completedAt);
  }
  return { records, byId: indexBy(records, ({ id }) => id), servedAt: latest(times) ?? new Date(0).toISOString() };
}

// A row that HubSpot could not read just now is not a row that is not there.
function demandAnswer({ type }: Room, refusal: Refusal): void {
  const error = refusedRow(`read a ${type.singular}`, refusal);
  if (error.kind === 'unreachable' || error.recovery === 'wait' || error.kind === 'not_allowed') throw error;
}
