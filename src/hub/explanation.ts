import type { FieldValue } from '../contract/records.ts';
import type { Category } from '../mapping/mapping.ts';
import type { LinkState } from './tables.ts';

/** One field of a record on one system: the three snapshots, and what the merge would do with them now, and why. */
export type ExplainedSide = {
  readonly connection: string;
  readonly connector: string;
  readonly remoteId: string | null;
  readonly remoteField: string;
  /** In the hub's words; undefined keys were not shown. */
  readonly shown?: FieldValue;
  readonly base?: { readonly hub: FieldValue; readonly remote: FieldValue };
  readonly sent?: FieldValue;
  readonly verdict: string;
  readonly decision: string;
  readonly reason: string;
};

/** One value of a record, where it came from, what gave way to it, and what each system holds. */
export type ExplainedField = {
  readonly field: string;
  readonly label: string;
  readonly category: Category;
  readonly value: FieldValue;
  readonly from: { readonly by: string; readonly at: string } | null;
  readonly lost: readonly {
    readonly value: FieldValue;
    readonly by: string;
    readonly at: string;
    readonly changeId: string;
    readonly rule: string;
  }[];
  readonly sides: readonly ExplainedSide[];
  /** The whole as one sentence. */
  readonly sentence: string;
};

export type ExplainedLink = {
  readonly connection: string;
  readonly connector: string;
  readonly object: string;
  readonly remoteId: string | null;
  readonly state: LinkState;
  readonly reason: string | null;
  /** Why this remote record is this person: the match rule, or that the hub made it. */
  readonly evidence: string;
};

export type Explanation = {
  readonly recordId: string;
  readonly object: string;
  readonly fields: readonly ExplainedField[];
  readonly links: readonly ExplainedLink[];
};
