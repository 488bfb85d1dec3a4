import type { Fields, FieldValue } from '../contract/records.ts';
import type { Archived, ChangedField, Stamps, StoredBase } from '../hub/stored.ts';
import type { KeptBack } from './brakes.ts';
import type { Standing } from './presence.ts';

export type PlannedHold = {
  readonly kind: 'conflict' | 'refused_field' | 'refused_record' | 'removal';
  readonly field: string | null;
  readonly reason: string;
  readonly detail: Readonly<Record<string, FieldValue>>;
};

export type LinkPlan = {
  readonly linkId: string;
  readonly standing: Standing;
  readonly base: StoredBase;
  /** What to write, in the remote's words, and the same in the hub's words by hub field. */
  readonly push: Fields;
  readonly pushed: Fields;
  readonly holds: readonly PlannedHold[];
  /** Keys of links that a reference waits for. */
  readonly waits: readonly string[];
  /** It is not made before what it needs is there. */
  readonly lacksNeeded?: true;
  /** What a brake or a frozen field keeps back of it. */
  readonly braked: readonly KeptBack[];
};

export type PlannedChange = {
  readonly linkId: string;
  readonly fields: Readonly<Record<string, ChangedField>>;
  readonly conflict: boolean;
};

export type RecordPlan = {
  readonly recordId: string;
  readonly fields: Fields;
  readonly stamps: Stamps;
  /** Whether fields or stamps differ from the tree's. */
  readonly moved: boolean;
  /** How the record was taken out of use just now, and by which link; or which link brought it back. */
  readonly archived: (Archived & { readonly linkId: string }) | null;
  readonly revived: { readonly linkId: string } | null;
  readonly changes: readonly PlannedChange[];
  readonly links: readonly LinkPlan[];
  /** The keys of what brakes count, by link, whether it is kept back or not. */
  readonly mass: ReadonlyMap<string, readonly string[]>;
};
