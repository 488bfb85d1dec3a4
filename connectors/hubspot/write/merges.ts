import { HubError } from '../../../src/contract/errors.ts';
import type { Merge, Observation, WriteOutcome } from '../../../src/contract/records.ts';
import { asRefusal } from '../http/errors.ts';
import { identifier, object } from '../http/shapes.ts';
import { readByIds } from '../read/by-ids.ts';
import { type Found, findRecords } from '../read/find-records.ts';
import type { Room } from '../room.ts';
import { mergedAway } from './deletes.ts';
import type { Outcomes, Row } from './isolate.ts';

type MergeRow = Row & { readonly write: Merge };
/** What one merge came to; `open` when its answer never came, so that only a look could tell. */
type Merged = { readonly kind: 'settled'; readonly outcome: WriteOutcome } | { readonly kind: 'open'; readonly error: HubError };

/**
 * Merges one pair after the other, because a merge cannot be taken back. A pair that has become one record already is done: the answer of
 * an earlier try was lost, or somebody was quicker.
 */
export async function applyMerges(room: Room, rows: readonly MergeRow[], fields: readonly string[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const found = await findRecords(room, idsOf(rows), ['hs_object_id']);
  for (const [at, { index, write }] of rows.entries()) {
    const merged = standing(room, write, found) ?? (await mergePair(room, write));
    if (merged.kind === 'settled') outcomes.set(index, merged.outcome);
    else {
      stopAt(outcomes, rows.slice(at), merged.error);
      break;
    }
  }
  return showSurvivors(room, rows, { outcomes, fields });
}

const idsOf = (rows: readonly MergeRow[]) => [...new Set(rows.flatMap(({ write }) => [write.id, write.from]))];
const failed = (error: HubError): Merged => ({ kind: 'settled', outcome: { done: false, error } });
const done = (id: string): Merged => ({ kind: 'settled', outcome: { done: true, id, observed: null } });

// What can be said of a pair without merging it: it is one record, or not a pair any more; null when it waits to be merged.
function standing(room: Room, { id, from }: Merge, { present, gone }: Found): Merged | null {
  if (id === from) return failed(new HubError('record_rejected', `${room.type.singular} ${id} cannot be merged with itself`));
  const homeOf = (one: string) => (present.has(one) ? one : gone.get(one)?.mergedInto?.id);
  if (homeOf(id) !== undefined && homeOf(id) === homeOf(from)) return done(homeOf(id) ?? id);
  const lost = gone.get(id) ?? gone.get(from);
  if (lost === undefined) return null;
  const deleted = new HubError('gone', `HubSpot no longer has ${room.type.singular} ${lost.id}, so there is nothing to merge`);
  return failed(mergedAway(room, lost) ?? deleted);
}

async function mergePair(room: Room, write: Merge): Promise<Merged> {
  const { hubspot, type } = room;
  const body = { primaryObjectId: write.id, objectIdToMerge: write.from };
  try {
    const answer = await hubspot.tell(hubspot.paths.objects(type.name, '/merge'), body);
    return done(identifier(object(answer.body, 'merged record').id, 'merged record.id'));
  } catch (error) {
    return afterRefusal(room, write, asRefusal(error));
  }
}

// A pair that became one record between the look and the merge is refused, and a merge whose answer was lost may have been done.
async function afterRefusal(room: Room, write: Merge, error: HubError): Promise<Merged> {
  if (error.isRefusal) return { kind: 'open', error };
  const found = await findRecords(room, [write.id, write.from], ['hs_object_id']).catch(asRefusal);
  if (found instanceof HubError) return { kind: 'open', error };
  const isOpen = error.kind === 'unreachable' || error.kind === 'broken_answer';
  return standing(room, write, found) ?? (isOpen ? { kind: 'open', error } : failed(error));
}

// Nothing more is tried. Before anything was done the error is that of the whole call; after that each row has one of its own.
function stopAt(outcomes: Outcomes, rows: readonly MergeRow[], error: HubError): void {
  if ([...outcomes.values()].every((outcome) => !outcome.done)) throw error;
  const [first, ...rest] = rows;
  const unknown = new HubError('stale_write', `It is not known what became of a merge: ${error.message}`, { cause: error });
  const untried = new HubError('stale_write', `The merge was not tried, because the one before it failed: ${error.message}`, {
    cause: error,
  });
  if (first !== undefined) outcomes.set(first.index, { done: false, error: error.isRefusal ? error : unknown });
  for (const { index } of rest) outcomes.set(index, { done: false, error: error.isRefusal ? error : untried });
}

// The answer of a merge shows what HubSpot likes to show; what was asked for is read.
async function showSurvivors(
  room: Room,
  rows: readonly MergeRow[],
  { outcomes, fields }: { outcomes: Outcomes; fields: readonly string[] },
): Promise<Outcomes> {
  const merged = rows.flatMap(({ index }) => {
    const outcome = outcomes.get(index);
    return outcome?.done === true ? [{ index, id: outcome.id }] : [];
  });
  if (merged.length === 0) return outcomes;
  const ids = merged.map(({ id }) => id);
  const seen = await readByIds(room, ids, { fields }).catch(asRefusal);
  // It is done, only not shown.
  const shown: readonly Observation[] = seen instanceof HubError ? [] : seen;
  merged.forEach(({ index, id }, at) => {
    const one = shown[at];
    outcomes.set(index, { done: true, id, observed: one?.kind === 'present' ? one : null });
  });
  return outcomes;
}
