import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, type Start } from '../api.ts';
import { useAct, useMay } from '../session.tsx';

export const STEPS = [
  'systems',
  'connect',
  'objects',
  'matching',
  'fields',
  'preview',
  'enable',
] as const satisfies readonly Start['step'][];
export type Step = Start['step'];
export const placeOf = (step: Step): number => STEPS.indexOf(step);
export const pathTo = (step: Step): string => `/start/${step}`;

/** How far the admins have come; nobody else is told. */
export const useStart = () =>
  useQuery({ queryKey: ['start'], queryFn: async () => (await api.start.$get()).json(), enabled: useMay('admin') });

/** What the mappings say of what was chosen. */
export const useStartMapping = () =>
  useQuery({ queryKey: ['start', 'mapping'], queryFn: async () => (await api.start.mapping.$get()).json() });

/** Does something about the start, whose state it answers with, and goes on from there: what is known of it is never older than the page that is shown. */
export function useStartAct<Input>(act: (input: Input) => Promise<Start>, then: { readonly step?: Step; readonly quiet?: boolean } = {}) {
  const navigate = useNavigate();
  const client = useQueryClient();
  return useAct(
    async (input: Input) => {
      const state = await act(input);
      await client.cancelQueries({ queryKey: ['start'], exact: true });
      client.setQueryData(['start'], state);
      if (then.step !== undefined) await navigate(pathTo(then.step));
    },
    { quiet: then.quiet ?? false },
  );
}

/** Goes on to a step. */
export const useGoOn = (step: Step) => useStartAct(async () => (await api.start.$patch({ json: { step } })).json(), { step });

/** Has what was chosen read and a plan of it made. */
export const usePlanAnew = () => useStartAct(async () => (await api.start.plan.$post()).json());
