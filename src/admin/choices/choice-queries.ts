import { useQuery } from '@tanstack/react-query';
import { api, type LackingField } from '../api.ts';
import { OFTEN_MS } from '../paging.ts';
import { useMay } from '../session.tsx';

/** A field over there, by its name there. */
export type FieldThere = Pick<LackingField, 'object' | 'field'> & { readonly connectionId: string };

/** The fields that lack choices which records wait for, for whoever may add them. */
export function useMissingChoices() {
  const mayAdd = useMay('admin');
  return useQuery({
    queryKey: ['failures', 'missing-choices'],
    queryFn: async () => (await api['missing-choices'].$get()).json(),
    refetchInterval: OFTEN_MS,
    enabled: mayAdd,
  });
}

/** The choices that a field has over there now; `enabled`: until something was added. */
export const useFieldChoices = ({ connectionId: id, object, field }: FieldThere, enabled: boolean) =>
  useQuery({
    queryKey: ['choices', id, object, field],
    queryFn: async () => (await api.connections[':id'].choices.$get({ param: { id }, query: { object, field } })).json(),
    enabled,
    retry: false,
    // Whoever opens it looks over there once.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
