import type { QuestionKind } from '../../src/contract/survey.ts';
import type { Choice } from './survey.ts';

export type Scale = { readonly min: number; readonly max: number };
/** A scale, with the score that each choice stands for, by its id. */
export type Scores = { readonly scale: Scale; readonly of: ReadonlyMap<string, number> };

/** The number that a label is, or begins or ends with: `7`, `7 - Good`, `Extremely likely - 10`; not that of `5 years` or `4.5`. */
function numberIn(label: string): number | null {
  const first = /^\s*(\d+)\s*(?:$|[-–—:=(]|\.(?!\d)|\)(?!\d))/.exec(label)?.[1];
  const last = /(?:^|\s[-–—:=]\s*)(\d+)\s*$/.exec(label)?.[1];
  const digits = first ?? last;
  return digits === undefined ? null : Number(digits);
}

/** The whole numbers without a gap that these are, in any order; else null. */
function scaleOf(numbers: readonly (number | null)[]): Scale | null {
  const known = numbers.filter((one) => one !== null).sort((a, b) => a - b);
  const [min, max] = [known[0], known.at(-1)];
  if (min === undefined || max === undefined || known.length < 3 || known.length !== numbers.length) return null;
  return known.every((one, at) => one === min + at) ? { min, max } : null;
}

/**
 * The scores of a list of choices, or null where it is no scale. Labels that are numbers say it best. Eleven choices without them are NPS: its
 * weights (-100 for a detractor, 0, 100 for a promoter; or 1 to 11 in a copy by hand) are no scores, so the place of a choice is. Else the
 * weights are the scores.
 */
export function scoresOf(choices: readonly Choice[]): Scores | null {
  const live = choices.filter(({ isNa, isPast }) => !isNa && !isPast).toSorted((a, b) => a.position - b.position);
  const scored = (scale: Scale | null, score: (choice: Choice, at: number) => number | null): Scores | null => {
    if (scale === null) return null;
    const pairs = choices
      .filter(({ isNa }) => !isNa)
      .map((choice) => [choice.id, score(choice, live.indexOf(choice))] as const)
      .filter((pair): pair is readonly [string, number] => pair[1] !== null && pair[1] >= scale.min && pair[1] <= scale.max);
    return { scale, of: new Map(pairs) };
  };
  const byLabel = scaleOf(live.map(({ text }) => numberIn(text)));
  if (byLabel !== null) return scored(byLabel, ({ text }) => numberIn(text));
  if (isNps(live)) return scored({ min: 0, max: 10 }, (choice, at) => (at === -1 ? numberIn(choice.text) : at));
  return scored(scaleOf(live.map(({ weight }) => weight)), ({ weight }) => weight);
}

/** Eleven choices in order: those with numbers have the one of their place, and those without are rated like NPS, or from the lowest to the highest. */
function isNps(live: readonly Choice[]): boolean {
  if (live.length !== 11 || live.some(({ text }, at) => ![null, at].includes(numberIn(text)))) return false;
  const weights = live.map(({ weight }) => weight);
  const isRated = weights.every((weight, at) => weight === (at <= 6 ? -100 : at <= 8 ? 0 : 100));
  const isRising = weights.every((weight, at) => weight === (weights[0] ?? 0) + at);
  const isNumbered = live.slice(1, -1).every(({ text }) => numberIn(text) !== null);
  return isRated || isRising || isNumbered;
}

/** What a scale suggests: only its shape tells, so a mapping has the last word. */
export function kindOfScale({ min, max }: Scale): QuestionKind {
  if (min === 0 && max === 10) return 'nps';
  if (min === 1 && max === 5) return 'csat';
  return min === 1 && max === 7 ? 'ces' : 'rating';
}
