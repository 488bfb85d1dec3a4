import type { Answer } from '../contract/survey.ts';
import type { MetricBinding } from '../mapping/mapping.ts';
import { type Scored, USUAL_SCALE } from './classify.ts';
import { npsCategory, type Scale } from './metrics.ts';

/** What a score means to whoever reads it, on the scale that it was asked on. */
export type Meant = { readonly of: Scale; readonly meaning: string };

type Around = { readonly surveyId: string; readonly answers: readonly Answer[]; readonly bindings: readonly MetricBinding[] };

// As when nothing is bound: the two highest answers count as satisfied, and much is good.
const USUAL_TOP_BOX = 2;

/** A score in words: by the bands of NPS, the top boxes of CSAT, and the direction of CES. */
export function meaningOf(scored: Scored, around: Around): Meant {
  const { metric, score } = scored;
  const answer = around.answers.find(({ question }) => (question.ref ?? question.id) === scored.question);
  const of = answer?.question.scale ?? USUAL_SCALE[metric];
  const { topBox = USUAL_TOP_BOX, higherIsBetter = true } = bindingOf(scored, answer, around) ?? {};
  const words = {
    nps: () => npsCategory(score) ?? 'no score',
    csat: () => (score > of.max - topBox ? 'satisfied' : 'not satisfied'),
    ces: () => effort(score - (of.min + of.max) / 2, higherIsBetter),
  };
  return { of, meaning: words[metric]() };
}

function effort(fromMiddle: number, higherIsBetter: boolean): string {
  if (fromMiddle === 0) return 'neither easy nor hard';
  return fromMiddle > 0 === higherIsBetter ? 'easy' : 'hard';
}

/** A binding for this very survey outranks one for all surveys. */
function bindingOf({ metric, question }: Scored, answer: Answer | undefined, { surveyId, bindings }: Around): MetricBinding | undefined {
  const names = [question, answer?.question.id];
  const named = bindings.filter((binding) => binding.metric === metric && names.includes(binding.question));
  return named.find((binding) => binding.survey === surveyId) ?? named.find((binding) => binding.survey === null);
}
