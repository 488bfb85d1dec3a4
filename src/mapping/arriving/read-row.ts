import type { Row } from '../../contract/files.ts';
import type { Fields, Observation } from '../../contract/records.ts';
import { fieldsRead } from '../fields-read.ts';
import type { EntityMapping } from '../mapping.ts';
import type { Mapping } from '../mappings.ts';
import { readItem } from './read-item.ts';
import type { Part, Reading } from './reading.ts';
import { rowItem } from './row-item.ts';

/** What is wrong with a row, or with one field of it: then the field is held, and the others flow. */
export type RowProblem = { readonly line: number; readonly field: string; readonly reason: string; readonly cells: readonly string[] };
export type ReadRow =
  | { readonly kind: 'seen'; readonly seen: Observation; readonly problems: readonly RowProblem[] }
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly problem: RowProblem };

const MOST_LETTERS = 1024 * 1024;

type TableReading = Extract<Reading, { kind: 'table' }>;
type Table = {
  readonly mapping: Mapping;
  readonly reading: TableReading;
  readonly columns: readonly string[];
  readonly receivedAt: string;
};

/** Reads one row of a table; a blank one is passed over. */
export function readRow({ mapping, reading, columns, receivedAt }: Table, row: Row): ReadRow {
  if (row.cells.every((cell) => cell.trim() === '')) return { kind: 'passed' };
  const refuse = (reason: string): ReadRow => ({ kind: 'refused', problem: { line: row.line, field: '', reason, cells: row.cells } });
  const reason = misshapen(row, columns);
  if (reason !== null) return refuse(reason);
  const read = readItem(mapping, reading, { item: rowItem(columns, row.cells, `line ${row.line}`), receivedAt });
  if (read.kind === 'refused') return refuse(read.reason);
  if (read.kind === 'passed') return read;
  const problems = mapping.kind === 'entity' && read.seen.kind === 'present' ? unreadFields(mapping, read.seen.fields) : [];
  return { kind: 'seen', seen: read.seen, problems: problems.map((one) => ({ ...one, line: row.line, cells: row.cells })) };
}

function misshapen({ line, endLine, cells }: Row, columns: readonly string[]): string | null {
  const extra = cells.slice(columns.length).some((cell) => cell.trim() !== '');
  if (cells.length < columns.length || extra) {
    const where = endLine > line + 1 ? `; it reaches from line ${line} to line ${endLine}, so a quote may be missing` : '';
    return `the row has ${cells.length} cells, and there are ${columns.length} columns${where}`;
  }
  const size = cells.reduce((sum, cell) => sum + cell.length, 0);
  if (size > MOST_LETTERS) return `the row has ${size} letters, and ${MOST_LETTERS} at most are taken`;
  if (cells.some((cell) => cell.includes('\ufffd'))) return 'letters of it are damaged, or in another encoding than the rest of the file';
  return null;
}

function unreadFields(mapping: EntityMapping, fields: Fields): readonly Pick<RowProblem, 'field' | 'reason'>[] {
  return mapping.lines.flatMap((line) => {
    const value = Object.hasOwn(fields, line.remote) ? fields[line.remote] : undefined;
    if (value === undefined || line.direction === 'off') return [];
    const decoded = line.codec.decode(value);
    return decoded.ok || decoded.ignored === true ? [] : [{ field: line.remote, reason: decoded.reason }];
  });
}

/** What a mapping looks for in a table and does not find. Without the columns of the id no row can be read. */
export function missingColumns(mapping: Mapping, reading: TableReading, columns: readonly string[]) {
  const known = new Set(columns);
  const names = (parts: readonly (Part | null)[]) => parts.filter((part): part is string => typeof part === 'string');
  const { answers } = reading;
  const needed = [...names(reading.id ?? []), ...names(answers === null ? [] : [answers.survey.id])];
  const kept = new Set(answers?.keys.map(([key]) => key));
  const wanted =
    mapping.kind === 'entity'
      ? fieldsRead(mapping)
      : [
          ...mapping.attach.flatMap(({ from }) => (kept.has(from) || from.startsWith('answer:') ? [] : [from])),
          ...(answers?.keys.map(([, name]) => name) ?? []),
          ...names(answers?.questions.map(({ at }) => at) ?? []),
          ...names([answers?.submitted ?? null, answers?.language ?? null, answers?.channel ?? null]),
        ];
  const times = names([reading.changed, reading.removed?.at ?? null, ...reading.when.map(({ at }) => at)]);
  const lacks = (some: readonly string[]) => [...new Set(some)].filter((name) => !known.has(name));
  return { needed: lacks(needed), wanted: lacks([...wanted, ...times]), hasAny: wanted.some((name) => known.has(name)) };
}
