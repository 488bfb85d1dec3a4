import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { firstLanguage, isLanguage, keepLanguage, type Language } from './languages.ts';

type Part = 'first' | 'later';

// Each language comes in two files, which are fetched when somebody speaks it: most people who sign in look at one page first.
const LOADS: Readonly<Record<Language, Readonly<Record<Part, () => Promise<object>>>>> = {
  en: { first: async () => (await import('./en/first.ts')).first, later: async () => (await import('./en/later.ts')).later },
  ja: { first: async () => (await import('./ja/first.ts')).first, later: async () => (await import('./ja/later.ts')).later },
  th: { first: async () => (await import('./th/first.ts')).first, later: async () => (await import('./th/later.ts')).later },
};
const wanted = new Set<Part>(['first']);

async function fetchWords(language: Language): Promise<void> {
  const parts = await Promise.all([...wanted].map((part) => LOADS[language][part]()));
  for (const [area, words] of parts.flatMap((part) => Object.entries(part)))
    if (!i18next.hasResourceBundle(language, area)) i18next.addResourceBundle(language, area, words);
}

/** The words of all pages beside the first one, from now on in every language. */
export async function fetchLaterWords(): Promise<void> {
  wanted.add('later');
  if (isLanguage(i18next.language)) await fetchWords(i18next.language);
}

/** Makes the page speak: in the language that was used here last, or that the browser asks for. */
export async function openWords(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    defaultNS: 'shared',
    // React escapes whatever it is given.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await fetchWords(language);
  tell(language);
}

/** Speaks another language from now on, in all that is shown. */
export async function speak(language: string): Promise<void> {
  if (!isLanguage(language) || i18next.language === language) return;
  await fetchWords(language);
  await i18next.changeLanguage(language);
  tell(language);
}

function tell(language: Language): void {
  document.documentElement.lang = language;
  keepLanguage(language);
}
