import { useSyncExternalStore } from 'react';

type Settle = (isConfirmed: boolean) => void;

let waiting: Settle[] = [];
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

/** Asks who sits there to prove who they are; however many wait for it are asked for once. False: they would rather not. */
export function confirmIdentity(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting = [...waiting, resolve];
    tell();
  });
}

/** Ends the asking, one way or the other. */
export function settleIdentity(isConfirmed: boolean): void {
  const settled = waiting;
  waiting = [];
  tell();
  for (const settle of settled) settle(isConfirmed);
}

/** Whether somebody is to be asked now. */
export const useIsAsked = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting.length > 0,
  );
