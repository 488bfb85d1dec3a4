import type { Fields, FieldValue } from '../contract/records.ts';
import type { HubField, HubObject } from './mapping.ts';

/** Letters of scripts in which a part of a name may begin with each letter: most put no space between words, and Korean none within a name. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const SHORTEST_PART = 3;
const SHORTEST_NUMBER = 4;
const LONGEST_WORD = 40;
const IS_NUMBER = /^[\s+\d().\-/]+$/;
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NAMED = new Set<HubField['type']>(['text', 'long_text']);

/** By what a record is found, which records it points at, and when what it tells of happened. */
export type Lookup = { readonly words: readonly string[]; readonly pointsAt: readonly string[]; readonly at: string | null };

/** Works out the lookup of a record from what it holds. */
export function lookupOf(object: HubObject, fields: Fields): Lookup {
  const held = [...object.fields.values()].map((field) => [field, fields[field.name] ?? null] as const);
  return {
    words: [...new Set(held.flatMap(([field, value]) => wordsIn(field, value)))],
    pointsAt: [...new Set(held.flatMap(([field, value]) => (field.to === null ? [] : idsIn(value))))],
    at: held.map(([field, value]) => timeIn(field, value)).find((time) => time !== null) ?? null,
  };
}

/** What each word of a search begins, wherever it stands within a word of the record; a telephone number is one, however it is written. */
export function termsOf(search: string): readonly string[] {
  const digits = search.replaceAll(/\D/g, '');
  if (IS_NUMBER.test(search) && digits.length >= SHORTEST_NUMBER) return [digits.replace(/^0+/, '')];
  return [...new Set(wordsOf(search))];
}

function wordsIn(field: HubField, value: FieldValue): readonly string[] {
  // Whoever may not see a value must not find out by searching what it is.
  if (typeof value !== 'string' || field.sensitivity === 'sensitive') return [];
  if (field.type === 'phone') return numbersIn(value);
  // An address has hardly a word in common with others, and each of its endings would take room of its own.
  if (field.identity === 'email') return wordsOf(value);
  // Cities and countries are compared like names, but nobody is called by them.
  const isName = NAMED.has(field.type) && /(^|_)(name|title|subject)$/.test(field.name) && field.name !== 'job_title';
  return isName || field.identity === 'domain' ? wordsOf(value).flatMap(partsOf) : [];
}

// A number with its country's code, and without: codes have one to three digits.
function numbersIn(phone: string): readonly string[] {
  const digits = phone.replaceAll(/\D/g, '');
  return [0, 1, 2, 3].map((start) => digits.slice(start)).filter((number) => number.length >= SHORTEST_NUMBER);
}

// Accents of Latin letters are no part of a word: people leave them out. Marks of other scripts are.
const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');

const wordsOf = (text: string): readonly string[] =>
  folded(text)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => [...word].slice(0, LONGEST_WORD).join(''));

const partsOf = (word: string): readonly string[] => endings(word, UNSPACED.test(word) ? 1 : SHORTEST_PART);

/** A word, and each of its endings that is long enough: what begins one of them is a part of the word. */
function endings(word: string, shortest: number): readonly string[] {
  const letters = [...word];
  const starts = letters.flatMap((letter, start) => (letters.length - start >= shortest && !/^\p{M}/u.test(letter) ? [start] : []));
  return [...new Set([word, ...starts.map((start) => letters.slice(start).join(''))])].filter((part) => part !== '');
}

const idsIn = (value: FieldValue): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one) => {
    const id = typeof one === 'string' ? (one.split('#')[0] ?? '') : '';
    return IS_ID.test(id) ? [id] : [];
  });

function timeIn({ type }: HubField, value: FieldValue): string | null {
  if ((type !== 'datetime' && type !== 'date') || typeof value !== 'string') return null;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
