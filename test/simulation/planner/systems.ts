import type { FieldSchema, FieldType } from '../../../src/contract/connector.ts';
import type { Fields, FieldValue } from '../../../src/contract/records.ts';
import { must } from '../../../src/kernel/must.ts';
import { LOSSES } from '../../merge/values.ts';
import { FIELD_TYPES, type FieldName, STAGES } from './model.ts';
import type { SystemSpec } from './spec.ts';

/** A record in a system. `person` is who it really stands for, which only the one who judges the history may look at. */
export type Row = {
  readonly id: string;
  person: number;
  values: Record<string, FieldValue>;
  changedMs: number;
  gone: 'no' | 'deleted' | 'merged';
  goneBy: 'people' | 'hub' | null;
  mergedInto: string | null;
  optedOut: boolean;
  /** Whether people have ever deleted it. */
  wasRemoved: boolean;
  /** The key of the create that made it; null when people did. */
  readonly key: string | null;
};

/** A vendor in memory. It keeps what its fields can hold, and knows which of its rows have changed since it was last looked at. */
export class System {
  readonly spec: SystemSpec;
  readonly rows = new Map<string, Row>();
  readonly unseen = new Set<string>();
  readonly hidden = new Set<string>();
  readonly stages = new Set<string>(STAGES);
  #made = 0;
  readonly #nowMs: () => number;
  constructor(spec: SystemSpec, nowMs: () => number) {
    this.spec = spec;
    this.#nowMs = nowMs;
  }
  row(id: string): Row {
    return must(this.rows.get(id), `${this.spec.name} ${id}`);
  }
  live(): readonly Row[] {
    return [...this.rows.values()].filter((row) => row.gone === 'no');
  }
  make(person: number, fields: Fields, key: string | null): Row {
    this.#made += 1;
    const values: Record<string, FieldValue> = {};
    for (const name of Object.keys(this.spec.fields)) values[name] = this.kept(name, fields[name] ?? null);
    const id = `${this.spec.name}-${this.#made}`;
    const row: Row = {
      id,
      person,
      values,
      changedMs: this.#stamp(),
      gone: 'no',
      goneBy: null,
      mergedInto: null,
      optedOut: false,
      wasRemoved: false,
      key,
    };
    this.rows.set(id, row);
    this.unseen.add(id);
    return row;
  }
  /** Changes a row, at the given time when many are changed at once. */
  write(id: string, fields: Fields, atMs: number = this.#stamp()): void {
    const row = this.row(id);
    for (const [name, value] of Object.entries(fields)) row.values[name] = this.kept(name, value);
    this.touch(row, atMs);
  }
  touch(row: Row, atMs: number = this.#stamp()): void {
    row.changedMs = Math.max(row.changedMs, atMs);
    this.unseen.add(row.id);
  }
  remove(row: Row, by: 'people' | 'hub'): void {
    row.gone = 'deleted';
    row.goneBy = by;
    row.wasRemoved ||= by === 'people';
    this.touch(row);
    this.#sever(row);
  }
  restore(row: Row): void {
    row.gone = 'no';
    row.goneBy = null;
    this.touch(row);
  }
  /** Merges two rows; the one that the record goes by from now on. */
  merge(winner: Row, loser: Row): Row {
    const kept = this.spec.mergesInto === 'winner' ? winner : this.make(winner.person, winner.values, null);
    kept.optedOut = winner.optedOut;
    for (const [name, value] of Object.entries(loser.values)) kept.values[name] ??= value;
    for (const row of [winner, loser]) {
      if (row === kept) continue;
      row.gone = 'merged';
      row.mergedInto = kept.id;
      this.touch(row);
      for (const other of this.rows.values()) if (other.values.boss === row.id) this.write(other.id, { boss: kept.id });
    }
    if (kept.values.boss === winner.id || kept.values.boss === loser.id || kept.values.boss === kept.id) kept.values.boss = null;
    this.touch(kept);
    return kept;
  }
  /** The row that an id leads to, however often it was merged. */
  resolve(id: string): Row {
    let row = this.row(id);
    while (row.mergedInto !== null) row = this.row(row.mergedInto);
    return row;
  }
  /** What is to be seen of a row. */
  shown(row: Row): Fields {
    const shown: Record<string, FieldValue> = { quiet: row.optedOut };
    for (const name in row.values) if (!this.hidden.has(name)) shown[name] = row.values[name] ?? null;
    return shown;
  }
  schema(): ReadonlyMap<string, FieldSchema> {
    const shown = Object.keys(this.spec.fields).filter((name) => !this.hidden.has(name));
    return new Map(shown.map((name) => [name, this.#field(name as FieldName)]));
  }
  #field(name: FieldName): FieldSchema {
    const type: FieldType = FIELD_TYPES[name] === 'email' ? 'text' : (FIELD_TYPES[name] as FieldType);
    const choices = name === 'stage' ? [...this.stages].map((value) => ({ value, label: value })) : null;
    const writable = this.spec.fields[name]?.writable ?? false;
    return { name, label: name, type, writable, required: false, maxLength: null, choices };
  }
  /** What becomes of a value that is written to a field. */
  kept(name: string, value: FieldValue): FieldValue {
    if (Array.isArray(value) && value.length === 0) return null;
    return LOSSES[this.spec.fields[name]?.loss ?? 'none'](value);
  }
  // What refers to a deleted record reads blank from then on, without anybody having edited it.
  #sever(row: Row): void {
    for (const other of this.rows.values()) {
      if (other.values.boss !== row.id) continue;
      other.values.boss = null;
      this.touch(other);
    }
  }
  #stamp(): number {
    return this.#nowMs() + this.spec.skewMs;
  }
}
