import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type MetricsWish, type ResponsesWish } from '../api.ts';
import { useTimeZone } from '../session.tsx';

/** Figures as the API counts them, in the reader's time zone. */
export function useMetrics(wish: Omit<MetricsWish, 'timeZone'>, enabled = true) {
  const timeZone = useTimeZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return useQuery({
    queryKey: ['feedback', 'metrics', timeZone, wish],
    queryFn: async () => (await api.feedback.metrics.$get({ query: { ...wish, timeZone } })).json(),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export const useBenchmarks = () =>
  useQuery({
    queryKey: ['feedback', 'benchmarks'],
    queryFn: async () => (await (await api.feedback.benchmarks.$get()).json()).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useQuestions = () =>
  useQuery({ queryKey: ['feedback', 'questions'], queryFn: async () => (await (await api.feedback.questions.$get()).json()).items });

export const useQuality = () =>
  useQuery({
    queryKey: ['feedback', 'quality'],
    queryFn: async () => (await (await api.feedback['data-quality'].$get()).json()).items,
  });

/** The address of the responses that a figure is computed from: what can be asked of the API stands in it by the same names. */
export function responsesPath(wish: ResponsesWish): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(wish)) if (typeof value === 'string' && value !== '') asked.set(name, value);
  return `/responses?${asked}`;
}

export const GROUPS = ['survey', 'question', 'touchpoint', 'language', 'channel', 'owner', 'connection'] as const;
