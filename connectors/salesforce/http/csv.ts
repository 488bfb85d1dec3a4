import { CsvError, parse } from 'csv-parse/sync';
import { broken } from './shapes.ts';

type Cells = readonly string[];

/** The rows of a CSV text, the first of which names the columns; `broken_answer` where a quote does not end or a value goes on after it. */
export function csvRows(text: string): readonly Cells[] {
  return parsed(() => parse(text, { relax_column_count: true }));
}

/** What is wanted of each row of a CSV text, made of its cells by the names of their columns: of a hundred thousand rows only that is kept. */
export function csvPicks<T>(text: string, pick: (cell: (name: string) => string, names: Cells) => T): readonly T[] {
  let names: Cells = [];
  let places: ReadonlyMap<string, number> = new Map();
  const picks: T[] = [];
  const take = (row: string[]): null => {
    if (names.length === 0) {
      names = row;
      places = new Map(row.map((name, i) => [name, i]));
    } else picks.push(pick((name) => row[places.get(name) ?? -1] ?? '', names));
    return null;
  };
  parsed(() => parse(text, { relax_column_count: true, on_record: take }));
  return picks;
}

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CsvError) throw broken('a CSV text', `well formed (${error.code})`);
    throw error;
  }
}

/** A line of cells, each in quotes, so that whatever is in them is theirs. */
export const csvLine = (cells: Cells): string => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
