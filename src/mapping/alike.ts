import type { FieldValue } from '../contract/records.ts';
import { editDistance } from './distance.ts';
import type { Normaliser } from './mapping.ts';
import { normalise } from './normalise.ts';

const SHORT_WORD = 5;
const LONGEST_COMPARED = 100;
const FEWEST_DIGITS = 7;

/**
 * True when two filled-in values may well be the same one: equal after their normaliser, or close, or in scripts that cannot be compared
 * (Taro and 太郎). A blank side is not alike to anything: there is nothing to compare.
 */
export function alike(kind: Normaliser, a: FieldValue, b: FieldValue): boolean {
  const left = normalise(kind, a);
  const right = normalise(kind, b);
  if (left === null || right === null) return false;
  if (left === right) return true;
  return kind === 'phone' ? sameLine([left, right], [String(a), String(b)]) : CLOSE[kind](left, right);
}

// One wrong digit or letter makes another telephone, mailbox, or host, so for these closeness has a meaning of its own.
const CLOSE: Readonly<Record<Exclude<Normaliser, 'phone'>, (a: string, b: string) => boolean>> = {
  email: () => false,
  domain: (a, b) => a.endsWith(`.${b}`) || b.endsWith(`.${a}`),
  name: closeWords,
  text: closeWords,
};

// The keys differ by an extension on one side only, or the country stands on one side only, where the guess of it may be wrong.
function sameLine(keys: readonly [string, string], written: readonly [string, string]): boolean {
  const [[left, leftExtension], [right, rightExtension]] = [keys[0].split('x'), keys[1].split('x')];
  if (left === right && (leftExtension === undefined || rightExtension === undefined)) return true;
  const [one, other] = [digitsOf(written[0]), digitsOf(written[1])];
  if (one.international === other.international) return false;
  const [national, whole] = one.international ? [other.digits, one.digits] : [one.digits, other.digits];
  return national.length >= FEWEST_DIGITS && whole.endsWith(national);
}

function digitsOf(written: string): { readonly international: boolean; readonly digits: string } {
  const text = written.normalize('NFKC').trim();
  return { international: /^(?:\+|00)/.test(text), digits: text.replace(/\D/g, '').replace(/^0+/, '') };
}

function closeWords(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const script = scriptOf(short);
  if (script !== scriptOf(long)) return true;
  const length = [...short].length;
  if (long.startsWith(short) && length >= (script === 'han' ? 1 : 3)) return true;
  // In these scripts one letter is a whole syllable or word, so one that differs is another name.
  if (script === 'han' || script === 'kana' || long.length > LONGEST_COMPARED) return false;
  const most = length <= SHORT_WORD ? 1 : 2;
  // Each letter that one has more is one that has to be added.
  return Math.abs([...long].length - length) <= most && editDistance(a, b) <= most;
}

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['han', /\p{Script=Han}/u],
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['thai', /\p{Script=Thai}/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['latin', /[\p{Script=Latin}\p{N}]/u],
];

// Text with any Han letter counts as Han, even beside kana.
function scriptOf(text: string): string {
  return SCRIPTS.find(([, letters]) => letters.test(text))?.[0] ?? 'other';
}
