import countries from 'i18n-iso-countries/index.js';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import { remember } from '../kernel/remember.ts';

countries.registerLocale(english);

/**
 * The ISO alpha-2 code of a country written as a code (two or three letters) or as its English name; undefined when unknown. Each look-up
 * goes through all countries, and the same few names come again and again.
 */
export const countryCode = remember(2000, (text: string): string | undefined => {
  const upper = text.toUpperCase();
  if (upper === 'UK') return 'GB';
  if (/^[A-Z]{2}$/.test(upper)) return countries.isValid(upper) ? upper : undefined;
  return (/^[A-Z]{3}$/.test(upper) ? countries.alpha3ToAlpha2(upper) : undefined) ?? countries.getAlpha2Code(text, 'en');
});

/** The English name of a country by its alpha-2 code. */
export function countryName(code: string): string | undefined {
  return countries.getName(code, 'en');
}
