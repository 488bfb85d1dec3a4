import { type CsvError, type Info, type InfoRecord, parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import type { Dialect } from '../../src/contract/files.ts';

/** No row is larger; a quote that is never closed would swallow the rest of the file. */
export const ROW_MAX_BYTES = 32 * 1024 * 1024;

export type Parsed = { readonly record: readonly string[]; readonly info: Info };

// Lines end in any of the three ways, also mixed. A quote within a value that has none around it is a sign like any other.
const plain = ({ delimiter, quote }: Pick<Dialect, 'delimiter' | 'quote'>) => ({
  delimiter,
  quote,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  max_record_size: ROW_MAX_BYTES,
});

type Taken = { readonly record: readonly string[]; readonly bytes: number; readonly lines: number };

/** Reads rows out of UTF-8, each with how many bytes and lines were taken up to its end. An error is thrown after all rows before it. */
export async function* rowsIn(text: AsyncIterable<Uint8Array>, dialect: Pick<Dialect, 'delimiter' | 'quote'>): AsyncGenerator<Taken> {
  let taken: Taken[] = [];
  let failed: Error | null = null;
  // The rows are taken as they are found: what the stream would hold is lost when it fails.
  const on_record = (record: string[], { bytes, lines }: InfoRecord) => {
    taken.push({ record, bytes, lines });
    return null;
  };
  const parser = parse({ ...plain(dialect), on_record });
  parser.on('error', (error) => {
    failed ??= error;
  });
  parser.resume();
  const some = (): readonly Taken[] => {
    const now = taken;
    taken = [];
    return now;
  };
  try {
    for await (const chunk of text) {
      await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
      yield* some();
      if (failed !== null) throw failed;
    }
    await new Promise<void>((resolve) => parser.end(() => resolve()).once('error', () => resolve()));
    yield* some();
    if (failed !== null) throw failed;
  } finally {
    parser.destroy();
  }
}

/** The first rows of a text, or null where it cannot be read in this way. */
export function firstRows(text: string, dialect: Pick<Dialect, 'delimiter' | 'quote'>, most: number): readonly Parsed[] | null {
  try {
    // The library's types leave out what `info` adds.
    return parseAll(text, { ...plain(dialect), info: true, to: most }) as unknown as readonly Parsed[];
  } catch {
    return null;
  }
}

/** The library's own code of an error, such as CSV_QUOTE_NOT_CLOSED; null for any other error. */
export function codeOf(error: unknown): CsvError['code'] | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('CSV_')
    ? (error.code as CsvError['code'])
    : null;
}
