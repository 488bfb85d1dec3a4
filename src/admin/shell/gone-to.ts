const KEPT = 'syncline.gone-to';
const MOST = 30;

const read = (): readonly string[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? kept.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
};

/** Remembers, in this browser alone, where somebody went by the palette. These are addresses, with the ids of records and no names. */
export function noteGoneTo(path: string): void {
  localStorage.setItem(KEPT, JSON.stringify([path, ...read().filter((one) => one !== path)].slice(0, MOST)));
}

/** How lately somebody went to an address: the greater, the later; 0 where they did not. */
export function lateness(): (path: string) => number {
  const paths = read();
  return (path) => (paths.includes(path) ? paths.length - paths.indexOf(path) : 0);
}
