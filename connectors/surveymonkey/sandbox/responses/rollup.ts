import type { Question } from '../surveys/model.ts';
import type { Answer, StoredResponse } from './responses.ts';

type Json = Readonly<Record<string, unknown>>;

// Of the weights, not of the scores: for the recommendation question the mean is the metric itself.
function statsOf(values: readonly number[]): Json {
  const sorted = values.toSorted((a, b) => a - b);
  const [half, count] = [Math.floor(values.length / 2), values.length];
  if (count === 0) return { min: null, max: null, mean: null, median: null, std: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const median = count % 2 === 1 ? sorted[half] : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  return { min: sorted[0], max: sorted.at(-1), mean, median, std };
}

/** How often each choice of a question was taken, and the statistics of its weights. */
export function rollupOf(question: Question, responses: readonly StoredResponse[]): Json {
  const given = responses.map(({ answers }) => answers.get(question.id) ?? []);
  const answers: readonly Answer[] = given.flat();
  const answered = given.filter((one) => one.length > 0).length;
  const weights = answers.flatMap(({ choice_id }) => {
    const choice = question.choices.find(({ id }) => id === choice_id);
    return choice?.weight === undefined || choice.isNa === true ? [] : [choice.weight];
  });
  const choices = question.choices.map(({ id }) => ({ id, count: answers.filter(({ choice_id }) => choice_id === id).length }));
  const other = answers.filter(({ other_id }) => other_id !== undefined).length;
  const { id, family, subtype } = question;
  return {
    id,
    family,
    subtype,
    summary: [{ answered, skipped: responses.length - answered, other_answered: other, stats: statsOf(weights), choices }],
  };
}
