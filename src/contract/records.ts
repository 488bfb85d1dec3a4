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
  /** The whole response, for objects that are survey responses. */
  readonly response?: SurveyResponse;
};
/** The vendor said that the record is deleted. Absence from a page is never `gone`. */
export type Gone = { readonly kind: 'gone'; readonly id: string; readonly changedAt: string };
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
export type Write = Create | Update;

/** `observed` is what the record holds after the write, where the vendor's answer shows it. */
export type WriteOutcome =
  | { readonly done: true; readonly id: string; readonly observed: Present | null }
  | { readonly done: false; readonly error: HubError };
