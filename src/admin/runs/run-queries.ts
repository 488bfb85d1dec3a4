import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type PlanLine, Refusal } from '../api.ts';
import { isShort } from '../live.ts';
import { OFTEN_MS, pageAt, paged, SOON_MS } from '../paging.ts';

/** The runs of one connection, or of all. */
export const useRuns = (connectionId: string | null) =>
  useInfiniteQuery({
    queryKey: ['runs', connectionId],
    queryFn: async ({ pageParam }) =>
      (await api.runs.$get({ query: { ...(connectionId === null ? {} : { connectionId }), ...pageAt(pageParam) } })).json(),
    refetchInterval: (query) => (isShort(query) ? OFTEN_MS : false),
    ...paged,
  });

const LATEST = '8';

/** The last few runs of one connection. */
export const useLatestRuns = (connectionId: string) =>
  useQuery({
    queryKey: ['runs', 'latest', connectionId],
    queryFn: async () => (await api.runs.$get({ query: { connectionId, limit: LATEST } })).json(),
    refetchInterval: OFTEN_MS,
  });

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
    queryFn: async ({ pageParam }) => (await api.plans.$get({ query: pageAt(pageParam) })).json(),
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
