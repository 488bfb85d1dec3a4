import { chunk, indexBy } from '../../src/kernel/lists.ts';
import type { Room } from './room.ts';
import { latest } from './times.ts';
import { parseBatch, type VendorRecord } from './wire.ts';

const READ_MAX = 100;

/** Records read directly, never from the index: one request for each hundred. `idProperty`: the ids are values of that unique property. */
export async function readRecords(room: Room, ids: readonly string[], options: { properties: readonly string[]; idProperty?: string }) {
  const { hubspot, type } = room;
  const records: VendorRecord[] = [];
  const times: (string | null)[] = [];
  for (const part of chunk([...new Set(ids)], READ_MAX)) {
    const { body, servedAt } = await hubspot.ask(hubspot.paths.objects(type.name, '/batch/read'), {
      inputs: part.map((id) => ({ id })),
      properties: options.properties,
      ...(options.idProperty === undefined ? {} : { idProperty: options.idProperty }),
    });
    const answer = parseBatch(body);
    records.push(...answer.records);
    times.push(servedAt ?? answer.completedAt);
  }
  return { records, byId: indexBy(records, ({ id }) => id), servedAt: latest(times) ?? new Date(0).toISOString() };
}
