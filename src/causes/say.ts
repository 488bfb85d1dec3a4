import { CAUSES, type CauseId, type NextStep } from './causes.ts';
import type { Language } from './languages.ts';
import { EN, EN_PLACES } from './words/en.ts';
import { JA, JA_OBJECTS, JA_PLACES } from './words/ja.ts';
import { TH, TH_OBJECTS, TH_PLACES } from './words/th.ts';
import { PLACES, type Place, type Words } from './words/words.ts';

export type Places = Readonly<Partial<Record<Place, string>>>;
/** A cause in somebody's language. */
export type SaidCause = { readonly id: CauseId; readonly text: string; readonly advice: string; readonly recovery: NextStep };

/** Every template, by language. */
export const WORDS: Readonly<Record<Language, Readonly<Record<CauseId, Words>>>> = { en: EN, ja: JA, th: TH };
const UNNAMED: Readonly<Record<Language, Readonly<Record<Place, string>>>> = { en: EN_PLACES, ja: JA_PLACES, th: TH_PLACES };

// A language that has no word for an object speaks of a record; in English its name is the word.
const OBJECTS: Readonly<Record<Language, Readonly<Record<string, string>> | null>> = { en: null, ja: JA_OBJECTS, th: TH_OBJECTS };

/** A cause as sentences; a place that nothing is known of gets a general word. */
export function sayCause(id: CauseId, language: Language, places: Places = {}): SaidCause {
  const [text, advice] = WORDS[language][id];
  const fill = (template: string): string =>
    capital(template.replace(/\{(\w+)\}/g, (whole, name: string) => (isPlace(name) ? wordFor(name, language, places) : whole)));
  return { id, text: fill(text), advice: fill(advice), recovery: CAUSES[id].recovery };
}

function wordFor(place: Place, language: Language, places: Places): string {
  const known = places[place];
  const objects = OBJECTS[language];
  const word = place === 'object' && known !== undefined && objects !== null ? objects[known] : known;
  return word ?? UNNAMED[language][place];
}

const isPlace = (name: string): name is Place => PLACES.some((place) => place === name);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
