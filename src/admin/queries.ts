import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from './api.ts';

const PAGE = '50';
const OFTEN_MS = 15_000;
type Paged<Item> = { readonly items: Item[]; readonly next: string | null };
type Cursor = { readonly cursor?: string };

const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: Paged<unknown>) => page.next,
};
const at = (cursor: string | null): Cursor => (cursor === null ? {} : { cursor });

/** Who is signed in; a Refusal with 401 when nobody is. */
export const useMe = () => useQuery({ queryKey: ['me'], queryFn: async () => (await api.me.$get()).json(), staleTime: 60_000 });

/** The systems that can be connected. */
export const useConnectors = () =>
  useQuery({
    queryKey: ['connectors'],
    queryFn: async () => (await (await api.connectors.$get()).json()).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What came of a sign-in; asked again while nothing has come of it yet. */
export const useSignIn = (id: string) =>
  useQuery({
    queryKey: ['sign-in', id],
    queryFn: async () => (await api['sign-ins'][':id'].$get({ param: { id } })).json(),
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 1000 : false),
  });

/** What a cause means, in the browser's language. */
export const useCause = (cause: string) =>
  useQuery({ queryKey: ['cause', cause], queryFn: async () => (await api.causes[':cause'].$get({ param: { cause }, query: {} })).json() });

/** How the hub is doing; looked at again by itself, and at once when the live stream says that something moved. */
export const useOverview = () =>
  useQuery({ queryKey: ['overview'], queryFn: async () => (await api.overview.$get()).json(), refetchInterval: OFTEN_MS });

/** Where one connection's webhooks go, and what became of them. */
export const useWebhook = (connectionId: string) =>
  useQuery({
    queryKey: ['webhook', connectionId],
    queryFn: async () => (await api.connections[':id'].webhook.$get({ param: { id: connectionId } })).json(),
    refetchInterval: OFTEN_MS,
  });

/** The latest runs of one connection. */
export const useRuns = (connectionId: string) =>
  useInfiniteQuery({
    queryKey: ['runs', connectionId],
    queryFn: async ({ pageParam }) => (await api.runs.$get({ query: { connectionId, limit: '20', ...at(pageParam) } })).json(),
    refetchInterval: OFTEN_MS,
    ...paged,
  });

/** Contacts or companies, by what somebody typed. */
export const useRecords = (object: string, search: string, enabled = true) =>
  useInfiniteQuery({
    queryKey: ['records', object, search],
    queryFn: async ({ pageParam }) =>
      (await api.records.$get({ query: { object, limit: PAGE, ...(search === '' ? {} : { search }), ...at(pageParam) } })).json(),
    placeholderData: keepPreviousData,
    enabled,
    ...paged,
  });

/** The few records of any kind that fit best what somebody types into the palette. */
export const useFound = (text: string) =>
  useQuery({
    queryKey: ['records', 'found', text],
    queryFn: async () => (await (await api.records.$get({ query: { search: text, limit: '7' } })).json()).items,
    enabled: text !== '',
    placeholderData: keepPreviousData,
  });

/** One record with all that explains it. */
export const useRecord = (id: string) =>
  useQuery({
    queryKey: ['record', id],
    queryFn: async () => (await api.records[':id'].$get({ param: { id }, query: {} })).json(),
    refetchInterval: OFTEN_MS,
  });

/** The journal of one record, from its newest line. */
export const useJournal = (id: string) =>
  useInfiniteQuery({
    queryKey: ['journal', id],
    queryFn: async ({ pageParam }) =>
      (await api.records[':id'].journal.$get({ param: { id }, query: { limit: '20', ...at(pageParam) } })).json(),
    ...paged,
  });

export type Attachment = 'attached' | 'unmatched' | 'detached';
export type ResponseFilter = {
  readonly attachment?: Attachment;
  readonly connectionId?: string;
  readonly surveyId?: string;
  readonly recordId?: string;
};

/** Survey responses, the newest first. */
export const useResponses = (filter: ResponseFilter) =>
  useInfiniteQuery({
    queryKey: ['responses', filter],
    queryFn: async ({ pageParam }) => (await api.responses.$get({ query: { ...filter, limit: PAGE, ...at(pageParam) } })).json(),
    ...paged,
  });

/** One response with its answers. */
export const useResponse = (id: string) =>
  useQuery({ queryKey: ['response', id], queryFn: async () => (await api.responses[':id'].$get({ param: { id } })).json() });

type HoldFilter = { readonly connectionId: string | null; readonly recordId: string | null };

/** What waits for a person, or what persons decided. */
export const useHolds = (state: 'open' | 'closed', { connectionId, recordId }: HoldFilter) =>
  useInfiniteQuery({
    queryKey: ['holds', state, connectionId, recordId],
    queryFn: async ({ pageParam }) => {
      const narrowed = { ...(connectionId === null ? {} : { connectionId }), ...(recordId === null ? {} : { recordId }) };
      return (await api.holds.$get({ query: { state, limit: PAGE, ...narrowed, ...at(pageParam) } })).json();
    },
    ...paged,
  });

/** What customers say, in figures. */
export const useFeedback = () => useQuery({ queryKey: ['feedback'], queryFn: async () => (await api.feedback.summary.$get()).json() });
