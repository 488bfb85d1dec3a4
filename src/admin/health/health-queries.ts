import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type ListedLink } from '../api.ts';
import { OFTEN_MS, pageAt, paged } from '../paging.ts';

/** What fails or is held, by cause. */
export const useFailures = () =>
  useQuery({ queryKey: ['failures'], queryFn: async () => (await api.failures.$get({ query: {} })).json(), refetchInterval: OFTEN_MS });

/** The links that one cause keeps from being in sync. */
export const useFailedLinks = (cause: string) =>
  useInfiniteQuery({
    queryKey: ['failures', cause],
    queryFn: async ({ pageParam }) => (await api.failures[':cause'].$get({ param: { cause }, query: pageAt(pageParam) })).json(),
    ...paged,
  });

/** Records by how they stand in their systems. */
export const useLinks = (state: ListedLink['state'], connectionId: string | null) =>
  useInfiniteQuery({
    queryKey: ['failures', 'links', state, connectionId],
    queryFn: async ({ pageParam }) => {
      const narrowed = connectionId === null ? {} : { connectionId };
      return (await api.links.$get({ query: { state, ...narrowed, ...pageAt(pageParam) } })).json();
    },
    placeholderData: keepPreviousData,
    ...paged,
  });
