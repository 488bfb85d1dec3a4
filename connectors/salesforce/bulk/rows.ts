import { csvLine } from '../http/csv.ts';
import type { Body } from '../write/encode-write.ts';

/** What a cell says that means "empty it": a text of these very letters cannot be told from it. */
const NULL = '#N/A';
const CELL_MAX = 32_000;
const ROW_MAX = 400_000;

/** One row of an upload; a column that it lacks is not touched. `parent`: whom it locks. */
export type UploadRow = { readonly parent: string; readonly cells: ReadonlyMap<string, string>; readonly size: number };

/** The row of a create, or null where an upload cannot say it. */
export function uploadRow({ attributes: _type, ...body }: Body, parent: string): UploadRow | null {
  const cells = new Map<string, string>();
  let size = 0;
  for (const [name, value] of Object.entries(body)) {
    if (value === NULL) return null;
    const cell = value === null ? NULL : String(value);
    if (cell.length > CELL_MAX) return null;
    cells.set(name, cell);
    size += Buffer.byteLength(cell) + 3;
  }
  return size > ROW_MAX ? null : { parent, cells, size };
}

/** Rows of one parent stand together, since those that are written side by side would wait for each other. An empty cell says nothing. */
export function uploadText(rows: readonly UploadRow[]): string {
  const names = [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))];
  const sorted = rows.toSorted((a, b) => (a.parent < b.parent ? -1 : a.parent > b.parent ? 1 : 0));
  const lines = sorted.map(({ cells }) => csvLine(names.map((name) => cells.get(name) ?? '')));
  return [csvLine(names), ...lines].join('');
}
