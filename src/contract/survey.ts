import type { FieldValue } from './records.ts';

export const QUESTION_KINDS = [
  'nps',
  'csat',
  'ces',
  'rating',
  'number',
  'choice',
  'choices',
  'boolean',
  'text',
  'matrix',
  'rank',
  'date',
  'contact',
  'file',
  'other',
] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** One question with its answer, kept as it was asked. `ref` survives rewording and copying where the tool has such a name. */
export type Answer = {
  readonly question: {
    readonly id: string;
    readonly ref: string | null;
    readonly text: string;
    /** What the tool says that the question is; a mapping may bind it to a metric. */
    readonly kind: QuestionKind;
    /** The numbers at both ends of a scale, inclusive, or null. */
    readonly scale: { readonly min: number; readonly max: number } | null;
  };
  /** The answer in plain terms: a number for scales, labels for choices, text as written. */
  readonly value: FieldValue;
  /** What the tool itself sent, as JSON: ids of choices, positions, and whatever else `value` leaves out. */
  readonly raw?: string;
};

/** A survey response, whole: it only arrives, and a later version of the same response replaces it. */
export type SurveyResponse = {
  readonly survey: { readonly id: string; readonly name: string };
  /** ISO, UTC. Null while the response is not complete. */
  readonly submittedAt: string | null;
  readonly state: 'complete' | 'partial' | 'terminated';
  /** BCP 47, such as `ja`, or null when the tool does not say. */
  readonly language: string | null;
  /** Where it was answered: `link`, `email`, `web`, `mobile`, `import`, or the tool's own word. */
  readonly channel: string | null;
  readonly answers: readonly Answer[];
};
