import type { ErrorKind } from '../contract/errors.ts';
import type { Act } from '../contract/manifest.ts';
import type { Fields, FieldValue } from '../contract/records.ts';
import type { Direction, NullPolicy, Rule } from '../mapping/mapping.ts';

// What the columns of the hub hold where they are more than a plain value: the words of the tables.

/** When a field last changed and who changed it: `[ISO time, connection id or 'hub']`. `*` stands for every field without its own. */
export type Stamp = readonly [at: string, by: string];
export type Stamps = Readonly<Record<string, Stamp>>;

/**
 * What both sides held when they last agreed. A plain value stands for both; an object where they hold different forms, or where the hub's
 * value was written over one that the remote had: `overruled`, until the remote has shown what became of it. `lapsed`: the field was out of sight since,
 * and may have been made anew.
 */
export type StoredBase = Readonly<
  Record<
    string,
    FieldValue | { readonly hub: FieldValue; readonly remote: FieldValue; readonly overruled?: FieldValue; readonly lapsed?: boolean }
  >
>;

/** Who stood behind the value that held out in a conflict, and the policy by which it did: enough to decide it once more. */
export type Settled = {
  readonly by: string;
  readonly at: string;
  readonly direction: Direction;
  readonly rule: Rule;
  readonly nulls: NullPolicy;
  /** Only the remote had moved since both sides agreed: no clash, though a value gave way that nobody there had seen. */
  readonly moved?: 'remote';
  /** Whose value a person took. */
  readonly took?: 'hub' | 'remote';
};

/** One field of a journal line. `lost` is the value that gave way, with whose it was. */
export type ChangedField = {
  readonly old: FieldValue;
  readonly new: FieldValue;
  readonly rule?: string;
  readonly lost?: { readonly value: FieldValue; readonly by: string; readonly at: string };
  readonly settled?: Settled;
};

export type ConnectionState =
  | 'new'
  | 'ready'
  | 'signed_out'
  | 'not_allowed'
  | 'unreachable'
  | 'misconfigured'
  | 'waiting'
  | 'broken_answer';
export type LinkState = 'in_sync' | 'waiting' | 'failing' | 'held' | 'excluded' | 'gone';
export const HOLD_KINDS = [
  'conflict',
  'ambiguous',
  'refused_field',
  'refused_record',
  'brake',
  'removal',
  'merge',
  'flip',
  'unread',
] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];
export const RUN_KINDS = ['first_load', 'changes', 'writes', 'sweep', 'apply', 'undo', 'check', 'import'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
export const CHANGE_CAUSES = ['observed', 'merged', 'admin', 'rollup', 'removed', 'restored', 'unmerged', 'undone'] as const;
export type ChangeCause = (typeof CHANGE_CAUSES)[number];
/**
 * How a record was taken out of use: by whom (a connection's id, or `hub`) and on account of what. `removes`: the systems are to remove theirs,
 * each by its policy.
 */
export type Archived = {
  readonly by: string;
  readonly removes: boolean;
  readonly remoteId?: string;
  readonly actor?: string;
  readonly reason: string;
};
/** One of two records before they became one, with all that it answered to and all that was attached to it. */
export type MergedSide = {
  readonly fields: Fields;
  readonly stamps: Stamps;
  readonly digests: readonly string[];
  readonly responses: readonly string[];
};
/** What a merge of two hub records changed, so that it can be taken back. */
export type BeforeMerging = {
  readonly winner: MergedSide;
  readonly loser: MergedSide;
  /** The links of both, as they were. */
  readonly links: readonly {
    readonly id: string;
    readonly of: 'winner' | 'loser';
    readonly state: LinkState;
    readonly reason: string | null;
  }[];
  /** Fields of other records that led to the loser, and were made to lead to the winner. */
  readonly references: readonly { readonly recordId: string; readonly field: string }[];
  /** The winner's youngest journal lines: one that is as young and not among them was written after the merge. */
  readonly recent: readonly string[];
};
export type InputState = 'accepted' | 'applied' | 'no_op' | 'superseded' | 'held' | 'refused' | 'echo' | 'duplicate' | 'erased';
/** What a delivery came with beside its body. */
export type RequestAsItCame = {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly receivedAt: string;
};
export type StreamDirection = 'both' | 'in' | 'out' | 'off';
/** Why a vendor refused to renew a grant. */
export type StoredRefusal = { readonly kind: ErrorKind; readonly message: string; readonly code: string | null };
/** An object that a sign-in does not reach, or reaches in part, with the scopes that it lacks. */
export type Lacking = { readonly object: string; readonly act: Act; readonly scopes: readonly string[] };
/** What came of signing in at a vendor. */
export type SignInOutcome =
  | {
      readonly ok: true;
      readonly connectionId: string;
      readonly account: { readonly id: string; readonly name: string };
      readonly lacking: readonly Lacking[];
    }
  | { readonly ok: false; readonly kind: ErrorKind; readonly message: string; readonly code: string | null };
/** Every record of a run ends in exactly one of these. */
export type RunCounts = Readonly<Record<string, number>>;
