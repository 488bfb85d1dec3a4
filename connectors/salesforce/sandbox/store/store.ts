import { must } from '../../../../src/kernel/must.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row } from './row.ts';
import { Table } from './table.ts';

/** How long a deleted record stays in the recycle bin. */
export const BIN_MS = 15 * 86_400_000;

/** Fields that records are found by: keys, e-mail addresses, and what points at another record. */
export function isIndexed(field: Field): boolean {
  return field.computed === null && (field.externalId || field.unique || field.type === 'email' || field.type === 'reference');
}

type Pending = { readonly object: string; readonly row: Row; readonly commitAt: number };
type Deleted = { readonly object: string; readonly id: string; readonly at: number };

/** The records of the org. What is not committed yet is seen by nobody, and locks its record. */
export class Store {
  readonly #tables: ReadonlyMap<string, Table>;
  /** Where each id was first stored. */
  readonly #home = new Map<string, string>();
  #pending: Pending[] = [];
  readonly #deleteLog = new Map<string, Deleted>();
  /** What each write since the outermost transaction began has replaced, to go back to. */
  readonly #undo: (() => void)[] = [];
  #depth = 0;

  constructor(schemas: Iterable<ObjectSchema>) {
    this.#tables = new Map(
      [...schemas].map(({ name, fields }) => [name, new Table([...fields.values()].filter(isIndexed).map((one) => one.name))]),
    );
  }

  table(object: string): Table {
    return must(this.#tables.get(object), `table ${object}`);
  }

  /** The object that has this id, committed or not. */
  objectOf(id: string): string | undefined {
    const home = this.#home.get(id);
    const stored = home !== undefined && this.table(home).get(id) !== undefined ? home : undefined;
    return stored ?? this.#pending.find(({ row }) => row.Id === id)?.object;
  }

  /** The newest version of a record, committed or not. */
  latest(object: string, id: string): Row | undefined {
    return this.#pending.findLast((one) => one.row.Id === id)?.row ?? this.table(object).get(id);
  }

  /** The newest versions of all records of an object, deleted ones included. */
  all(object: string): readonly Row[] {
    const rows = new Map([...this.table(object).values()].map((row) => [row.Id, row]));
    for (const one of this.#pending) if (one.object === object) rows.set(one.row.Id, one.row);
    return [...rows.values()];
  }

  /** The newest versions of the records whose `field` points at `parentId`. */
  pointingAt(object: string, field: string, parentId: string): readonly Row[] {
    const ids = new Set(this.table(object).holding(field, parentId) ?? []);
    for (const one of this.#pending) if (one.object === object && one.row[field] === parentId) ids.add(one.row.Id);
    return [...ids]
      .map((id) => this.latest(object, id))
      .filter((row) => row !== undefined)
      .filter((row) => row[field] === parentId);
  }

  isLocked(id: string): boolean {
    return this.#pending.some(({ row }) => row.Id === id);
  }

  /** Writes a version: at once, or committed at a later time, never before an earlier version of the same record. */
  write(object: string, row: Row, commitAt: number | null): void {
    const earlier = this.#pending.findLast((one) => one.row.Id === row.Id)?.commitAt ?? null;
    if (commitAt === null && earlier === null) this.#replace(object, row.Id, row);
    else this.#pending.push({ object, row, commitAt: Math.max(commitAt ?? 0, earlier ?? 0) });
  }

  #replace(object: string, id: string, row: Row | undefined): void {
    const table = this.table(object);
    const before = table.get(id);
    if (row !== undefined) this.#home.set(id, object);
    const logged = this.#deleteLog.get(id);
    if (this.#depth > 0) {
      this.#undo.push(() => {
        table.set(id, before);
        this.#log(id, logged);
      });
    }
    table.set(id, row);
    if (row === undefined) return;
    if (!row.IsDeleted) this.#log(id, undefined);
    else if (before?.IsDeleted !== true) this.#log(id, { object, id, at: row.SystemModstamp });
  }

  #log(id: string, entry: Deleted | undefined): void {
    if (entry === undefined) this.#deleteLog.delete(id);
    else this.#deleteLog.set(id, entry);
  }

  /** Lets time pass: commits what is due, and empties the bin of what has lain there for its time. */
  settle(now: number): void {
    if (this.#pending.length > 0) {
      const due = this.#pending.filter(({ commitAt }) => commitAt <= now).sort((a, b) => a.commitAt - b.commitAt);
      this.#pending = this.#pending.filter(({ commitAt }) => commitAt > now);
      for (const { object, row } of due) this.#replace(object, row.Id, row);
    }
    for (const { object, id, at } of this.#deleteLog.values()) {
      if (at + BIN_MS > now) continue;
      this.#replace(object, id, undefined);
      this.#deleteLog.delete(id);
    }
  }

  /** Takes a record away for good, with what was about to be committed to it; the delete log still tells of it. */
  purge(object: string, id: string): void {
    const last = this.#pending.findLast(({ row }) => row.Id === id);
    this.#pending = this.#pending.filter(({ row }) => row.Id !== id);
    if (last !== undefined) this.#replace(object, id, last.row);
    this.#replace(object, id, undefined);
  }

  /** The delete log, which tells of purged records too. */
  deletedBetween(object: string, start: number, end: number): readonly Deleted[] {
    return [...this.#deleteLog.values()].filter((entry) => entry.object === object && entry.at >= start && entry.at < end);
  }

  /** The earliest stamp that a running transaction will show, or null when none is running. */
  earliestPending(object: string): number | null {
    const stamps = this.#pending.filter((one) => one.object === object).map(({ row }) => row.SystemModstamp);
    return stamps.length === 0 ? null : Math.min(...stamps);
  }

  /** Does the work; when `keep` says no, or the work throws, everything is as it was before. */
  attempt<T>(work: () => T, keep: (result: T) => boolean = () => true): T {
    const mark = this.#undo.length;
    this.#depth += 1;
    let kept = false;
    try {
      const result = work();
      kept = keep(result);
      return result;
    } finally {
      if (!kept) for (const undo of this.#undo.splice(mark).reverse()) undo();
      this.#depth -= 1;
      if (this.#depth === 0) this.#undo.length = 0;
    }
  }
}
