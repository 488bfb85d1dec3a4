import { createHash, type Hash } from 'node:crypto';
import { HubError } from '../../src/contract/errors.ts';
import type { Dialect, FilePlace, Lot, Row } from '../../src/contract/files.ts';
import { codeOf, ROW_MAX_BYTES, rowsIn } from './csv.ts';
import { asUtf8 } from './encodings.ts';

const LOT_ROWS = 500;
const LOT_BYTES = 1024 * 1024;

/** The rows of a file in lots, from a place on. Only what is being read is held in memory. */
export async function* lotsOf(bytes: AsyncIterable<Uint8Array>, dialect: Dialect, from: FilePlace | null): AsyncGenerator<Lot> {
  const digest = openDigest();
  const text = asUtf8(bytes, dialect.encoding)[Symbol.asyncIterator]();
  const rest = from === null ? null : await skip(text, digest, from);
  const fed = async function* () {
    if (rest !== null && rest.length > 0) yield rest;
    for (let next = await text.next(); next.done !== true; next = await text.next()) {
      digest.feed(next.value);
      yield next.value;
    }
  };
  const base = { at: from?.at ?? 0, line: (from?.line ?? 1) - 1, header: from === null ? dialect.header : 0 };
  yield* inLots(rowsIn(fed(), dialect), digest, base);
}

type Base = { readonly at: number; readonly line: number; readonly header: number };

async function* inLots(taken: ReturnType<typeof rowsIn>, digest: PrefixDigest, base: Base): AsyncGenerator<Lot> {
  let rows: Row[] = [];
  let place = { at: base.at, line: base.line + 1 };
  let begun = base.at;
  let left = base.header;
  const lot = (): Lot => {
    const full = { rows, place: { ...place, digest: digest.upTo(place.at) } };
    rows = [];
    begun = place.at;
    return full;
  };
  try {
    for await (const { record, bytes, lines } of taken) {
      const row = { line: place.line, endLine: base.line + lines, cells: record };
      place = { at: base.at + bytes, line: row.endLine + 1 };
      if (left > 0) left -= 1;
      else rows.push(row);
      if (rows.length >= LOT_ROWS || place.at - begun >= LOT_BYTES) yield lot();
    }
  } catch (error) {
    if (codeOf(error) === null) throw error;
    if (rows.length > 0) yield lot();
    throw brokenAt(place.line, error);
  }
  if (place.at > begun) yield lot();
}

function brokenAt(line: number, error: unknown): HubError {
  const code = codeOf(error);
  const what =
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote is opened and never closed'
      : code === 'CSV_MAX_RECORD_SIZE'
        ? `a row begins that does not end within ${ROW_MAX_BYTES / 1024 / 1024} MB: a quote may be missing at its end`
        : `the text cannot be read (${code})`;
  return new HubError('broken_answer', `In line ${line} ${what}. All rows before it are read; mend the file, and import it again`, {
    code: 'FILE_BROKEN',
    cause: error,
  });
}

/** Passes over what was read before, when it is the same; what of the last piece lies beyond. */
async function skip(text: AsyncIterator<Uint8Array>, digest: PrefixDigest, { at, digest: before }: FilePlace): Promise<Uint8Array> {
  let passed = 0;
  while (passed < at) {
    const next = await text.next();
    if (next.done === true) break;
    digest.feed(next.value);
    passed += next.value.length;
    // Nothing of what was passed over is held on to.
    if (passed < at) digest.upTo(passed);
    if (passed >= at && digest.upTo(at) === before) return next.value.subarray(next.value.length - (passed - at));
    if (passed >= at) break;
  }
  if (at === 0) return new Uint8Array(0);
  throw new HubError(
    'cursor_expired',
    'This is another file than the one whose import was cut off: what was read of that one is not how it begins',
  );
}

type PrefixDigest = { feed(chunk: Uint8Array): void; upTo(at: number): string };

/** The digest of all that was fed up to a place; what lies beyond is kept until the next one. Places only go forward. */
function openDigest(): PrefixDigest {
  const hash: Hash = createHash('sha256');
  let waiting: Uint8Array[] = [];
  let hashed = 0;
  return {
    feed: (chunk) => void waiting.push(chunk),
    upTo(at) {
      for (let [chunk] = waiting; chunk !== undefined && hashed < at; [chunk] = waiting) {
        const part = chunk.subarray(0, at - hashed);
        hash.update(part);
        hashed += part.length;
        waiting = part.length === chunk.length ? waiting.slice(1) : [chunk.subarray(part.length), ...waiting.slice(1)];
      }
      return hash.copy().digest('base64url');
    },
  };
}
