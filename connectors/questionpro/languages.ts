/** The names that QuestionPro gives to languages, with their BCP 47 tags. */
const TAGS: Readonly<Record<string, string>> = {
  afrikaans: 'af',
  arabic: 'ar',
  bengali: 'bn',
  bulgarian: 'bg',
  catalan: 'ca',
  chinese: 'zh',
  'chinese (simplified)': 'zh-Hans',
  'simplified chinese': 'zh-Hans',
  'chinese (traditional)': 'zh-Hant',
  'traditional chinese': 'zh-Hant',
  croatian: 'hr',
  czech: 'cs',
  danish: 'da',
  dutch: 'nl',
  english: 'en',
  estonian: 'et',
  filipino: 'fil',
  finnish: 'fi',
  french: 'fr',
  german: 'de',
  greek: 'el',
  gujarati: 'gu',
  hebrew: 'he',
  hindi: 'hi',
  hungarian: 'hu',
  icelandic: 'is',
  indonesian: 'id',
  italian: 'it',
  japanese: 'ja',
  khmer: 'km',
  korean: 'ko',
  lao: 'lo',
  latvian: 'lv',
  lithuanian: 'lt',
  malay: 'ms',
  marathi: 'mr',
  norwegian: 'no',
  persian: 'fa',
  polish: 'pl',
  portuguese: 'pt',
  'portuguese (brazil)': 'pt-BR',
  'brazilian portuguese': 'pt-BR',
  romanian: 'ro',
  russian: 'ru',
  serbian: 'sr',
  slovak: 'sk',
  slovenian: 'sl',
  spanish: 'es',
  swahili: 'sw',
  swedish: 'sv',
  tagalog: 'tl',
  tamil: 'ta',
  telugu: 'te',
  thai: 'th',
  turkish: 'tr',
  ukrainian: 'uk',
  urdu: 'ur',
  vietnamese: 'vi',
};

const TAG = /^[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/;

/** The BCP 47 tag of a language as QuestionPro names it, or null when it is not known: never a guess. */
export function languageTag(name: string | null): string | null {
  if (name === null) return null;
  const plain = name.trim().toLowerCase();
  const known = TAGS[plain] ?? TAGS[plain.replace(/ \(.*\)$/, '')];
  if (known !== undefined) return known;
  if (!TAG.test(name.trim())) return null;
  try {
    return Intl.getCanonicalLocales(name.trim().replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}
