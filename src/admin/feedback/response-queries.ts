import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type ResponsesWish } from '../api.ts';
import { pageAt, paged } from '../paging.ts';

/** Survey responses, the newest first. */
export const useResponses = (filter: Omit<ResponsesWish, 'cursor' | 'limit'>) =>
  useInfiniteQuery({
    queryKey: ['responses', filter],
    queryFn: async ({ pageParam }) => (await api.responses.$get({ query: { ...filter, ...pageAt(pageParam) } })).json(),
    placeholderData: keepPreviousData,
    ...paged,
  });

/** One response with its answers. */
export const useResponse = (id: string) =>
  useQuery({ queryKey: ['response', id], queryFn: async () => (await api.responses[':id'].$get({ param: { id } })).json() });

/** Whose a response that nobody is attached to might be. */
export const useSuggestions = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ['suggestions', id],
    queryFn: async () => (await api.responses[':id'].suggestions.$get({ param: { id } })).json(),
    enabled,
  });

/** What customers say, in figures. */
export const useFeedback = () => useQuery({ queryKey: ['feedback'], queryFn: async () => (await api.feedback.summary.$get()).json() });
