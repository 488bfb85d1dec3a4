import type { Language } from '../../src/admin/language/languages.ts';
import { must } from '../../src/kernel/must.ts';

/** How somebody looks at the page: their language, theme, and screen. */
export type Look = {
  readonly language: Language;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
};

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

/** Any two of a language, a theme, and a width meet in one of these. */
const LOOKS: readonly Look[] = [
  { language: 'ja', colorScheme: 'dark', ...PHONE },
  { language: 'th', colorScheme: 'dark', ...DESKTOP },
  { language: 'en', colorScheme: 'light', ...DESKTOP },
  { language: 'th', colorScheme: 'light', ...PHONE },
  { language: 'ja', colorScheme: 'light', ...DESKTOP },
  { language: 'en', colorScheme: 'dark', ...PHONE },
];

/** One round, in which each walk has another look; or all rounds, in which each walk has each look: `npm run walks`. */
export const ROUNDS: readonly number[] = process.env.WALKS === 'all' ? LOOKS.map((_, round) => round) : [0];

/** The look that a walk has in a round. */
export const lookOf = (walk: number, round: number): Look => must(LOOKS[(walk + round) % LOOKS.length], 'a look');
export const nameOf = ({ language, colorScheme, width }: Look): string => `${language}-${colorScheme}-${width}`;
