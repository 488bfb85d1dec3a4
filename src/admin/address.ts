import { useSearchParams } from 'react-router';

type Put = (parts: Readonly<Record<string, string | null>>) => void;

/**
 * Puts what a page shows into its address, by name, beside what stands there; what is null or blank goes out of it. `asSteps`: the browser's "back" takes
 * back each change, and leads not at once to the page before.
 */
export function usePut({ asSteps = false }: { readonly asSteps?: boolean } = {}): Put {
  const [, setSearch] = useSearchParams();
  return (parts) => {
    // The router hands on the address as it was drawn last: of two changes in a row the first would be lost.
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(parts)) {
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
    }
    setSearch(next, { replace: !asSteps });
  };
}
