/** The languages of the page, each by its own name. */
export const LANGUAGES = { en: 'English', ja: '日本語', th: 'ไทย' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = 'syncline-language';

export const isLanguage = (tag: string): tag is Language => tag in LANGUAGES;

/** The language to begin with: the one that was used here last, else the first that the browser asks for and the page has. */
export function firstLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.split('-')[0] ?? '').find(isLanguage) ?? 'en';
}

/** Keeps a language for the next start, also before anybody has signed in. */
export const keepLanguage = (language: Language): void => localStorage.setItem(KEPT, language);
