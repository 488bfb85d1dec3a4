import { first } from './th/first.ts';
import { later } from './th/later.ts';
import { settings } from './th/settings.ts';
import type { Said, Words } from './words.ts';

/** Every word of the page in Thai. */
export const th: Said<Words> = { ...first, ...later, settings };
