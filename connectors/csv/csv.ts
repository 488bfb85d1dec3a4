import { type CsvError, type Info, type Parser, parse } from 'csv-parse';
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

/** Reads rows out of UTF-8, each with how many bytes and lines it has taken so far. */
export const openParser = (dialect: Pick<Dialect, 'delimiter' | 'quote'>): Parser => parse({ ...plain(dialect), info: true });

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
