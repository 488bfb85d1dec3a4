import { first } from './en/first.ts';
import { later } from './en/later.ts';
import { settings } from './en/settings.ts';

/** Every word of the page in English: the keys that the other languages have to have. */
export const en = { ...first, ...later, settings } as const;
