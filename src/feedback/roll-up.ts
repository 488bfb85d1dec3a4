import type { FieldValue } from '../contract/records.ts';
import type { Rollup } from '../mapping/mapping.ts';
import type { Scored } from './classify.ts';
import { mean, npsCategory } from './metrics.ts';

/** A classified response of one contact. Only complete ones, which have a `submittedAt`, count. */
export type Rated = {
  readonly id: string;
  readonly submittedAt: string | null;
  readonly scores: readonly Pick<Scored, 'metric' | 'key' | 'nature' | 'score' | 'ofEmployees'>[];
  readonly comment: string | null;
};

type Complete = Rated & { readonly submittedAt: string };

/** Oldest first; of two that came in the same moment the one with the greater id is the later. */
function inOrder(responses: readonly Rated[]): readonly Complete[] {
  return responses
    .filter((response): response is Complete => response.submittedAt !== null)
    .sort((a, b) => Date.parse(a.submittedAt) - Date.parse(b.submittedAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** Which answers a roll-up is of; what is not said may be any. */
type Asked = Pick<Rollup, 'of' | 'key' | 'nature'>;

/** What somebody has said as an employee is no figure of one person's, and no customer's score. */
function scoresOf(response: Rated, { of, key, nature }: Asked): readonly number[] {
  return response.scores.flatMap((scored) => {
    const isOther = (of !== null && scored.metric !== of) || (key !== undefined && scored.key !== key);
    return scored.ofEmployees === true || isOther || (nature !== undefined && scored.nature !== nature) ? [] : [scored.score];
  });
}

/** The first score of a response stands for it: bound questions come first. */
function lastScore(responses: readonly Complete[], asked: Asked): number | null {
  const last = responses.findLast((response) => scoresOf(response, asked).length > 0);
  return last === undefined ? null : (scoresOf(last, asked)[0] ?? null);
}

/** Promoter, passive, or detractor; other metrics have no such word. */
function lastCategory(responses: readonly Complete[], asked: Asked): FieldValue {
  const score = asked.of === null || asked.of === 'nps' ? lastScore(responses, { ...asked, of: 'nps' }) : null;
  return score === null ? null : npsCategory(score);
}

/** What a hub field holds that is computed from a contact's responses: the same for any order in which they came. */
export function rollUp(responses: readonly Rated[], { take, ...asked }: Rollup): FieldValue {
  const complete = inOrder(responses);
  const isOfAll = asked.of === null && asked.key === undefined && asked.nature === undefined;
  const about = isOfAll ? complete : complete.filter((response) => scoresOf(response, asked).length > 0);
  switch (take) {
    case 'last':
      return lastScore(about, asked);
    case 'category':
      return lastCategory(about, asked);
    case 'comment':
      return about.findLast(({ comment }) => comment !== null)?.comment ?? null;
    case 'date':
      return about.at(-1)?.submittedAt ?? null;
    case 'count':
      return about.length;
    case 'mean':
      return mean(about.flatMap((response) => scoresOf(response, asked).map((score) => ({ score, count: 1 }))));
    default:
      return take satisfies never;
  }
}
