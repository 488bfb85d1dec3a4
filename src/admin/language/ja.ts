import { first } from './ja/first.ts';
import { later } from './ja/later.ts';
import { settings } from './ja/settings.ts';
import type { Said, Words } from './words.ts';

/** Every word of the page in Japanese. */
export const ja: Said<Words> = { ...first, ...later, settings };
