import type { Fields, FieldValue } from '../contract/records.ts';
import type { Answer, SurveyResponse } from '../contract/survey.ts';
import type { Metric, Nature } from '../mapping/mapping.ts';
import type { MetricBinding, ResponseMapping, Scale } from '../mapping/response-mapping.ts';

/**
 * One answer that counts for a metric, with all that it takes to count it. `key` is what the metric is called over all tools; `nature` and `touchpoint`
 * are null where nobody has said so.
 */
export type Scored = {
  readonly metric: Metric;
  readonly key: string;
  readonly score: number;
  readonly question: string;
  readonly scale: Scale;
  readonly topBox: number;
  readonly higherIsBetter: boolean;
  readonly nature: Nature | null;
  readonly touchpoint: string | null;
  /** Asked of people who work here. */
  readonly ofEmployees?: true;
};

/** An answer that should have counted and could not, with the reason in plain words. */
export type Rejected = { readonly question: string; readonly metric: Metric; readonly reason: string };

export type Classified = {
  /** Bound answers first, then those that the tool itself calls a metric, each in the order of the response. */
  readonly scores: readonly Scored[];
  readonly comment: string | null;
  readonly touchpoint: string | null;
  readonly rejected: readonly Rejected[];
};

export const USUAL_SCALE: Readonly<Record<Metric, Scale>> = {
  nps: { min: 0, max: 10 },
  csat: { min: 1, max: 5 },
  ces: { min: 1, max: 7 },
};

function isNamed(answer: Answer, name: string): boolean {
  return answer.question.ref === name || answer.question.id === name;
}

/** A binding for this very survey outranks one for all surveys. */
function bindingOf(answer: Answer, surveyId: string, bindings: readonly MetricBinding[]): MetricBinding | undefined {
  const named = bindings.filter((binding) => isNamed(answer, binding.question));
  return named.find((binding) => binding.survey === surveyId) ?? named.find((binding) => binding.survey === null);
}

/** How a question counts that the mapping does not bind. */
function unboundAs(metric: Metric): Omit<MetricBinding, 'survey' | 'question'> {
  return { metric, key: metric, nature: null, touchpoint: null, higherIsBetter: true, topBox: 2, scale: null };
}

/** What an unbound question counts as. Effort is never guessed: its direction is known to the admin only. */
function metricOfKind({ question: { kind, scale } }: Answer): Metric | null {
  if (kind === 'nps') return 'nps';
  const isFive = scale !== null && scale.min === 1 && scale.max === 5;
  return (kind === 'csat' || kind === 'rating') && isFive ? 'csat' : null;
}

/** The number of an answer, also of a label such as `9 - Very likely`; undefined when there is none. */
function numberOf(value: FieldValue): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const digits = /^\s*(-?\d+(?:\.\d+)?)(?![\d.,])/.exec(value)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function isBlank(value: FieldValue): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);
}

function scoreOf({ question, value }: Answer, { metric, scale: bound }: Pick<MetricBinding, 'metric' | 'scale'>) {
  const usual = USUAL_SCALE[metric];
  const scale = bound ?? question.scale ?? usual;
  const isUsual = scale.min === usual.min && scale.max === usual.max;
  if (metric === 'nps' && !isUsual) return { reason: `NPS is asked from 0 to 10, this question from ${scale.min} to ${scale.max}` };
  const score = numberOf(value);
  if (score === undefined) return { reason: 'the answer is not a number' };
  if (!Number.isInteger(score)) return { reason: `${score} is not a whole number` };
  if (score < scale.min || score > scale.max) return { reason: `${score} is outside ${scale.min} to ${scale.max}` };
  return { score, scale };
}

function isWritten(value: FieldValue): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** The bound questions are asked in the mapping's order; without any, the first free text is the comment. */
function commentOf(answers: readonly Answer[], bound: readonly string[]): string | null {
  const candidates =
    bound.length === 0
      ? answers.filter(({ question }) => question.kind === 'text')
      : bound.flatMap((name) => answers.filter((answer) => isNamed(answer, name)));
  const comment = candidates.map(({ value }) => value).find(isWritten);
  return comment?.trim() ?? null;
}

/** Where the customer was asked: as the link said, else as the mapping says of the survey. */
function touchpointOf(keys: Fields, surveyId: string, { touchpoint, surveys }: Terms): string | null {
  const said = touchpoint === null ? null : (keys[touchpoint] ?? null);
  const name = typeof said === 'string' || typeof said === 'number' ? String(said).trim() : '';
  return name === '' ? (surveys.find(({ survey }) => survey === surveyId)?.touchpoint ?? null) : name;
}

export type Terms = Pick<ResponseMapping, 'metrics' | 'comments' | 'surveys' | 'touchpoint'>;

/**
 * Which answers of a response count for which metric, by the mapping's bindings, else by what the tool says the question is. Questions are known by ref
 * or id, never by their words, which may change.
 */
export function classify(response: SurveyResponse, keys: Fields, mapping: Terms): Classified {
  const bound: Scored[] = [];
  const guessed: Scored[] = [];
  const rejected: Rejected[] = [];
  const nature = mapping.surveys.find(({ survey }) => survey === response.survey.id)?.nature ?? null;
  const touchpoint = touchpointOf(keys, response.survey.id, mapping);
  for (const answer of response.answers) {
    const binding = bindingOf(answer, response.survey.id, mapping.metrics);
    const byKind = metricOfKind(answer);
    const how = binding ?? (byKind === null ? null : unboundAs(byKind));
    if (how === null || isBlank(answer.value)) continue;
    const question = answer.question.ref ?? answer.question.id;
    const outcome = scoreOf(answer, how);
    if ('reason' in outcome) {
      rejected.push({ question, metric: how.metric, reason: outcome.reason });
      continue;
    }
    const { metric, key, topBox, higherIsBetter } = how;
    const employees = how.ofEmployees === true ? { ofEmployees: true as const } : {};
    const asked = { nature: how.nature ?? nature, touchpoint: how.touchpoint ?? touchpoint, ...employees };
    (binding === undefined ? guessed : bound).push({ metric, key, ...outcome, question, topBox, higherIsBetter, ...asked });
  }
  return { scores: [...bound, ...guessed], comment: commentOf(response.answers, mapping.comments), touchpoint, rejected };
}
