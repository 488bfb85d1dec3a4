import type { FieldValue } from '../contract/records.ts';
import { hostOf, isHost } from './hosts.ts';
import type { Normaliser } from './mapping.ts';
import { phoneKey } from './phones.ts';
import { isList } from './translated.ts';

/**
 * What a value is for match keys: two spellings of one thing give one text, and null is nothing to match by. `region` (alpha-2) says
 * where a phone number without a country code is from; without it there is a cautious guess.
 */
export function normalise(kind: Normaliser, value: FieldValue, region?: string): string | null {
  if (value === null || isList(value)) return null;
  const text = String(value);
  const key = kind === 'phone' ? phoneKey(text, region) : NORMALISERS[kind](text.normalize('NFKC').trim());
  return key === '' ? null : key;
}

const NORMALISERS: Readonly<Record<Exclude<Normaliser, 'phone'>, (text: string) => string | null>> = {
  email: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : null),
  domain: domainKey,
  name: nameKey,
  text: (text) => text.toLowerCase().replace(/\s+/g, ' '),
};

function domainKey(text: string): string | null {
  const host = hostOf(text);
  if (!isHost(host)) return null;
  // One domain may be written in its own script or as xn--: the platform's URL knows that they are the same.
  const plain = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
  return isHost(plain) ? plain : null;
}

// Letters that Unicode does not take apart into a base letter and a mark.
const FOLDS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', æ: 'ae', œ: 'oe', þ: 'th', ı: 'i', ς: 'σ' };

function nameKey(text: string): string {
  return (
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/[\p{P}\p{Z}\p{S}\p{C}]/gu, '')
      // Only where a mark is an accent: in Thai, in kana, and elsewhere marks are sounds.
      .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '$1')
      .normalize('NFC')
      .replace(/[ßøłđðæœþıς]/g, (letter) => FOLDS[letter] ?? letter)
  );
}
