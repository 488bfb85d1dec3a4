import type { Reading } from './arriving/reading.ts';
import type { EVIDENCE_KINDS, Metric, Nature, RESPONSE_STATES } from './mapping.ts';

/**
 * One step of evidence that ties a response to a contact: the value of a response key such as `hidden:crm_id`. `link`: an id that the hub has signed;
 * `id`: the id that the contact has in a system; `field`: what the hub's own field of that name holds, and nobody else's.
 */
export type Evidence = {
  readonly by: (typeof EVIDENCE_KINDS)[number];
  readonly from: string;
  readonly field?: string | undefined;
};

export type Scale = { readonly min: number; readonly max: number };

/**
 * Which question is which metric. `question` is the tool's ref or id; `key` is what the metric is called over all surveys and tools, and questions of
 * one key are counted together; `higherIsBetter` is false for CES 1.0.
 */
export type MetricBinding = {
  readonly survey: string | null;
  readonly question: string;
  readonly metric: Metric;
  readonly key: string;
  /** Null: as the survey says. */
  readonly nature: Nature | null;
  readonly touchpoint: string | null;
  readonly higherIsBetter: boolean;
  /** How many of the highest answers count as satisfied (CSAT). */
  readonly topBox: number;
  /** Where the tool does not tell the ends of the scale. */
  readonly scale: Scale | null;
  /** Asked of people who work here: figures of few of them are withheld. */
  readonly ofEmployees?: true;
};

/** What is said of one survey. */
export type SurveyTerms = {
  readonly survey: string;
  readonly nature: Nature | null;
  readonly touchpoint: string | null;
  /** Whether an answer of somebody unknown makes a contact; null: as for all surveys. */
  readonly creates: boolean | null;
};

/** How a contact is made of an answer: each field from the first key that is filled in. */
export type ContactRecipe = {
  readonly byDefault: boolean;
  readonly fields: readonly { readonly hub: string; readonly from: readonly string[] }[];
};

/** Which responses get an entry. `sinceDays`: of those before the first one was filed, how old they may be; null when any may. */
export type Timeline = {
  readonly sinceDays: number | null;
  readonly states: readonly (typeof RESPONSE_STATES)[number][];
  /** Ids of surveys: only these, or all but these. */
  readonly surveys: { readonly only: readonly string[] } | { readonly except: readonly string[] };
};

/** `mappings/<connector>.response.yaml`, checked. */
export type ResponseMapping = {
  readonly kind: 'response';
  readonly file: string;
  readonly connector: string;
  readonly object: string;
  readonly connection?: string;
  readonly hub: string;
  readonly attach: readonly Evidence[];
  /** Bound by hand; a question that is not bound falls back to the kind that the tool gives it. */
  readonly metrics: readonly MetricBinding[];
  /** Refs or ids of the questions whose text is the customer's comment; empty: the first text answer. */
  readonly comments: readonly string[];
  readonly surveys: readonly SurveyTerms[];
  /** The key that says where the customer was asked, such as `hidden:touchpoint`. */
  readonly touchpoint: string | null;
  readonly creates: ContactRecipe | null;
  /** Null: none of them gets an entry. */
  readonly timeline: Timeline | null;
  readonly reading?: Reading;
};
