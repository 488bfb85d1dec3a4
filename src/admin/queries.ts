import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type Hold, type HoldsWish, type ListedLink } from './api.ts';
import { CONNECTORS, ME, OVERVIEW } from './ask-ahead.ts';

import { at, OFTEN_MS, PAGE, pageAt, paged } from './paging.ts';

/** Who is signed in; a Refusal with 401 when nobody is. */
export const useMe = () => useQuery(ME);

/** The systems that can be connected. */
export const useConnectors = () => useQuery(CONNECTORS);

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
export const useOverview = () => useQuery({ ...OVERVIEW, refetchInterval: OFTEN_MS });

/** Where one connection's webhooks go, and what became of them. */
export const useWebhook = (connectionId: string) =>
  useQuery({
    queryKey: ['webhook', connectionId],
    queryFn: async () => (await api.connections[':id'].webhook.$get({ param: { id: connectionId } })).json(),
    refetchInterval: OFTEN_MS,
  });

const IMPORTS_MS = 2_000;

/** The files that were given to one connection, and how far they are. */
export const useImports = (connectionId: string) =>
  useQuery({
    queryKey: ['imports', connectionId],
    queryFn: async () => (await api.connections[':id'].imports.$get({ param: { id: connectionId }, query: { limit: '10' } })).json(),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => one.state === 'running') ? IMPORTS_MS : OFTEN_MS),
  });

type RecordsWish = { readonly search: string; readonly pointsAt?: string | null };

/** Contacts, companies, or deals, by what somebody typed, or by what they refer to. */
export const useRecords = (object: string, { search, pointsAt = null }: RecordsWish, enabled = true) =>
  useInfiniteQuery({
    queryKey: ['records', object, search, pointsAt],
    queryFn: async ({ pageParam }) =>
      (
        await api.records.$get({
          query: {
            object,
            ...(search === '' ? {} : { search }),
            ...(pointsAt === null ? {} : { pointsAt }),
            ...pageAt(pageParam),
          },
        })
      ).json(),
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

/** One record with all that explains it, now or at a time. What is past does not change. */
export const useRecord = (id: string, at: string | null = null) =>
  useQuery({
    queryKey: ['record', id, at],
    queryFn: async () => (await api.records[':id'].$get({ param: { id }, query: at === null ? {} : { at } })).json(),
    refetchInterval: at === null && OFTEN_MS,
    placeholderData: keepPreviousData,
  });

/** Some of the records of each of these objects that refer to one. */
export const useRelated = (pointsAt: string, objects: readonly string[], limit: number) =>
  useQuery({
    queryKey: ['records', 'related', pointsAt, objects],
    queryFn: () =>
      Promise.all(
        objects.map(async (object) => {
          const { items } = await (await api.records.$get({ query: { object, pointsAt, limit: String(limit) } })).json();
          return { object, items };
        }),
      ),
  });

export const TIMELINE_KINDS = ['change', 'response', 'activity'] as const;
type TimelineWish = { readonly kind: (typeof TIMELINE_KINDS)[number] | null; readonly until: string | null };

/** All that happened around a record, the newest first. */
export const useTimeline = (id: string, { kind, until }: TimelineWish) =>
  useInfiniteQuery({
    queryKey: ['timeline', id, kind, until],
    queryFn: async ({ pageParam }) => {
      const query = { ...(kind === null ? {} : { kind }), ...(until === null ? {} : { until }), ...pageAt(pageParam) };
      return (await api.records[':id'].timeline.$get({ param: { id }, query })).json();
    },
    placeholderData: keepPreviousData,
    ...paged,
  });

export const HOLD_KINDS = [
  'conflict',
  'ambiguous',
  'merge',
  'removal',
  'brake',
  'flip',
  'refused_field',
  'refused_record',
  'unread',
] as const satisfies readonly Hold['kind'][];
export type HoldKind = Hold['kind'];
type HoldFilter = {
  readonly kind: HoldKind | null;
  readonly cause: string | null;
  readonly connectionId: string | null;
  readonly recordId: string | null;
};

/** What waits for a person, or what persons decided. */
export const useHolds = (state: 'open' | 'closed', { kind, cause, connectionId, recordId }: HoldFilter) =>
  useInfiniteQuery({
    queryKey: ['holds', state, kind, cause, connectionId, recordId],
    queryFn: async ({ pageParam }) => {
      const narrowed = {
        ...(kind === null ? {} : { kind }),
        // Whatever stands in the address: the API says when there is no such cause.
        ...(cause === null ? {} : { cause: cause as NonNullable<HoldsWish['cause']> }),
        ...(connectionId === null ? {} : { connectionId }),
        ...(recordId === null ? {} : { recordId }),
      };
      return (await api.holds.$get({ query: { state, ...narrowed, ...pageAt(pageParam) } })).json();
    },
    ...paged,
  });

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
      return (await api.links.$get({ query: { state, limit: PAGE, ...narrowed, ...at(pageParam) } })).json();
    },
    placeholderData: keepPreviousData,
    ...paged,
  });
