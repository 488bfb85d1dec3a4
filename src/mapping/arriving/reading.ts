import type { GivenDialect } from '../../contract/files.ts';
import type { QuestionKind } from '../../contract/survey.ts';

export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** A value by its name, or always the same one. */
export type Part = string | { readonly is: string };
/** Holds when what stands there is one of these. */
export type Test = { readonly at: string; readonly is: readonly string[] };

/** How dates, times, and numbers are written. */
export type Notation = { readonly dates: DateOrder; readonly zone: string | null; readonly decimal: '.' | ',' };

type Manner = {
  readonly when: readonly Test[];
  /** Null: a record is told by its content. */
  readonly id: readonly Part[] | null;
  readonly changed: string | null;
  readonly removed: Test | null;
  readonly notation: Notation;
  /** Null for entities. */
  readonly answers: Answers | null;
};

/** How a mapping finds records in what arrives. */
export type Reading = Manner &
  ({ readonly kind: 'delivery'; readonly items: string | null } | { readonly kind: 'table'; readonly dialect: GivenDialect });

export type Question = {
  readonly at: string | null;
  readonly id: string;
  readonly text: string | null;
  readonly kind: QuestionKind | null;
  readonly scale: { readonly min: number; readonly max: number } | null;
  readonly separator: string | null;
};

/** What in a record is what of a survey response. */
export type Answers = {
  readonly belongsTo: string | null;
  readonly survey: { readonly id: Part; readonly name: Part | null };
  readonly submitted: string | null;
  readonly complete: Test | null;
  readonly terminated: Test | null;
  readonly language: Part | null;
  readonly channel: Part | null;
  readonly keys: readonly (readonly [key: string, at: string])[];
  readonly questions: readonly Question[];
  readonly every: {
    readonly in: string;
    readonly id: string;
    readonly ref: string | null;
    readonly text: string | null;
    readonly value: readonly string[];
  } | null;
  /** Each other name: of the record itself (true), or under that one. */
  readonly others: true | string | null;
};
