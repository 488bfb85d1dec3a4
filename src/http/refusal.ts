import { toldWithAdvice } from '../causes/told-with-advice.ts';
import type { Refused } from './parts.ts';
import { Problem } from './problem.ts';

/** What the vendor said, as a problem: whether it is worth trying again is in the status, what to do is in the text. */
export function refusal({ kind, message, advice }: Pick<Refused, 'kind' | 'message' | 'advice'>): Problem {
  const passing = ['unreachable', 'rate_limited', 'locked', 'quota_spent'].includes(kind);
  return new Problem(passing ? 424 : 422, toldWithAdvice(message, advice), { more: { kind, advice } });
}
