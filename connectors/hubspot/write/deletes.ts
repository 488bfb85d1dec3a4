import { HubError } from '../../../src/contract/errors.ts';
import type { Delete, Gone } from '../../../src/contract/records.ts';
import { asRefusal } from '../http/errors.ts';
import { findRecords } from '../read/find-records.ts';
import { readRecords } from '../read/read-records.ts';
import type { Room } from '../room.ts';
import { following, isolate, type Outcomes, type Row } from './isolate.ts';

type DeleteRow = Row & { readonly write: Delete };

/**
 * Puts records into the recycle bin, one outcome for each index. What is gone already is done; but an id that leads to another record
 * since a merge is refused as `gone`, so that nobody deletes a record that was not meant.
 */
export async function applyDeletes(room: Room, rows: readonly DeleteRow[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const ids = rows.map(({ write }) => write.id);
  const { gone } = await findRecords(room, ids, ['hs_object_id']);
  for (const { index, write } of rows) {
    const lost = gone.get(write.id);
    if (lost === undefined) continue;
    const error = mergedAway(room, lost);
    outcomes.set(index, error === null ? { done: true, id: write.id, observed: null } : { done: false, error });
  }
  const there = rows.filter(({ index }) => !outcomes.has(index));
  await following(outcomes, there, () => isolate(there, (part) => archive(room, part)));
  return outcomes;
}

/** The refusal to write to a record that lives on in another one; null when it does not. */
export function mergedAway({ type }: Room, { id, mergedInto }: Gone): HubError | null {
  if (mergedInto === undefined) return null;
  const message = `HubSpot no longer has ${type.singular} ${id}: it was merged, and lives on as ${mergedInto.id}`;
  return new HubError('gone', message, { existingId: mergedInto.id });
}

// The answer has no rows, so those that are still there afterwards were not archived, whatever it said.
async function archive(room: Room, rows: readonly DeleteRow[]): Promise<Outcomes> {
  const { hubspot, type } = room;
  const ids = rows.map(({ write }) => write.id);
  await hubspot.tell(hubspot.paths.objects(type.name, '/batch/archive'), { inputs: ids.map((id) => ({ id })) });
  const left = await readRecords(room, ids, { properties: ['hs_object_id'] }).catch(asRefusal);
  const isThere = (id: string) => !(left instanceof HubError) && left.byId.has(id);
  return new Map(
    rows.map(({ index, write: { id } }) => [
      index,
      isThere(id) ? { done: false, error: unmoved(room, id) } : { done: true, id, observed: null },
    ]),
  );
}

function unmoved({ type }: Room, id: string): HubError {
  return new HubError('stale_write', `HubSpot answered that it had archived ${type.singular} ${id}, and still shows it`);
}
