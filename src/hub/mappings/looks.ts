import type { FieldValue } from '../../contract/records.ts';
import type { Json } from '../../kernel/json.ts';
import type { Misfit } from '../../mapping/fit.ts';
import type { Direction } from '../../mapping/mapping.ts';
import type { MappingProblem } from '../../mapping/problems.ts';

// What people are shown of a mapping while they write it.

/** What a draft says, and what is wrong with it. `document` is null where the text cannot be read at all. */
export type CheckedDraft = {
  readonly text: string;
  readonly document: Json | null;
  readonly problems: readonly MappingProblem[];
  readonly misfits: readonly (Misfit & { readonly connection: string })[];
};

/** One value after a line: as it comes out, or why it does not. */
export type CameOut = { readonly ok: true; readonly value: FieldValue } | { readonly ok: false; readonly reason: string };
/** What a line makes of one record. Each side is null where the line does not go that way, or nothing is known there. */
export type PreviewedLine = {
  readonly hub: string;
  readonly remote: string;
  readonly direction: Direction;
  readonly here: FieldValue;
  readonly there: FieldValue;
  readonly seen: boolean;
  readonly comesIn: CameOut | null;
  readonly goesOut: CameOut | null;
};
/** A record as a draft would treat it on one connection. `covered`: whether the filters let it through; `unread`: why it could not be looked at there now. */
export type PreviewedPlace = {
  readonly connection: string;
  readonly remoteId: string | null;
  readonly covered: { readonly in: boolean; readonly out: boolean };
  readonly unread: string | null;
  readonly lines: readonly PreviewedLine[];
};
/**
 * Who the record is in the hub: `linked` is what it is already; the others are what a record of a system would be found to be. `untold`: nothing is known of
 * the fields over there yet.
 */
export type PreviewedAs = {
  readonly kind: 'linked' | 'known' | 'new' | 'ambiguous' | 'excluded' | 'untold';
  readonly recordId: string | null;
  readonly title: string;
  /** The evidence, or why a person would have to decide. */
  readonly reason: string | null;
};
export type Previewed =
  | {
      readonly kind: 'previewed';
      readonly hubObject: string;
      readonly as: PreviewedAs;
      readonly places: readonly PreviewedPlace[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly MappingProblem[] }
  /** It could not be read over there now, and the hub has never seen it. */
  | { readonly kind: 'unread'; readonly reason: string }
  | { readonly kind: 'not_found' };

/** A record of a system that a draft can be tried on; `recordId` where the hub has it. */
export type FoundThere = {
  readonly connectionId: string;
  readonly connection: string;
  readonly remoteId: string;
  readonly recordId: string | null;
  readonly title: string;
};
export type RecordsThere =
  | { readonly kind: 'found'; readonly items: readonly FoundThere[] }
  | { readonly kind: 'problems'; readonly problems: readonly MappingProblem[] };

/** One pair of values that the same record has here and there. */
export type SamplePair = { readonly here: FieldValue; readonly there: FieldValue; readonly agree: boolean };
/** A line that could be added. It is a proposal to a person: nothing is switched on by it. */
export type SuggestedLine = {
  readonly hub: string;
  readonly remote: string;
  readonly direction: 'both' | 'in';
  readonly confidence: 'high' | 'medium' | 'low';
  /** How many of the records looked at hold the same on both sides, of how many that hold anything. */
  readonly agreeing: number;
  readonly compared: number;
  readonly samples: readonly SamplePair[];
};
export type SuggestedLines =
  | {
      readonly kind: 'suggested';
      readonly hubObject: string;
      readonly connection: string | null;
      readonly unread: string | null;
      readonly lines: readonly SuggestedLine[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly MappingProblem[] };
