import type { Scored } from './classify.ts';
import { effortOf, isSatisfied, npsCategory } from './metrics.ts';

const EFFORT = { easy: 'easy', neither: 'neither easy nor hard', hard: 'hard' } as const;

/** A score in words, on the scale that it was asked on: by the bands of NPS, the top boxes of CSAT, and the direction of CES. */
export function meaningOf({ metric, score, scale, topBox, higherIsBetter }: Scored): string {
  switch (metric) {
    case 'nps':
      return npsCategory(score) ?? 'no score';
    case 'csat':
      return isSatisfied(score, scale, topBox) ? 'satisfied' : 'not satisfied';
    case 'ces':
      return EFFORT[effortOf(score, scale, higherIsBetter)];
    default:
      return metric satisfies never;
  }
}
