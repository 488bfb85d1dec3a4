import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { firstLanguage, isLanguage, keepLanguage, type Language } from './languages.ts';
import type { Said, Words } from './words.ts';

// Each language is one file, which is fetched when somebody speaks it.
const LOADS: Readonly<Record<Language, () => Promise<Said<Words>>>> = {
  en: async () => (await import('./en.ts')).en,
  ja: async () => (await import('./ja.ts')).ja,
  th: async () => (await import('./th.ts')).th,
};

async function fetchWords(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'shared')) return;
  for (const [area, words] of Object.entries(await LOADS[language]())) i18next.addResourceBundle(language, area, words);
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
