import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { type Me, NOT_FRESH, Refusal } from './api.ts';

const Session = createContext<Me | null>(null);
export const SessionProvider = Session.Provider;

/** Who is signed in; only for what stands inside the layout. */
export function useOperator(): Me {
  const me = useContext(Session);
  if (me === null) throw new Error('this is shown to operators only');
  return me;
}

/** The time zone that who is signed in has chosen; nothing where that is the browser's. */
export const useTimeZone = (): string | undefined => useContext(Session)?.timeZone ?? undefined;

const RANK: Readonly<Record<Me['role'], number>> = { viewer: 0, analyst: 1, steward: 2, admin: 3 };

/** Whether who is signed in has at least this role: what they may not do is not shown. */
export function useMay(role: Me['role']): boolean {
  return RANK[useOperator().role] >= RANK[role];
}

type Doing<Input> = {
  /** Said when it is done; nothing when the page itself shows it. */
  readonly done?: (input: Input) => string;
  readonly onDone?: (input: Input) => void;
  /** Leaves the telling of a refusal to the caller. */
  readonly quiet?: boolean;
};

/** A write: everything shown is read again after it, and a refusal is told in the hub's own words. */
export function useAct<Input, Output>(act: (input: Input) => Promise<Output>, { done, onDone, quiet = false }: Doing<Input> = {}) {
  const client = useQueryClient();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: act,
    onSuccess: async (_, input) => {
      if (done !== undefined) notifications.show({ message: done(input) });
      onDone?.(input);
      await client.invalidateQueries();
    },
    onError: (error) => {
      // They would rather not prove who they are: that is no failure.
      if (error instanceof Refusal && error.kind === NOT_FRESH) return;
      if (!quiet) notifications.show({ title: t('failed'), message: error.message, color: 'red', autoClose: false });
    },
  });
}
