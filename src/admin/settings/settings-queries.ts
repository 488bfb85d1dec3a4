import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { InferResponseType } from 'hono/client';
import { api } from '../api.ts';
import { at, PAGE, paged } from '../paging.ts';

/** Who may work with this hub. */
export const useOperators = () =>
  useInfiniteQuery({
    queryKey: ['operators'],
    queryFn: async ({ pageParam }) => (await api.operators.$get({ query: { limit: PAGE, ...at(pageParam) } })).json(),
    ...paged,
  });
export type OperatorRow = InferResponseType<typeof api.operators.$get, 200>['items'][number];

/** The keys of programs, without their secrets. */
export const useApiKeys = () =>
  useInfiniteQuery({
    queryKey: ['api-keys'],
    queryFn: async ({ pageParam }) => (await api['api-keys'].$get({ query: { limit: PAGE, ...at(pageParam) } })).json(),
    ...paged,
  });
export type ApiKeyRow = InferResponseType<(typeof api)['api-keys']['$get'], 200>['items'][number];

/** Where who is signed in is signed in. */
export const useOwnSessions = () => useQuery({ queryKey: ['me', 'sessions'], queryFn: async () => (await api.me.sessions.$get()).json() });
export type OwnSession = InferResponseType<typeof api.me.sessions.$get, 200>['items'][number];

/** What is asked of all who sign in. */
export const useSecurity = () => useQuery({ queryKey: ['security'], queryFn: async () => (await api.settings.security.$get()).json() });

/** The provider by which operators may sign in. */
export const useSso = () => useQuery({ queryKey: ['sso'], queryFn: async () => (await api.settings.sso.$get()).json() });
export type Sso = InferResponseType<typeof api.settings.sso.$get, 200>;

/** How long what is kept. */
export const useRetention = () => useQuery({ queryKey: ['retention'], queryFn: async () => (await api.settings.retention.$get()).json() });
export type Retention = InferResponseType<typeof api.settings.retention.$get, 200>;

/** What this is, and how much it holds. */
export const useAbout = () => useQuery({ queryKey: ['about'], queryFn: async () => (await api.about.$get()).json() });

/** Whether everything that the hub needs is well. */
export const useDoctor = () => useQuery({ queryKey: ['doctor'], queryFn: async () => (await api.doctor.$get()).json() });
export type Finding = InferResponseType<typeof api.doctor.$get, 200>['findings'][number];

export type AuditWish = {
  readonly kind?: 'act' | 'read' | 'entry';
  readonly actor?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly until?: string;
};

/** The audit log, narrowed. */
export const useAudit = (wish: AuditWish) =>
  useInfiniteQuery({
    queryKey: ['audit', wish],
    queryFn: async ({ pageParam }) => (await api.audit.$get({ query: { limit: PAGE, ...wish, ...at(pageParam) } })).json(),
    placeholderData: keepPreviousData,
    ...paged,
  });
export type AuditLine = InferResponseType<typeof api.audit.$get, 200>['items'][number];
