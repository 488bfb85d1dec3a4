import './feedback.css';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MetricLine } from '../api.ts';
import { useFormat } from '../format.ts';
import { LowBase } from './low-base.tsx';
import { useMetricWords } from './metric-words.ts';

type TipProps = { readonly payload?: readonly { readonly payload?: { readonly name: string; readonly line: MetricLine } }[] };

/** What stands behind one point of a trend. */
export function TrendTip({ payload = [] }: TipProps) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const words = useMetricWords();
  const point = payload[0]?.payload;
  if (point === undefined) return null;
  const { line, name } = point;
  return (
    <div className="card tip">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" fw={600} className="tabular">
        {words.figure(line)}
      </Text>
      <Text size="xs" className="tabular">
        {t('trend.between', { low: format.fixed(line.interval.low, 0), high: format.fixed(line.interval.high, 0) })} ·{' '}
        {t('trend.n', { count: line.n })}
      </Text>
      {line.lowBase && <LowBase />}
    </div>
  );
}
