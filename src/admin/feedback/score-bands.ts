import type { MetricLine } from '../api.ts';

export const BANDS = ['promoters', 'passives', 'detractors', 'satisfied', 'others', 'easy', 'neither', 'hard'] as const;
export type Band = { readonly name: (typeof BANDS)[number]; readonly from: number; readonly to: number };

/** What scores of a metric are called, from which to which; none where its questions have scales that differ. */
export function bandsOf({
  metric,
  scale,
  topBox,
  higherIsBetter,
}: Pick<MetricLine, 'metric' | 'scale' | 'topBox' | 'higherIsBetter'>): readonly Band[] {
  switch (metric) {
    case 'nps':
      return [
        { name: 'promoters', from: 9, to: 10 },
        { name: 'passives', from: 7, to: 8 },
        { name: 'detractors', from: 0, to: 6 },
      ];
    case 'csat':
      if (scale === null || topBox === null) return [];
      return [
        { name: 'satisfied', from: scale.max - topBox + 1, to: scale.max },
        { name: 'others', from: scale.min, to: scale.max - topBox },
      ];
    case 'ces': {
      if (scale === null || higherIsBetter === null) return [];
      const middle = (scale.min + scale.max) / 2;
      const high = { from: Math.floor(middle) + 1, to: scale.max };
      const low = { from: scale.min, to: Math.ceil(middle) - 1 };
      const between = Number.isInteger(middle) ? [{ name: 'neither' as const, from: middle, to: middle }] : [];
      return [{ name: 'easy', ...(higherIsBetter ? high : low) }, ...between, { name: 'hard', ...(higherIsBetter ? low : high) }];
    }
  }
}
