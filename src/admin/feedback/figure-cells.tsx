import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MetricLine } from '../api.ts';
import { useFormat } from '../format.ts';
import { LowBase } from './low-base.tsx';
import { useMetricWords } from './metric-words.ts';

/** The cells of a figure and of the interval that it lies in. */
export function FigureCells({ line }: { readonly line: MetricLine }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const words = useMetricWords();
  return (
    <>
      <Table.Td ta="right">
        {words.figure(line)}
        {line.lowBase && <LowBase />}
      </Table.Td>
      <Table.Td ta="right">
        {t('trend.between', { low: format.fixed(line.interval.low, 0), high: format.fixed(line.interval.high, 0) })}
      </Table.Td>
    </>
  );
}
