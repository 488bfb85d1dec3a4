import type { FieldValue } from '../contract/records.ts';
import type { Reading } from './arriving/reading.ts';
import type { CodecSpec } from './codec.ts';

export const CATEGORIES = ['basic', 'interaction', 'behaviour', 'feedback'] as const;
export const HUB_FIELD_TYPES = [
  'text',
  'long_text',
  'email',
  'phone',
  'url',
  'number',
  'boolean',
  'date',
  'datetime',
  'choice',
  'choices',
  'reference',
  'references',
] as const;
export const NORMALISERS = ['email', 'phone', 'name', 'domain', 'text'] as const;
export const METRICS = ['nps', 'csat', 'ces'] as const;
/** Asked now and then about the whole relationship, or after an event: the two never stand in one figure. */
export const NATURES = ['relationship', 'transactional'] as const;
export const EVIDENCE_KINDS = ['link', 'id', 'field', 'email', 'phone'] as const;
export const ROLLUPS = ['last', 'category', 'comment', 'date', 'count', 'mean'] as const;
export const RESPONSE_PARTS = [
  'title',
  'text',
  'time',
  'state',
  'survey',
  'channel',
  'language',
  'metric',
  'score',
  'meaning',
  'comment',
  'reference',
  'about',
] as const;
export const SEGMENT_PARTS = ['name', 'member'] as const;
export const RESPONSE_STATES = ['complete', 'partial', 'terminated'] as const;
export const DIRECTIONS = ['both', 'in', 'out', 'off'] as const;
export const NULL_POLICIES = ['clear', 'ignore', 'keep'] as const;
export const UNMAPPED_POLICIES = ['hold', 'pass', 'ignore'] as const;
export const REMOVAL_POLICIES = ['ignore', 'archive', 'delete', 'ask'] as const;
export const MERGE_POLICIES = ['follow', 'ask', 'ignore'] as const;
export const LEAVE_POLICIES = ['freeze', 'unlink', 'archive'] as const;

export type Category = (typeof CATEGORIES)[number];
export type HubFieldType = (typeof HUB_FIELD_TYPES)[number];
export type Normaliser = (typeof NORMALISERS)[number];
export type Metric = (typeof METRICS)[number];
export type Nature = (typeof NATURES)[number];
/**
 * What a removal means. Coming in, when a record is removed over there: `ignore` ends its link and nothing else; `archive` takes the hub's
 * record out of use as well, and leaves the other systems theirs; `delete` removes it from them too, each by its own policy for going out;
 * `ask` leaves it to a person. Going out, when the hub's record is removed: `ignore` leaves the record over there, out of step from now on;
 * `archive` removes it there only if it can be brought back; `delete` in any case; `ask` once a person has approved it.
 */
export type RemovalPolicy = (typeof REMOVAL_POLICIES)[number];
/** What two records of the hub do when the vendor has merged theirs: become one too, wait for a person, or stay two. */
export type MergePolicy = (typeof MERGE_POLICIES)[number];
/**
 * What becomes of a record that a filter covers no longer. `freeze`: nothing flows until it is covered again. `unlink`: the two are strangers
 * from now on. `archive`: as if it had been removed on that side, under the policy `archive`.
 */
export type LeavePolicy = (typeof LEAVE_POLICIES)[number];
export type Direction = (typeof DIRECTIONS)[number];
export type NullPolicy = (typeof NULL_POLICIES)[number];

/**
 * A field that the hub computes from the responses of a contact: `take` of all answers to `of` (null: of any metric), of that `key` and that `nature`
 * where they are said.
 */
export type Rollup = {
  readonly of: Metric | null;
  readonly take: (typeof ROLLUPS)[number];
  readonly key?: string;
  readonly nature?: Nature;
};

/**
 * What a field of an entry shows of the response that it stands for. `title` and `text` are for people. `about`: whom it is about, or what that
 * person is tied to, by the object that the field refers to.
 */
export type ResponsePart = (typeof RESPONSE_PARTS)[number];

/** One field of a hub object, as `mappings/hub.yaml` declares it. */
export type HubField = {
  readonly name: string;
  readonly label: string;
  readonly type: HubFieldType;
  /** For references: the hub object whose ids the value holds. `references` are several, each `<id>` or `<id>#<label>`. */
  readonly to: string | null;
  readonly category: Category;
  readonly sensitivity: 'public' | 'internal' | 'personal' | 'sensitive';
  /** Makes the field usable in match keys: how two spellings become one. */
  readonly identity: Normaliser | null;
  /** No two records hold the same, so that it is a key by itself, as a customer number is. */
  readonly unique: boolean;
  /** The team or person who answers for the field. */
  readonly steward: string | null;
  readonly rollup: Rollup | null;
  /** Set on the object whose records are entries: each stands for one attached response. */
  readonly response: ResponsePart | null;
  /** Set on the object whose records say who is in which segment: the segment's name, or who is in it. */
  readonly segment?: (typeof SEGMENT_PARTS)[number];
};
export type HubObject = {
  readonly name: string;
  readonly label: string;
  readonly fields: ReadonlyMap<string, HubField>;
  /** Set on the object that has one record for each one that is in a segment. */
  readonly segments?: Segments;
};

/** A condition as a segment may have it: it may depend on how long ago something was. */
export type SegmentCondition =
  | { readonly all: readonly SegmentCondition[] }
  | { readonly any: readonly SegmentCondition[] }
  | { readonly not: SegmentCondition }
  | { readonly field: string; readonly operator: (typeof OPERATORS)[number]; readonly value: FieldValue }
  /** Not longer ago than so many days. */
  | { readonly field: string; readonly withinDays: number };

/** Groups of the records of one object, by name: each record is in it as long as the condition holds. */
export type Segments = { readonly of: string; readonly conditions: ReadonlyMap<string, SegmentCondition> };
export type HubModel = ReadonlyMap<string, HubObject>;

/** Whether the hub computes a field, from survey responses or by a segment, so that nobody edits it. */
export const isComputed = (field: HubField | undefined): boolean =>
  field !== undefined && (field.rollup !== null || field.response !== null || field.segment !== undefined);

/** The object whose records say who is in which segment; undefined when there are no segments. */
export const segmentObject = (model: HubModel): HubObject | undefined => [...model.values()].find(({ segments }) => segments !== undefined);

/** The object whose records are the entries of responses; undefined when no object is. */
export function entryObject(model: HubModel): HubObject | undefined {
  return [...model.values()].find(({ fields }) => [...fields.values()].some(({ response }) => response !== null));
}

/**
 * Who wins when both sides moved. `newest`: the later edit. `hub`: what the hub holds. `hold`: a person decides.
 * `order`: the first system in the list that has an opinion, for later edits too. `prefer`: that system unless it is blank there.
 * A system is a connector, which stands for all of its connections, or the name of one connection. `yield`, for what only flows out: an edit over
 * there stands until the hub has another value.
 */
export type Rule =
  | { readonly kind: 'newest' | 'hub' | 'hold' | 'yield' }
  | { readonly kind: 'order'; readonly systems: readonly string[] }
  | { readonly kind: 'prefer'; readonly system: string };

/** The outcome of a translation: a reason in plain words instead of a guess. `waits` names the link that a reference waits for.
 * `ignored`: the mapping says that such a value does not flow, so the field is as if it had not been shown, and nobody is asked. */
export type Translated =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly reason: string; readonly waits?: string; readonly ignored?: true };

/** A pair: `decode` then `encode` then `decode` gives what the first `decode` gave. Both are pure. */
export type Codec = {
  encode(hub: FieldValue): Translated;
  decode(remote: FieldValue): Translated;
  /** What it was compiled from, so that two of them can be told apart; missing where it was not written down. */
  readonly spec?: CodecSpec;
};

/** One mapped field. `in` flows from the remote to the hub, `out` the other way. */
export type Line = {
  readonly hub: string;
  readonly remote: string;
  readonly direction: Direction;
  readonly rule: Rule;
  readonly nulls: NullPolicy;
  readonly codec: Codec;
  /** For references: the hub object whose records the value points at; the codec then only trims, and a list is sorted without repeats. */
  readonly ref: string | null;
  /** No record is made there until the one that this refers to is there. */
  readonly needed?: true;
};

/**
 * Records agree by this rule when all of `on` are equal after their normalisers. When `confirm` is not empty, at least one of its
 * fields must be equal or alike, or blank on a side; else the match waits for a person.
 */
export type MatchRule = {
  readonly on: readonly string[];
  readonly confirm: readonly string[];
  /** Two records of the hub that come to agree by this rule become one; else a person decides. */
  readonly merges: boolean;
};

export const OPERATORS = [
  'is',
  'is_not',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'blank',
  'not_blank',
  'before',
  'after',
  'less',
  'more',
] as const;
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly field: string; readonly operator: (typeof OPERATORS)[number]; readonly value: FieldValue };

/** Which records pass in one direction. `creates`: whether a record that nobody knows on the other side is made there. */
export type Gate = { readonly when: Condition | null; readonly leaves: LeavePolicy; readonly creates: boolean };
/** `in` is over the values that the remote shows, in the hub's words; `out` over the hub's own. */
export type Gates = { readonly in: Gate; readonly out: Gate };

/** `mappings/<connector>.<object>.yaml` of an entity, checked. */
export type EntityMapping = {
  readonly kind: 'entity';
  readonly file: string;
  readonly connector: string;
  readonly object: string;
  /**
   * The object over there of which this one is a part: the records that the hub has made of it. No others are read, and each is looked at when it is
   * about to be written.
   */
  readonly of?: string;
  /** The one connection that it is for, by its name; missing when it is for all of its connector's that have none of their own. */
  readonly connection?: string;
  readonly hub: string;
  readonly direction: Direction;
  /** Switched on by its own name only, never together with the whole connection. */
  readonly optional?: true;
  /** Empty: no two records are ever found to be one. */
  readonly match: readonly MatchRule[];
  readonly gates: Gates;
  /** A remote field, and the value by which people over there keep a record out of the sync. */
  readonly optOut: { readonly remote: string; readonly is: FieldValue } | null;
  readonly removed: { readonly in: RemovalPolicy; readonly out: RemovalPolicy };
  readonly merged: MergePolicy;
  readonly lines: readonly Line[];
  /** How records are found in what arrives, where nobody is asked for them. */
  readonly reading?: Reading;
};
