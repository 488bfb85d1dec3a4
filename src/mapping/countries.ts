import countries from 'i18n-iso-countries/index.js';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

countries.registerLocale(english);

/** Names are looked up again and again, and each look-up goes through all countries; texts that are no country must not fill the memory. */
const REMEMBERED_MAX = 2000;
const remembered = new Map<string, string | undefined>();

/** The ISO alpha-2 code of a country written as a code (two or three letters) or as its English name; undefined when unknown. */
export function countryCode(text: string): string | undefined {
  if (remembered.has(text)) return remembered.get(text);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const code = lookUp(text);
  remembered.set(text, code);
  return code;
}

function lookUp(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (upper === 'UK') return 'GB';
  if (/^[A-Z]{2}$/.test(upper)) return countries.isValid(upper) ? upper : undefined;
  return (/^[A-Z]{3}$/.test(upper) ? countries.alpha3ToAlpha2(upper) : undefined) ?? countries.getAlpha2Code(text, 'en');
}

/** The English name of a country by its alpha-2 code. */
export function countryName(code: string): string | undefined {
  return countries.getName(code, 'en');
}
