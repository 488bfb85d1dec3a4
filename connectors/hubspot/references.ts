import { HubError } from '../../src/contract/errors.ts';
import { associate, dissociate, type Pair } from './associations.ts';
import { following, isolate, type Outcomes } from './isolate.ts';
import type { Reference } from './object-types.ts';
import type { Room } from './room.ts';
import type { UpdateRow } from './updates.ts';

type PairRow = { readonly index: number; readonly properties: Readonly<Record<string, string>>; readonly pair: Pair };

/** Carries out what some updates say of their reference: the new one is added before the old one is taken away. */
export async function moveReferences(room: Room, rows: readonly UpdateRow[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const to = room.type.reference;
  if (to === null) return outcomes;
  const added = rows.flatMap(({ index, update, reference }): PairRow[] =>
    reference ? [{ index, properties: {}, pair: { from: update.id, to: reference } }] : [],
  );
  await following(outcomes, added, () => isolate(added, (part) => add(room, part, to)));
  const removed = rows.filter(({ index }) => outcomes.get(index)?.done !== false).flatMap((row) => formerPair(row, to));
  await following(outcomes, removed, () => isolate(removed, (part) => remove(room, part, to)));
  return outcomes;
}

// Only the reference that the hub knew is taken away; other companies of a contact are none of its business.
function formerPair({ index, update, reference }: UpdateRow, { field }: Reference): PairRow[] {
  const former = update.seen[field];
  if (reference === undefined || typeof former !== 'string' || former === '' || former === reference) return [];
  return [{ index, properties: {}, pair: { from: update.id, to: former } }];
}

async function add(room: Room, rows: readonly PairRow[], to: Reference): Promise<Outcomes> {
  const failed = await naming(to, () => associate(room.hubspot, room.type, { pairs: rows.map(({ pair }) => pair), to }));
  return new Map(
    rows.map(({ index, pair }) => {
      const error = failed.get(pair.from);
      return [index, error === undefined ? { done: true, id: pair.from, observed: null } : { done: false, error }];
    }),
  );
}

async function remove(room: Room, rows: readonly PairRow[], to: Reference): Promise<Outcomes> {
  await naming(to, () => dissociate(room.hubspot, room.type, { pairs: rows.map(({ pair }) => pair), to }));
  return new Map(rows.map(({ index, pair }) => [index, { done: true, id: pair.from, observed: null }]));
}

// What is missing or refused here may be either end; it must not read as if the record itself were gone.
async function naming<T>(to: Reference, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HubError) || (error.kind !== 'gone' && error.kind !== 'already_there')) throw error;
    throw new HubError('record_rejected', error.message, { fields: [to.field], cause: error });
  }
}
