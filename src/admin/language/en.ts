import { first } from './en/first.ts';
import { later } from './en/later.ts';

/** Every word of the page in English: the keys that the other languages have to have. */
export const en = { ...first, ...later } as const;
