import { CsvError, parse } from 'csv-parse/sync';
import { broken } from './shapes.ts';

/** The rows of a CSV text, the first of which names the columns; `broken_answer` where a quote does not end or a value goes on after it. */
export function csvRows(text: string): readonly (readonly string[])[] {
  try {
    return parse(text, { relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) throw broken('a CSV text', `well formed (${error.code})`);
    throw error;
  }
}
