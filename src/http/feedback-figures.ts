import { ces, countNps, csat, mean, nps, type Scale } from '../feedback/metrics.ts';
import type { ScoreCount } from '../hub/views/feedback.ts';
import type { MetricBinding } from '../mapping/mapping.ts';

/** A score with how it counts: on which scale, how many boxes at the top are satisfied, and which end is the good one. */
export type Weighed = ScoreCount & { readonly on: Scale; readonly topBox: number; readonly higherIsBetter: boolean };

const USUAL: Readonly<Record<ScoreCount['metric'], Scale>> = {
  nps: { min: 0, max: 10 },
  csat: { min: 1, max: 5 },
  ces: { min: 1, max: 7 },
};
const TOP_BOX = 2;

/** Adds what the mapping says of the question; a binding for this very survey outranks one for all. */
export function weigh(count: ScoreCount, bindings: readonly MetricBinding[]): Weighed {
  const named = bindings.filter((each) => each.question === count.question && each.metric === count.metric);
  const binding = named.find((each) => each.survey === count.surveyId) ?? named.find((each) => each.survey === null);
  return {
    ...count,
    on: count.scale ?? USUAL[count.metric],
    topBox: binding?.topBox ?? TOP_BOX,
    higherIsBetter: binding?.higherIsBetter ?? true,
  };
}

/** NPS, CSAT, and CES of these scores, each from its counts; null where nobody answered. */
export function figuresOf(scores: readonly Weighed[]) {
  return { nps: npsOf(scores), csat: csatOf(scores), ces: cesOf(scores) };
}

const each = (scores: readonly Weighed[], metric: ScoreCount['metric'], value: (score: Weighed) => number): number[] =>
  scores.filter((score) => score.metric === metric).flatMap((score) => Array.from({ length: score.count }, () => value(score)));

function npsOf(scores: readonly Weighed[]) {
  const counts = countNps(each(scores, 'nps', ({ score }) => score));
  const figure = nps(counts);
  return figure === null ? null : { ...figure, ...counts };
}

// Surveys may ask on different scales: each answer is first told to be satisfied or not, and these are what is counted.
function csatOf(scores: readonly Weighed[]) {
  const satisfied = each(scores, 'csat', ({ score, on, topBox }) => (score > on.max - topBox ? 1 : 0));
  const figure = csat(satisfied, { scale: { min: 0, max: 1 }, topBox: 1 });
  return figure === null ? null : { ...figure, satisfied: satisfied.filter((one) => one === 1).length, mean: meanOf(scores, 'csat') };
}

function cesOf(scores: readonly Weighed[]) {
  const sides = each(
    scores,
    'ces',
    ({ score, on, higherIsBetter }) => Math.sign(score - (on.min + on.max) / 2) * (higherIsBetter ? 1 : -1),
  );
  const effort = ces(sides, { scale: { min: -1, max: 1 }, higherIsBetter: true });
  return effort === null ? null : { n: sides.length, mean: meanOf(scores, 'ces'), easy: effort.easy, hard: effort.hard };
}

// A mean over different scales or directions means nothing.
function meanOf(scores: readonly Weighed[], metric: ScoreCount['metric']): number | null {
  const counted = scores.filter((score) => score.metric === metric);
  const kinds = new Set(counted.map(({ on, higherIsBetter }) => `${on.min}..${on.max} ${higherIsBetter}`));
  return kinds.size === 1 ? mean(each(counted, metric, ({ score }) => score)) : null;
}
