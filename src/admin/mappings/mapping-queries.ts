import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { InferRequestType, InferResponseType } from 'hono/client';
import { api } from '../api.ts';

const one = api.mappings[':name'];
export type MappingListed = InferResponseType<typeof api.mappings.$get, 200>['items'][number];
export type Mapping = InferResponseType<typeof one.$get, 200>;
export type Checked = InferResponseType<typeof one.check.$post, 200>;
export type Problem = Checked['problems'][number];
export type Edit = NonNullable<InferRequestType<typeof one.check.$post>['json']['edits']>[number];
export type Fields = InferResponseType<typeof one.fields.$get, 200>;
export type LiveField = NonNullable<Fields['systems'][number]['fields']>[number];
export type Suggested = InferResponseType<typeof one.suggestions.$post, 200>['lines'][number];
export type PreviewPlace = InferResponseType<typeof one.preview.$post, 200>['places'][number];
/** A record of the hub, or one of a system by its id there. */
export type PreviewOf = { readonly recordId: string } | { readonly connectionId: string; readonly remoteId: string };
export type Version = InferResponseType<typeof one.versions.$get, 200>['items'][number];
/** What a version says, beside another. */
export type MappingDifference = InferResponseType<(typeof one.versions)[':id']['$get'], 200>;

export const useMappings = () =>
  useQuery({ queryKey: ['mappings'], queryFn: async () => (await (await api.mappings.$get()).json()).items });
export const useMappingFolder = () =>
  useQuery({ queryKey: ['mappings', 'folder'], queryFn: async () => (await api.mappings.folder.$get()).json() });
export const useMapping = (name: string) =>
  useQuery({ queryKey: ['mappings', 'one', name], queryFn: async () => (await one.$get({ param: { name } })).json() });

/** What is wrong with a text, and what it says. */
export const useChecked = (name: string, text: string) =>
  useQuery({
    queryKey: ['mappings', 'check', name, text],
    queryFn: async () => (await one.check.$post({ param: { name }, json: { text } })).json(),
    placeholderData: keepPreviousData,
  });

export const useFields = (name: string, hub: string | null) =>
  useQuery({
    queryKey: ['mappings', 'fields', name, hub],
    queryFn: async () => (await one.fields.$get({ param: { name }, query: hub === null ? {} : { hub } })).json(),
    placeholderData: keepPreviousData,
  });

export const useVersions = (name: string) =>
  useInfiniteQuery({
    queryKey: ['mappings', 'versions', name],
    queryFn: async ({ pageParam }) =>
      (await one.versions.$get({ param: { name }, query: { limit: '100', ...(pageParam === null ? {} : { cursor: pageParam }) } })).json(),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const useDifference = (name: string, id: string, against: string | null) =>
  useQuery({
    queryKey: ['mappings', 'versions', name, id, against],
    queryFn: async () => (await one.versions[':id'].$get({ param: { name, id }, query: against === null ? {} : { against } })).json(),
  });

export const useSuggestedLines = (name: string, text: string, enabled: boolean) =>
  useQuery({
    queryKey: ['mappings', 'suggestions', name, text],
    queryFn: async () => (await one.suggestions.$post({ param: { name }, json: { text } })).json(),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const usePreview = (name: string, text: string, of: PreviewOf | null) =>
  useQuery({
    queryKey: ['mappings', 'preview', name, text, of],
    queryFn: of === null ? skipToken : async () => (await one.preview.$post({ param: { name }, json: { text, ...of } })).json(),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Records of the system that hold what is searched for, or are called so. */
export const useRecordsThere = (name: string, text: string, search: string) =>
  useQuery({
    queryKey: ['mappings', 'records-there', name, text, search],
    queryFn: search === '' ? skipToken : async () => (await one['records-there'].$post({ param: { name }, json: { text, search } })).json(),
    retry: false,
  });
