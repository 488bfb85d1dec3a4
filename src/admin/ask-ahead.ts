import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';

/** Who is signed in, how the hub does, and what can be connected. */
export const ME = queryOptions({ queryKey: ['me'], queryFn: async () => (await api.me.$get()).json(), staleTime: 60_000 });
export const OVERVIEW = queryOptions({ queryKey: ['overview'], queryFn: async () => (await api.overview.$get()).json() });
export const CONNECTORS = queryOptions({
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
