import { HubError } from '../../src/contract/errors.ts';
import type { Dialect, GivenDialect, Look, Row } from '../../src/contract/files.ts';
import { firstRows, type Parsed } from './csv.ts';
import { assertText, encodingOf } from './encodings.ts';

const DELIMITERS = [',', ';', '\t', '|'];
const SAMPLE = 100;

/** Finds out how the table at the beginning of a file is written, and what its columns are called. */
export function lookAt(head: Uint8Array, given: GivenDialect, isWhole: boolean): Look {
  if (head.length === 0) throw new HubError('broken_answer', 'The file is empty');
  assertText(head);
  const encoding = given.encoding ?? encodingOf(head, isWhole);
  const text = wholeLines(new TextDecoder(encoding).decode(head, { stream: !isWhole }), isWhole);
  const quote = given.quote ?? '"';
  const candidates = (given.delimiter === null ? DELIMITERS : [given.delimiter]).flatMap((delimiter) => {
    const rows = firstRows(text, { delimiter, quote }, SAMPLE);
    return rows === null ? [] : [{ delimiter, rows }];
  });
  const best = candidates.toSorted((a, b) => fitness(b.rows) - fitness(a.rows))[0];
  if (best === undefined)
    throw new HubError('broken_answer', 'No table can be read at the beginning of the file: a quote is opened there and never closed');
  const header = given.header ?? headerRows(best.rows);
  const dialect: Dialect = { encoding, delimiter: best.delimiter, quote, header };
  return {
    dialect,
    names: namesOf(best.rows, header),
    rows: best.rows.slice(header).map((row, i) => asRow(row, best.rows[header + i - 1])),
  };
}

/** What is cut off in the middle of a line is left out. */
function wholeLines(text: string, isWhole: boolean): string {
  const plain = text.replace(/^\ufeff/, '');
  if (isWhole) return plain;
  const end = Math.max(plain.lastIndexOf('\n'), plain.lastIndexOf('\r'));
  if (end < 0) throw new HubError('broken_answer', 'The first line does not end within the first megabyte');
  return plain.slice(0, end + 1);
}

/** How well a delimiter fits: many rows with as many cells as the first, and more than one of them. */
function fitness(rows: readonly Parsed[]): number {
  const filled = rows.filter(({ record }) => record.some((cell) => cell !== ''));
  const width = filled[0]?.record.length ?? 0;
  if (width < 2) return 0;
  const alike = filled.filter(({ record }) => record.length === width).length / filled.length;
  return alike * 1000 + Math.min(width, 500);
}

const VALUE = /^(?:[^\s@]+@[^\s@]+\.[^\s@]+|[+-]?\d[\d.,:/ -]*|\d{4}-\d\d-\d\d[T ].*)$/;

/** Names are words. Where the first row holds values, nothing names the columns; where much of it is blank, the second one helps. */
function headerRows(rows: readonly Parsed[]): number {
  const [first, second] = rows.map(({ record }) => record);
  if (first === undefined) return 1;
  const filled = first.filter((cell) => cell.trim() !== '');
  if (filled.filter((cell) => VALUE.test(cell.trim())).length * 3 > filled.length) return 0;
  const gaps = first.flatMap((cell, i) => (cell.trim() === '' ? [second?.[i]?.trim() ?? ''] : []));
  const isTwo =
    gaps.length > 0 && gaps.every((cell) => cell !== '' && !VALUE.test(cell)) && (second ?? []).some((cell) => cell.trim() === '');
  return isTwo ? 2 : 1;
}

/** A name that spans several columns stands over the first of them alone. */
function namesOf(rows: readonly Parsed[], header: number): readonly string[] {
  const [first = [], ...more] = rows.slice(0, header).map(({ record }) => record);
  if (header === 0) return (rows[0]?.record ?? []).map(() => '');
  let spanning = '';
  return first.map((cell, i) => {
    spanning = cell.trim() === '' && more.length > 0 ? spanning : cell.trim();
    return [spanning, ...more.map((row) => row[i]?.trim() ?? '')].filter((part) => part !== '').join(' — ');
  });
}

const asRow = ({ record, info }: Parsed, before: Parsed | undefined): Row => ({
  line: (before?.info.lines ?? 0) + 1,
  endLine: info.lines,
  cells: record,
});
