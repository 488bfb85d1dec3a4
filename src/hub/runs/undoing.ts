import type { FieldValue } from '../../contract/records.ts';

/** What is to be taken back: all that a run did; all that came and went through a stream in a time; all that a record has become since a time. */
export type UndoTarget =
  | { readonly run: string }
  | { readonly connectionId: string; readonly object: string; readonly from: string; readonly to: string }
  | { readonly record: string; readonly to: string };

export const UNDO_DEEDS = ['field', 'remove', 'archive', 'restore', 'remake', 'part'] as const;
/**
 * `field`: a value goes back. `remove`: a record that was made over there is removed again. `archive`: a record that began here is taken out of
 * use. `restore`: one that was taken out of use is brought back. `remake`: one that was removed over there is made again. `part`: two records
 * that were merged are parted.
 */
export type UndoDeed = (typeof UNDO_DEEDS)[number];
export const UNDO_FATES = ['undone', 'spared', 'impossible'] as const;
/** `spared`: somebody has changed it since. `impossible`: the hub cannot take it back, and says why. */
export type UndoFate = (typeof UNDO_FATES)[number];

/** One thing that an undo takes back, or leaves as it is, and why. */
export type UndoLine = {
  readonly recordId: string;
  readonly object: string;
  readonly title: string;
  readonly deed: UndoDeed;
  readonly field: string | null;
  /** What the hub holds, and what it would hold. */
  readonly from: FieldValue;
  readonly to: FieldValue;
  /** Where it happens, for what happens over there. */
  readonly connection: string | null;
  readonly remoteId: string | null;
  readonly fate: UndoFate;
  readonly reason: string;
};

/** How many lines of each deed are undone, and how many are left as they are. */
export type UndoCounts = { readonly records: number } & Readonly<Record<UndoDeed | 'spared' | 'impossible', number>>;
export const nothingUndone = (): Record<keyof UndoCounts, number> => ({
  records: 0,
  field: 0,
  remove: 0,
  archive: 0,
  restore: 0,
  remake: 0,
  part: 0,
  spared: 0,
  impossible: 0,
});

/** A page of an undo that has not been done: `next` is the record to go on after, or null on the last page. */
export type UndoPreview = { readonly counts: UndoCounts; readonly lines: readonly UndoLine[]; readonly next: string | null };
/** What an undo came to. `run` is null when there was nothing left to undo. */
export type Undone = { readonly run: string | null; readonly counts: UndoCounts };
