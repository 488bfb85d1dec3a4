import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { firstLanguage, isLanguage, keepLanguage, type Language } from './languages.ts';

type Part = 'first' | 'later' | 'settings';

// Each language comes in three files, which are fetched when somebody speaks it and opens what says them: most people who sign in look at one page first.
const LOADS: Readonly<Record<Language, Readonly<Record<Part, () => Promise<object>>>>> = {
  en: {
    first: async () => (await import('./en/first.ts')).first,
    later: async () => (await import('./en/later.ts')).later,
    settings: async () => ({ settings: (await import('./en/settings.ts')).settings }),
  },
  ja: {
    first: async () => (await import('./ja/first.ts')).first,
    later: async () => (await import('./ja/later.ts')).later,
    settings: async () => ({ settings: (await import('./ja/settings.ts')).settings }),
  },
  th: {
    first: async () => (await import('./th/first.ts')).first,
    later: async () => (await import('./th/later.ts')).later,
    settings: async () => ({ settings: (await import('./th/settings.ts')).settings }),
  },
};
const wanted = new Set<Part>(['first']);

async function fetchWords(language: Language): Promise<void> {
  const parts = await Promise.all([...wanted].map((part) => LOADS[language][part]()));
  for (const [area, words] of parts.flatMap((part) => Object.entries(part)))
    if (!i18next.hasResourceBundle(language, area)) i18next.addResourceBundle(language, area, words);
}

/** The words of other pages than the first one, from now on in every language. */
export async function fetchMoreWords(part: Exclude<Part, 'first'>): Promise<void> {
  wanted.add(part);
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
