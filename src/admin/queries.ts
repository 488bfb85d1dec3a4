import { keepPreviousData, type QueryClient, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type Hold, type HoldsWish, type PlanLine, Refusal, type ResponsesWish } from './api.ts';
import { isShort } from './live.ts';

const PAGE = '50';
/** As many as the hub gives at once. */
const NEXT_PAGE = '200';
export const OFTEN_MS = 15_000;
const SOON_MS = 1500;
type Paged<Item> = { readonly items: Item[]; readonly next: string | null };
type Cursor = { readonly cursor?: string };

/** What all lists have in common that are read page by page. */
export const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: Paged<unknown>) => page.next,
};
const at = (cursor: string | null): Cursor => (cursor === null ? {} : { cursor });
// The first page is soon there, and whoever scrolls on gets far with each of the others.
export const pageAt = (cursor: string | null): Cursor & { readonly limit: string } => ({
  limit: cursor === null ? PAGE : NEXT_PAGE,
  ...at(cursor),
});

const ME = queryOptions({ queryKey: ['me'], queryFn: async () => (await api.me.$get()).json(), staleTime: 60_000 });
const OVERVIEW = queryOptions({ queryKey: ['overview'], queryFn: async () => (await api.overview.$get()).json() });
const CONNECTORS = queryOptions({
  queryKey: ['connectors'],
  queryFn: async () => (await (await api.connectors.$get()).json()).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Asks for what the first page shows at once, while its words come and it is not drawn yet; what fails is asked for again by whoever shows it. */
export function askAhead(client: QueryClient): void {
  void client.prefetchQuery(ME);
  void client.prefetchQuery(OVERVIEW);
  void client.prefetchQuery(CONNECTORS);
}

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

/** The latest runs of one connection, a few at a time, or of all. */
export const useRuns = (connectionId: string | null) =>
  useInfiniteQuery({
    queryKey: ['runs', connectionId],
    queryFn: async ({ pageParam }) => {
      const query = connectionId === null ? pageAt(pageParam) : { connectionId, limit: '20', ...at(pageParam) };
      return (await api.runs.$get({ query })).json();
    },
    refetchInterval: (query) => (isShort(query) ? OFTEN_MS : false),
    ...paged,
  });

type RecordsWish = { readonly search: string; readonly pointsAt?: string | null };

/** One run; asked again while it goes on. */
export const useRun = (id: string) =>
  useQuery({
    queryKey: ['runs', 'one', id],
    queryFn: async () => (await api.runs[':id'].$get({ param: { id } })).json(),
    refetchInterval: ({ state }) => (state.data?.endedAt === null ? SOON_MS : false),
  });

/** What undoing a run would do; nothing is done. */
export const useUndoPreview = (run: string) =>
  useQuery({
    queryKey: ['undo', run],
    queryFn: async () => {
      const answer = await (await api.undo.$post({ json: { target: { run }, preview: true, limit: 100 } })).json();
      if ('lines' in answer) return answer;
      throw new Refusal(500, {});
    },
  });

/** The plans that were made. */
export const usePlans = () =>
  useInfiniteQuery({
    queryKey: ['plans'],
    queryFn: async ({ pageParam }) => (await api.plans.$get({ query: { limit: '20', ...at(pageParam) } })).json(),
    refetchInterval: (query) => (isShort(query) ? OFTEN_MS : false),
    ...paged,
  });

/** One plan; asked again while it is computed or applied. */
export const usePlan = (id: string) =>
  useQuery({
    queryKey: ['plans', 'one', id],
    queryFn: async () => (await api.plans[':id'].$get({ param: { id } })).json(),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'computing' || data?.state === 'applying' || data?.state === 'cancelling' || (data?.wantedBy ?? null) !== null
        ? SOON_MS
        : false,
  });

type LinesWish = {
  readonly operation: PlanLine['operation'] | null;
  readonly connection: string | null;
  readonly field: string | null;
  readonly text: string;
};

/** The lines of a plan, narrowed. */
export const usePlanLines = (id: string, { operation, connection, field, text }: LinesWish) =>
  useInfiniteQuery({
    queryKey: ['plans', 'lines', id, operation, connection, field, text],
    queryFn: async ({ pageParam }) => {
      const wanted = {
        ...(operation === null ? {} : { operation }),
        ...(connection === null ? {} : { connection }),
        ...(field === null ? {} : { field }),
        ...(text === '' ? {} : { text }),
      };
      return (await api.plans[':id'].lines.$get({ param: { id }, query: { ...wanted, ...pageAt(pageParam) } })).json();
    },
    placeholderData: keepPreviousData,
    ...paged,
  });

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

/** What customers say, in figures. */
export const useFeedback = () => useQuery({ queryKey: ['feedback'], queryFn: async () => (await api.feedback.summary.$get()).json() });
