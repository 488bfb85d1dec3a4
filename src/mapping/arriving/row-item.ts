import type { Item } from '../../contract/arriving.ts';

/** The columns of a table by their names. A name that stands there before is followed by its number, and a column without one has its place. */
export function columnsOf(header: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  const taken = new Set(header.map((name) => name.trim()));
  return header.map((written, i) => {
    const name = written.trim() === '' ? `column ${i + 1}` : written.trim();
    let count = (counts.get(name) ?? 0) + 1;
    while (count > 1 && taken.has(`${name} (${count})`)) count += 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** A row of a table: its names are those of its columns. A blank cell is blank, and no value. */
export function rowItem(columns: readonly string[], cells: readonly string[], place: string): Item {
  const byName = new Map(columns.map((name, i) => [name, cells[i] ?? '']));
  return {
    place,
    at(name) {
      const cell = byName.get(name);
      return cell === '' ? null : cell;
    },
    names: (under) => (under === null ? columns : []),
    each: () => [],
  };
}
