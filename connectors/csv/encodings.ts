import { HubError } from '../../src/contract/errors.ts';
import type { Encoding } from '../../src/contract/files.ts';

const MISTAKEN: readonly (readonly [begins: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or another ZIP archive. Save the sheet as "CSV UTF-8", or unpack the archive'],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty ZIP archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook. Save the sheet as "CSV UTF-8"'],
  [[0x1f, 0x8b], 'packed with gzip. Unpack it first'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
];

const BOMS: readonly (readonly [begins: readonly number[], encoding: Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

const beginsWith = (bytes: Uint8Array, begins: readonly number[]): boolean => begins.every((byte, i) => bytes[i] === byte);

/** Refuses what is no text. */
export function assertText(head: Uint8Array): void {
  const found = MISTAKEN.find(([begins]) => beginsWith(head, begins));
  if (found !== undefined) throw new HubError('broken_answer', `This is no CSV file but ${found[1]}`);
  if (/^\s*<(!doctype|html|\?xml)/i.test(new TextDecoder('latin1').decode(head.subarray(0, 200))))
    throw new HubError('broken_answer', 'This is no CSV file but a page of HTML or XML. Download the export once more');
}

/** How a text is written: by its mark, by its zeros, as UTF-8 where it is that, and else by which letters make sense. */
export function encodingOf(head: Uint8Array, isWhole: boolean): Encoding {
  const marked = BOMS.find(([begins]) => beginsWith(head, begins));
  if (marked !== undefined) return marked[1];
  const wide = wideEncoding(head);
  if (wide !== null) return wide;
  if (isUtf8(head, isWhole)) return 'utf-8';
  return isShiftJis(head) ? 'shift_jis' : 'windows-1252';
}

/** Of a text in two bytes a letter, many letters have a zero in front or behind. */
function wideEncoding(head: Uint8Array): Encoding | null {
  const zeros = [0, 0];
  const length = Math.min(head.length, 65_536);
  for (let i = 0; i < length; i += 1) if (head[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < length * 0.1 || Math.min(even, odd) > Math.max(even, odd) / 4) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

function isUtf8(head: Uint8Array, isWhole: boolean): boolean {
  try {
    // What is cut off in the middle of a letter is no mistake of the file.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

/** Japanese has its signs in a range where Western texts have hardly any; these have single accents within words. */
function isShiftJis(head: Uint8Array): boolean {
  let japanese = 0;
  let western = 0;
  for (let i = 0; i < head.length; i += 1) {
    const byte = head[i] ?? 0;
    const next = head[i + 1] ?? 0;
    if (byte < 0x80) continue;
    const isPair = ((byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc)) && next >= 0x40 && next !== 0x7f && next <= 0xfc;
    if (byte <= 0x9f && isPair) japanese += 1;
    if (byte >= 0xc0 && (isLetter(head[i - 1] ?? 0) || isLetter(next))) western += 1;
    if (byte <= 0x9f && isPair) i += 1;
  }
  return japanese > western;
}

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** The same text as UTF-8, without its mark. */
export async function* asUtf8(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') return yield* withoutMark(bytes);
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield encoder.encode(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield encoder.encode(rest);
}

async function* withoutMark(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begin: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of bytes) {
    if (begin === null) {
      yield chunk;
      continue;
    }
    begin = joined(begin, chunk);
    if (begin.length < 3) continue;
    yield beginsWith(begin, [0xef, 0xbb, 0xbf]) ? begin.subarray(3) : begin;
    begin = null;
  }
  if (begin !== null && begin.length > 0) yield begin;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
