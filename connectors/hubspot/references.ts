import { HubError } from '../../src/contract/errors.ts';
import { associate, dissociate, type Pair, readAssociations, type TypedPair, unlabel } from './associations.ts';
import { changeTies, type TieChange, type TieWish } from './change-ties.ts';
import { following, isolate, type Outcomes } from './isolate.ts';
import type { Reference } from './object-types.ts';
import type { Room } from './room.ts';
import { parseEntries, type Tie } from './ties.ts';
import type { UpdateRow } from './updates.ts';

type ChangedRow = UpdateRow & { readonly change: TieChange };
export type Moved = { readonly outcomes: Outcomes; readonly after: Map<number, readonly Tie[]> };

/**
 * Carries out what some updates say of their references, against what is there now: what is new is added before the old is taken away.
 * `after` is what each of them holds then, by index.
 */
export async function moveReferences(room: Room, rows: readonly UpdateRow[]): Promise<Moved> {
  const moved: Moved = { outcomes: new Map(), after: new Map() };
  const to = room.type.reference;
  const speaking = rows.filter(({ reference, references }) => reference !== undefined || references !== undefined);
  if (to === null || speaking.length === 0) return moved;
  const there = await readAssociations(room.hubspot, room.type, { ids: speaking.map(({ update }) => update.id), to });
  const changed = speaking.map((row): ChangedRow => ({ ...row, change: changeTies(there.get(row.update.id) ?? [], wishOf(row, to), to) }));
  for (const { index, change } of changed) moved.after.set(index, change.after);
  const { outcomes } = moved;
  const left = (wants: (change: TieChange) => readonly unknown[]) =>
    changed.filter(({ index, change }) => outcomes.get(index)?.done !== false && wants(change).length > 0);
  const puts = left(({ puts }) => puts);
  await following(outcomes, puts, () => isolate(plain(puts), (part) => add(room, part, to)));
  const unlabels = left(({ unlabels }) => unlabels);
  await following(outcomes, unlabels, () => isolate(plain(unlabels), (part) => takeLabels(room, part, to)));
  const removals = left(({ removals }) => removals);
  await following(outcomes, removals, () => isolate(plain(removals), (part) => remove(room, part, to)));
  return moved;
}

// A refusal here is about associations, whatever properties the row also has.
function plain(rows: readonly ChangedRow[]): readonly ChangedRow[] {
  return rows.map((row) => ({ ...row, properties: {} }));
}

function wishOf({ update, reference, references }: UpdateRow, { field, many }: Reference): TieWish {
  const former = update.seen[field];
  const known = update.seen[many] === undefined ? undefined : parseEntries(update.seen[many]);
  return {
    primary: reference,
    all: references,
    former: typeof former === 'string' && former !== '' ? former : null,
    known: known !== undefined && 'wrong' in known ? undefined : known,
  };
}

async function add(room: Room, rows: readonly ChangedRow[], to: Reference): Promise<Outcomes> {
  const pairs = rows.flatMap(({ update, change }) => change.puts.map((put): TypedPair => ({ from: update.id, ...put })));
  const failed = await naming(rows, to, () => associate(room.hubspot, room.type, { pairs, to }));
  return new Map(
    rows.map((row) => {
      const error = failed.get(row.update.id);
      const { index, update } = row;
      return [
        index,
        error === undefined ? { done: true, id: update.id, observed: null } : { done: false, error: renamed(error, [row], to) },
      ];
    }),
  );
}

async function takeLabels(room: Room, rows: readonly ChangedRow[], to: Reference): Promise<Outcomes> {
  const pairs = rows.flatMap(({ update, change }) => change.unlabels.map((one): TypedPair => ({ from: update.id, ...one })));
  await naming(rows, to, () => unlabel(room.hubspot, room.type, { pairs, to }));
  return allDone(rows);
}

async function remove(room: Room, rows: readonly ChangedRow[], to: Reference): Promise<Outcomes> {
  const pairs = rows.flatMap(({ update, change }) => change.removals.map((id): Pair => ({ from: update.id, to: id })));
  await naming(rows, to, () => dissociate(room.hubspot, room.type, { pairs, to }));
  return allDone(rows);
}

function allDone(rows: readonly ChangedRow[]): Outcomes {
  return new Map(rows.map(({ index, update }) => [index, { done: true, id: update.id, observed: null }]));
}

// What is missing or refused here may be either end; it must not read as if the record itself were gone.
async function naming<T>(rows: readonly ChangedRow[], to: Reference, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HubError) || (error.kind !== 'gone' && error.kind !== 'already_there' && error.kind !== 'record_rejected'))
      throw error;
    throw renamed(error, rows, to);
  }
}

function renamed(error: HubError, rows: readonly ChangedRow[], { field, many }: Reference): HubError {
  const kind = error.kind === 'gone' || error.kind === 'already_there' ? 'record_rejected' : error.kind;
  const fields = [
    ...(rows.some(({ reference }) => reference !== undefined) ? [field] : []),
    ...(rows.some(({ references }) => references !== undefined) ? [many] : []),
  ];
  return new HubError(kind, error.message, { fields, cause: error, ...(error.code === undefined ? {} : { code: error.code }) });
}
