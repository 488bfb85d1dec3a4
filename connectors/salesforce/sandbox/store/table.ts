import type { Row } from './row.ts';

const byId = (a: Row, b: Row) => (a.Id < b.Id ? -1 : a.Id > b.Id ? 1 : 0);
const byStamp = (a: Row, b: Row) => a.SystemModstamp - b.SystemModstamp || byId(a, b);

/** A list of rows that is put in order again only when it is next looked at. */
class Ordered {
  #rows: Row[] = [];
  #stale = false;
  readonly #compare: (a: Row, b: Row) => number;
  constructor(compare: (a: Row, b: Row) => number) {
    this.#compare = compare;
  }
  markStale(): void {
    this.#stale = true;
  }
  /** Old versions stay in the list until this: a list that is nearly in order is cheap to sort. */
  read(current: ReadonlyMap<string, Row>): readonly Row[] {
    if (!this.#stale) return this.#rows;
    const kept = this.#rows.filter((row) => current.get(row.Id) === row);
    const known = new Set(kept);
    for (const row of current.values()) if (!known.has(row)) kept.push(row);
    this.#rows = kept.sort(this.#compare);
    this.#stale = false;
    return this.#rows;
  }
}

/** The committed rows of one object, deleted ones included, with the indexes that queries and unique fields need. */
export class Table {
  readonly #rows = new Map<string, Row>();
  readonly #indexes: Map<string, Map<string, Set<string>>>;
  readonly #ordered = { byId: new Ordered(byId), byStamp: new Ordered(byStamp) };

  #edition = 0;

  constructor(indexedFields: readonly string[]) {
    this.#indexes = new Map(indexedFields.map((name) => [name, new Map()]));
  }

  /** Another number after every write. */
  get edition(): number {
    return this.#edition;
  }

  /** Keeps an index for a field that was not there before; no row has a value for it yet. */
  addIndex(field: string): void {
    this.#indexes.set(field, new Map());
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  values(): Iterable<Row> {
    return this.#rows.values();
  }

  /** Puts a version in place of the one before; undefined takes the record away for good. */
  set(id: string, row: Row | undefined): void {
    this.#edition += 1;
    const before = this.#rows.get(id);
    for (const [name, index] of this.#indexes) {
      if (before?.[name] === row?.[name]) continue;
      if (typeof before?.[name] === 'string') index.get(before[name].toLowerCase())?.delete(id);
      if (typeof row?.[name] !== 'string') continue;
      const key = row[name].toLowerCase();
      const ids = index.get(key);
      if (ids === undefined) index.set(key, new Set([id]));
      else ids.add(id);
    }
    if (row === undefined) this.#rows.delete(id);
    else this.#rows.set(id, row);
    this.#ordered.byId.markStale();
    this.#ordered.byStamp.markStale();
  }

  /** The ids of rows that hold `value` whatever its case, or null when the field has no index. */
  holding(field: string, value: string): ReadonlySet<string> | null {
    const index = this.#indexes.get(field);
    return index === undefined ? null : (index.get(value.toLowerCase()) ?? new Set());
  }

  /** The rows from `id` on, in order of their ids. */
  fromId(id: string): readonly Row[] {
    const rows = this.#ordered.byId.read(this.#rows);
    return rows.slice(firstIndex(rows, (row) => row.Id >= id));
  }

  /** The rows from a SystemModstamp on, in order of stamp and id. */
  fromStamp(stamp: number): readonly Row[] {
    const rows = this.#ordered.byStamp.read(this.#rows);
    return rows.slice(firstIndex(rows, (row) => row.SystemModstamp >= stamp));
  }
}

function firstIndex(rows: readonly Row[], reached: (row: Row) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && reached(row)) high = middle;
    else low = middle + 1;
  }
  return low;
}
