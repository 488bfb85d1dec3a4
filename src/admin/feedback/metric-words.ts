import { useTranslation } from 'react-i18next';
import type { FeedbackSummary } from '../api.ts';
import { useFormat } from '../format.ts';

export type Metric = FeedbackSummary['overall']['metrics'][number];
export type Withheld = FeedbackSummary['overall']['withheld'][number];

/** A metric in words: its name, its figure, and how the figure is computed. */
export function useMetricWords() {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const effort = ({ scale, higherIsBetter }: Metric): string => {
    if (scale === null || higherIsBetter === null) return t('calculation.effort');
    const middle = (scale.min + scale.max) / 2;
    const [from, to] = higherIsBetter ? [Math.floor(middle) + 1, scale.max] : [scale.min, Math.ceil(middle) - 1];
    return t(higherIsBetter ? 'calculation.highIsEasy' : 'calculation.lowIsEasy', { from, to, ...scale });
  };
  const satisfaction = ({ scale, topBox }: Metric): string =>
    scale === null || topBox === null ? t('calculation.satisfaction') : t('calculation.topBoxes', { topBox, ...scale });
  return {
    /** Its kind, its key where that says more, and whether it is about the relationship or an event. */
    name: ({ metric, key, nature }: Pick<Metric, 'metric' | 'key' | 'nature'>): string => {
      const name = key === metric ? t(metric) : t('named', { metric: t(metric), key: key.replaceAll('_', ' ') });
      return nature === null ? name : t(`nature.${nature}`, { name });
    },
    /** As people write it: NPS with its sign and never as a percentage. */
    figure: ({ metric, shown }: Metric): string => {
      const score = format.number(shown);
      if (metric === 'nps') return shown > 0 ? `+${score}` : score;
      return t(metric === 'csat' ? 'percent' : 'percentEasy', { score });
    },
    calculation: (metric: Metric): string => {
      switch (metric.metric) {
        case 'nps':
          return t('calculation.nps');
        case 'csat':
          return satisfaction(metric);
        case 'ces':
          return effort(metric);
      }
    },
  };
}
