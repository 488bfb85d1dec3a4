import type { FieldValue } from '../../../src/contract/records.ts';
import type { Field } from './shape.ts';

/** One thing that somebody typed in: what stood there before is what he could see. */
export type Edit = {
  readonly nth: number;
  readonly person: number;
  readonly field: Field;
  readonly system: number | 'hub';
  readonly rowId: string;
  readonly atMs: number;
  /** The edit that had written what he saw; null for a blank. */
  readonly saw: number | null;
  /** Null where the field was emptied. */
  readonly value: FieldValue;
  readonly clears: boolean;
  /** Whether it went over a write of the hub at which the hub had not looked since: if the answer was lost, nobody can tell which came first. */
  readonly isOverUnread: boolean;
};

/** One write of the hub to one field of one remote record. */
export type Written = {
  readonly system: number;
  readonly rowId: string;
  readonly person: number | null;
  readonly field: Field;
  readonly atMs: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly value: FieldValue;
};

/** What happened in the systems, as seen from above: who typed what over what, what the hub wrote, and what broke a vendor's rule. */
export type Chronicle = {
  readonly edits: Edit[];
  readonly written: Written[];
  /** Promises that were seen to break while the history ran. */
  readonly broken: string[];
  /** Edits that nobody could have seen: typed between the look before a write and the write, where the vendor guards nothing. */
  readonly blind: Set<number>;
  /** Edits that somebody typed a second time, into another system; and those that gave way to them there. */
  readonly copied: Set<number>;
  readonly replaced: Set<number>;
  /** People about whom a steward decided that they are two, or one: what that led to is nobody's fault. */
  readonly handmade: Set<number>;
  /** Ids of records that were deleted before somebody made the same person anew where nothing was left of them: that is a new person. */
  readonly past: Set<string>;
  /** Interesting states that were reached. */
  readonly reached: Set<string>;
};

export const openChronicle = (): Chronicle => ({
  edits: [],
  written: [],
  broken: [],
  blind: new Set(),
  copied: new Set(),
  replaced: new Set(),
  handmade: new Set(),
  past: new Set(),
  reached: new Set(),
});
