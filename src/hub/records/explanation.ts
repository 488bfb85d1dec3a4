import type { FieldValue } from '../../contract/records.ts';
import type { Category, Direction, NullPolicy, Rule } from '../../mapping/mapping.ts';
import type { Decision } from '../../merge/settle.ts';
import type { Archived, ChangeCause, LinkState } from '../stored.ts';

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
  readonly decision: Decision['kind'];
  readonly reason: string;
};

/** Where a step of a value's history comes from. `at` is when the hub took it in, `changedAt` when it was changed over there. */
export type Witness = {
  /** Null for a value that is older than the journal. */
  readonly changeId: string | null;
  readonly cause: ChangeCause | 'unknown';
  readonly at: string;
  /** Null for the hub itself. */
  readonly connection: string | null;
  readonly connector: string | null;
  readonly remoteId: string | null;
  readonly remoteField: string | null;
  readonly changedAt: string | null;
  /** Who did it, as people know them over there or here; null where nobody says. */
  readonly actor: string | null;
  readonly runId: string | null;
  /** The version of the mapping that was in use, and what it says of the field. */
  readonly mapping: string | null;
  readonly rule: string;
  /** The rule of the mapping that `rule` tells of; null where it tells of something else. */
  readonly ruled: Rule | null;
};

/** A value that stood for election, with the names by which rules may mean it: a connector's id or `hub`, and the name of its connection. */
export type Contender = { readonly value: FieldValue; readonly by: string; readonly connection: string | null; readonly at: string };

/** How a value came to be, one step after the other: enough to come to it again. */
export type Step = Witness &
  (
    | { readonly kind: 'set'; readonly value: FieldValue }
    | {
        readonly kind: 'contest';
        readonly hub: Contender;
        readonly remote: Contender;
        readonly direction: Direction;
        readonly policy: Rule;
        readonly nulls: NullPolicy;
        /** Whether both sides had moved since they agreed, or only the remote, whose value no rule for clashes is asked about. */
        readonly moved: 'both' | 'remote';
        /** Whose value a person took. */
        readonly took: 'hub' | 'remote' | null;
      }
  );

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
  /** The step that gave the field its value; null when it never had one. */
  readonly origin: Witness | null;
  /** From that step on, everything that was decided about the value. */
  readonly steps: readonly Step[];
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
  /** How the link began: by a match rule, with a record that was here first, or with one that was there first. */
  readonly began: 'matched' | 'here' | 'there';
};

export type Explanation = {
  readonly recordId: string;
  readonly object: string;
  /** The moment that it is about; null for now, when each side's snapshots are there too. */
  readonly at: string | null;
  readonly archived: Archived | null;
  readonly mergedInto: string | null;
  readonly fields: readonly ExplainedField[];
  readonly links: readonly ExplainedLink[];
};
