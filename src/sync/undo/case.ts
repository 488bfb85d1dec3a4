import type { Fields, FieldValue } from '../../contract/records.ts';
import type { JournalLine } from '../../hub/records/journal.ts';
import type { UndoLine } from '../../hub/runs/undoing.ts';
import type { Archived, Stamps } from '../../hub/stored.ts';
import { nameOf, type Systems } from '../../hub/views/systems.ts';
import type { HubObject } from '../../mapping/mapping.ts';
import type { PutBack } from '../../merge/put-back.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { EntityStream } from '../streams.ts';
import type { SelectedDelivery } from './target.ts';

/** A record with everything that an undo looks at. */
export type UndoCase = {
  readonly record: UndoRecord;
  readonly object: HubObject;
  readonly journal: readonly JournalLine[];
  readonly links: readonly LinkRow[];
  readonly deliveries: readonly SelectedDelivery[];
  readonly streams: ReadonlyMap<string, EntityStream>;
  readonly systems: Systems;
  /** Whether a line falls under what is undone. */
  readonly selected: (line: JournalLine) => boolean;
  /** A line about this record, with what it has in common with all others. */
  tell(line: Partial<UndoLine> & Pick<UndoLine, 'deed' | 'fate' | 'reason'>): UndoLine;
};
export type UndoRecord = {
  readonly id: string;
  readonly object: string;
  readonly fields: Fields;
  readonly stamps: Stamps;
  readonly archived: Archived | null;
  readonly mergedInto: string | null;
};

/** What is to be done to one record. Everything but the merges is done in one transaction. */
export type UndoDeeds = {
  readonly fields: ReadonlyMap<string, BackTo>;
  /** How it is to stand; undefined when that stays as it is. */
  readonly archived: Archived | null | undefined;
  /** The lines that brought the record into, or out of, use. */
  readonly undidPresence: readonly string[];
  /** Links whose record over there is to be removed, to be spared after all, or to be made again. */
  readonly removes: readonly string[];
  readonly keeps: readonly string[];
  readonly remakes: readonly string[];
  /** Links whose record over there gets its own values back, which keeps it apart from then on. */
  readonly putBacks: ReadonlyMap<string, Omit<PutBack, 'run'>>;
  readonly deliveries: readonly string[];
  readonly mergings: readonly string[];
};
export type BackTo = { readonly from: FieldValue; readonly to: FieldValue; readonly undid: readonly string[]; readonly at: string };
export type RecordUndo = { readonly record: UndoRecord; readonly lines: readonly UndoLine[]; readonly deeds: UndoDeeds };

/** Nothing at all. */
export const NO_DEEDS: UndoDeeds = {
  fields: new Map(),
  archived: undefined,
  undidPresence: [],
  removes: [],
  keeps: [],
  remakes: [],
  putBacks: new Map(),
  deliveries: [],
  mergings: [],
};

/** Who has changed something since, and when, as a clause of a sentence. */
export function whoAndWhen({ systems }: Pick<UndoCase, 'systems'>, line: JournalLine): string {
  const who = line.actor ?? line.changedBy;
  const where = nameOf(systems, line.connectionId ?? 'hub');
  return `${who === null ? where : `${who} (${where})`} changed it at ${line.changedAt ?? line.at}`;
}
