import { useTranslation } from 'react-i18next';
import { type Period, useMetricAddress } from './metric-address.ts';

/** A period by its first day, as its reader would call it. */
export function usePeriodName(): (day: string | null) => string {
  const { t, i18n } = useTranslation('feedback');
  const { period } = useMetricAddress();
  return (day) => {
    if (day === null) return t('trend.allTime');
    const date = new Date(`${day}T00:00:00Z`);
    if (period === 'quarter') return t('trend.quarter', { quarter: Math.floor(date.getUTCMonth() / 3) + 1, year: date.getUTCFullYear() });
    return new Intl.DateTimeFormat(i18n.language, { ...SHAPES[period], timeZone: 'UTC', calendar: 'gregory' }).format(date);
  };
}

const SHAPES: Readonly<Record<Exclude<Period, 'quarter'>, Intl.DateTimeFormatOptions>> = {
  day: { dateStyle: 'medium' },
  week: { dateStyle: 'medium' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
};
