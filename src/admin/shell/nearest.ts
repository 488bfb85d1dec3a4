/** How near a text is to what somebody types: the whole, its beginning, the beginning of one of its words, some of it, or none. */
const WHOLE = 0;
const BEGINS = 1;
const WORD_BEGINS = 2;
const WITHIN = 3;
export const FAR = 4;

const WORDS = /[\p{L}\p{N}]+/gu;

/** How near the nearest of some texts is: the less, the nearer. */
export function distanceOf(typed: string, texts: readonly string[]): number {
  const wanted = typed.toLocaleLowerCase();
  return Math.min(FAR, ...texts.map((text) => distance(wanted, text.toLocaleLowerCase())));
}

function distance(wanted: string, text: string): number {
  if (text === wanted) return WHOLE;
  if (text.startsWith(wanted)) return BEGINS;
  if ([...text.matchAll(WORDS)].some(({ index }) => text.startsWith(wanted, index))) return WORD_BEGINS;
  return text.includes(wanted) ? WITHIN : FAR;
}

type Told<T> = { textsOf(item: T): readonly string[]; usedOf(item: T): number };

/** The nearest first; of those that are as near, what was gone to last, and else as they come. */
export function nearestFirst<T>(typed: string, items: readonly T[], { textsOf, usedOf }: Told<T>): readonly T[] {
  return items
    .map((item) => ({ item, far: distanceOf(typed, textsOf(item)), used: usedOf(item) }))
    .toSorted((a, b) => a.far - b.far || b.used - a.used)
    .map(({ item }) => item);
}
