const KEY = 'syncline-then';

/** Remembers, for this tab, where somebody wants to be once they are back from a sign-in. */
export function keepWay(path: string | null): void {
  if (path === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, path);
}

/** Where somebody wanted to be; null where it does not matter. */
export const keptWay = (): string | null => sessionStorage.getItem(KEY);
