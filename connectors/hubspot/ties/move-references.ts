import { HubError } from '../../../src/contract/errors.ts';
import type { Reference } from '../references.ts';
import type { Room } from '../room.ts';
import { following, isolate, type Outcomes } from '../write/isolate.ts';
import type { UpdateRow } from '../write/update-row.ts';
import { associate, dissociate, type Pair, readAssociations, type TypedPair, unlabel } from './associations.ts';
import { changeTies, type TieChange } from './change-ties.ts';
import type { Tie } from './ties.ts';
import { fieldsOfWishes, type Wish, wishOver } from './wishes.ts';

type ChangedRow = UpdateRow & { readonly wish: Wish; readonly change: TieChange };
type Move = { readonly to: Reference; readonly rows: readonly ChangedRow[] };
export type Moved = {
  readonly outcomes: Outcomes;
  /** What each row holds then, by its index, for each reference by the name of its `many`. */
  readonly after: Map<number, Map<string, readonly Tie[]>>;
};

/**
 * Carries out what some updates say of their references, against what is there now. All is read before anything is written, so that a refusal
 * of a read is one of the whole.
 */
export async function moveReferences(room: Room, rows: readonly UpdateRow[]): Promise<Moved> {
  const moves: Move[] = [];
  for (const { many } of room.type.references) moves.push(...(await readMove(room, rows, many)));
  const moved: Moved = { outcomes: new Map(), after: new Map() };
  for (const move of moves) await carryOut(room, move, moved);
  return moved;
}

async function readMove(room: Room, rows: readonly UpdateRow[], many: string): Promise<readonly Move[]> {
  const speaking = rows.flatMap((row) => row.wishes.filter(({ to }) => to.many === many).map((wish) => ({ row, wish })));
  const to = speaking[0]?.wish.to;
  if (to === undefined) return [];
  const there = await readAssociations(room.hubspot, room.type, { ids: speaking.map(({ row }) => row.update.id), to });
  const changed = speaking.map(({ row, wish }): ChangedRow => {
    const change = changeTies(there.get(row.update.id) ?? [], wishOver(wish, row.update.seen), to);
    return { ...row, wish, change };
  });
  return [{ to, rows: changed }];
}

// What is new is added before the old is taken away.
async function carryOut(room: Room, { to, rows }: Move, { outcomes, after }: Moved): Promise<void> {
  for (const { index, change } of rows) {
    after.set(index, (after.get(index) ?? new Map<string, readonly Tie[]>()).set(to.many, change.after));
  }
  const left = (wants: (change: TieChange) => readonly unknown[]) =>
    rows.filter(({ index, change }) => outcomes.get(index)?.done !== false && wants(change).length > 0);
  const puts = left((change) => change.puts);
  await following(outcomes, puts, () => isolate(plain(puts), (part) => add(room, part, to)));
  const unlabels = left((change) => change.unlabels);
  await following(outcomes, unlabels, () => isolate(plain(unlabels), (part) => takeLabels(room, part, to)));
  const removals = left((change) => change.removals);
  await following(outcomes, removals, () => isolate(plain(removals), (part) => remove(room, part, to)));
}

// A refusal here is about associations, whatever properties the row also has.
function plain(rows: readonly ChangedRow[]): readonly ChangedRow[] {
  return rows.map((row) => ({ ...row, properties: {} }));
}

async function add(room: Room, rows: readonly ChangedRow[], to: Reference): Promise<Outcomes> {
  const pairs = rows.flatMap(({ update, change }) => change.puts.map((put): TypedPair => ({ from: update.id, ...put })));
  const failed = await naming(rows, () => associate(room.hubspot, room.type, { pairs, to }));
  return new Map(
    rows.map((row) => {
      const error = failed.get(row.update.id);
      const { index, update } = row;
      return [index, error === undefined ? { done: true, id: update.id, observed: null } : { done: false, error: renamed(error, [row]) }];
    }),
  );
}

async function takeLabels(room: Room, rows: readonly ChangedRow[], to: Reference): Promise<Outcomes> {
  const pairs = rows.flatMap(({ update, change }) => change.unlabels.map((one): TypedPair => ({ from: update.id, ...one })));
  await naming(rows, () => unlabel(room.hubspot, room.type, { pairs, to }));
  return allDone(rows);
}

async function remove(room: Room, rows: readonly ChangedRow[], to: Reference): Promise<Outcomes> {
  const pairs = rows.flatMap(({ update, change }) => change.removals.map((id): Pair => ({ from: update.id, to: id })));
  await naming(rows, () => dissociate(room.hubspot, room.type, { pairs, to }));
  return allDone(rows);
}

function allDone(rows: readonly ChangedRow[]): Outcomes {
  return new Map(rows.map(({ index, update }) => [index, { done: true, id: update.id, observed: null }]));
}

// What is missing or refused here may be either end; it must not read as if the record itself were gone.
async function naming<T>(rows: readonly ChangedRow[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HubError) || (error.kind !== 'gone' && error.kind !== 'already_there' && error.kind !== 'record_rejected'))
      throw error;
    throw renamed(error, rows);
  }
}

function renamed(error: HubError, rows: readonly ChangedRow[]): HubError {
  const kind = error.kind === 'gone' || error.kind === 'already_there' ? 'record_rejected' : error.kind;
  const fields = fieldsOfWishes(rows.map(({ wish }) => wish));
  return new HubError(kind, error.message, { fields, cause: error, ...(error.code === undefined ? {} : { code: error.code }) });
}
