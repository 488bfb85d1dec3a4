import i18next, { type TFunction } from 'i18next';
import { en } from '../../src/admin/language/en.ts';
import { ja } from '../../src/admin/language/ja.ts';
import type { Language } from '../../src/admin/language/languages.ts';
import { th } from '../../src/admin/language/th.ts';

const AREAS = [
  'shared',
  'shell',
  'entrance',
  'start',
  'connections',
  'records',
  'decisions',
  'health',
  'runs',
  'settings',
  'feedback',
  'mappings',
] as const;

const words = i18next.createInstance();
await words.init({ lng: 'en', fallbackLng: false, resources: { en, ja, th }, defaultNS: 'shared', interpolation: { escapeValue: false } });

/** What the page says in a language, as the page itself finds it: `say('start:next')`. */
export type Say = TFunction<typeof AREAS>;
export const speaking = (language: Language): Say => words.getFixedT(language, AREAS);
