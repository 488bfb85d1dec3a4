import type { HubError } from './errors.ts';
import type { SurveyResponse } from './survey.ts';

/** A multi-select is a list of strings; everything else is a scalar. */
export type FieldValue = string | number | boolean | null | readonly string[];

/** A missing key was not shown, so it says nothing; null was seen, and is empty. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** Where a reader stopped. Only the connector that made it reads it; it is plain JSON. */
export type Cursor = { readonly v: number } & Readonly<Record<string, unknown>>;

/** `all`, or the id of one form or survey. */
export type Scope = string;

/** What a connection showed of one remote record, at one moment. `changedAt` is the vendor's own ISO time, UTC. */
export type Present = {
  readonly kind: 'present';
  readonly id: string;
  readonly changedAt: string;
  /** A token for `ifVersion`, where the vendor has one. */
  readonly version: string | null;
  readonly fields: Fields;
  /** Who changed it last, as people know them over there, where the vendor says so. */
  readonly changedBy?: string;
  /** Ids that have led to this record since others were merged into it; chains are given whole, where the vendor keeps them. */
  readonly formerIds?: readonly string[];
  /** The whole response, for objects that are survey responses. */
  readonly response?: SurveyResponse;
};
/**
 * The vendor said that the record is deleted, or that it lives on in another one since a merge or a conversion. Absence from a page is never
 * `gone`.
 */
export type Gone = {
  readonly kind: 'gone';
  readonly id: string;
  readonly changedAt: string;
  readonly changedBy?: string;
  readonly mergedInto?: { readonly object: string; readonly id: string };
};
export type Observation = Present | Gone;

/** Pages arrive in order; `cursor` is safe to store once `seen` is stored. */
export type Page = {
  readonly seen: readonly Observation[];
  readonly cursor: Cursor;
  /** How many records the whole read has, where the vendor says so: for progress only. */
  readonly total?: number;
};

/**
 * One change to carry out. `key` of a create is ours and the same on a repeat. `seen` of an update is what the target showed
 * last, for vendors whose writes depend on it. Fields are in the vendor's words; null clears.
 */
export type Create = { readonly verb: 'create'; readonly key: string; readonly fields: Fields };
export type Update = {
  readonly verb: 'update';
  readonly id: string;
  readonly ifVersion: string | null;
  readonly fields: Fields;
  readonly seen: Fields;
};
/** Takes the record out of use over there, in the way that people do it by hand. One that is gone already is done. */
export type Delete = { readonly verb: 'delete'; readonly id: string; readonly seen: Fields };
/** Merges the record `from` into `id`. The answer's `id` is the one that the merged record goes by. */
export type Merge = { readonly verb: 'merge'; readonly id: string; readonly from: string };
export type Write = Create | Update | Delete | Merge;

/** `observed` is what the record holds after the write, where the vendor's answer shows it. */
export type WriteOutcome =
  | { readonly done: true; readonly id: string; readonly observed: Present | null }
  | { readonly done: false; readonly error: HubError };
