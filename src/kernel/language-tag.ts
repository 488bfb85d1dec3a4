const TAG = /^[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/;

/** The BCP 47 tag that a text is, in its canonical spelling, such as `zh-Hant`; null for what is none. */
export function languageTag(text: string | null | undefined): string | null {
  if (text === null || text === undefined || !TAG.test(text)) return null;
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}
