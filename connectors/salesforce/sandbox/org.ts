import { must } from '../../../src/kernel/must.ts';
import { longId, makeId } from './ids.ts';
import { Refusal } from './refusal.ts';
import type { Field } from './schema/field.ts';
import { type ObjectSchema, orgSchemas } from './schema/objects.ts';
import type { Row } from './store/row.ts';
import { Store } from './store/store.ts';
import type { Switches } from './switches.ts';

/** A rule that an admin made: the text that refuses a row, or null when the row is fine. */
export type ValidationRule = { readonly object: string; readonly check: (row: Row) => string | null };

/** What an object's records may be kept by: the vendor's words for why one cannot be deleted, or null when it can. */
export type DeleteRule = { readonly object: string; readonly check: (row: Row) => string | null };

/** One Salesforce org: its schema, its records, and its clock. */
export class Org {
  readonly id = longId('00DSb0000000001');
  readonly apiUserId = makeId('005', 1);
  readonly switches: Switches;
  readonly schemas: ReadonlyMap<string, ObjectSchema>;
  readonly store: Store;
  readonly validationRules: ValidationRule[] = [];
  readonly deleteRules: DeleteRule[] = [];
  readonly #now: () => Date;
  readonly #hidden: Set<string>;
  readonly #counters = new Map<string, number>();
  #schemaChangedAt: number;
  #rowsWritten = 0;
  #edits = 0;

  constructor(switches: Switches, now: () => Date) {
    this.switches = switches;
    this.#now = now;
    this.schemas = orgSchemas(switches);
    this.store = new Store(this.schemas.values());
    this.#schemaChangedAt = this.stamp();
    this.#hidden = new Set();
    for (const name of switches.hiddenFields.split(',')) if (name.trim() !== '') this.setVisible(name.trim(), false);
  }

  now(): number {
    return this.#now().getTime();
  }

  /** The time that a write gets, in whole seconds. */
  stamp(): number {
    return Math.floor(this.now() / 1000) * 1000;
  }

  get schemaChangedAt(): number {
    return this.#schemaChangedAt;
  }

  /** Grants or takes field-level security for `Object.Field`. */
  setVisible(path: string, visible: boolean): void {
    const [object = '', name = ''] = path.split('.');
    if (this.schemas.get(object.toLowerCase())?.fields.get(name.toLowerCase()) === undefined) throw new Error(`there is no field ${path}`);
    if (visible) this.#hidden.delete(path.toLowerCase());
    else this.#hidden.add(path.toLowerCase());
    this.#schemaChangedAt = this.stamp();
  }

  /** The object with this API name, whatever its case, or a refusal. */
  schema(name: string, status = 400): ObjectSchema {
    const schema = this.schemas.get(name.toLowerCase());
    if (schema !== undefined) return schema;
    if (status === 404) throw new Refusal('NOT_FOUND', 'The requested resource does not exist', { status });
    throw new Refusal('INVALID_TYPE', `sObject type '${name}' is not supported.`);
  }

  /** The field as the API user sees it; undefined when there is none or security hides it. */
  visibleField(schema: ObjectSchema, name: string): Field | undefined {
    if (this.#hidden.has(`${schema.name}.${name}`.toLowerCase())) return undefined;
    return schema.fields.get(name.toLowerCase());
  }

  visibleFields(schema: ObjectSchema): readonly Field[] {
    return [...schema.fields.values()].filter((field) => this.visibleField(schema, field.name) !== undefined);
  }

  /** An id that no record of the object has. */
  newId(schema: ObjectSchema): string {
    const next = (this.#counters.get(schema.name) ?? 0) + 1;
    this.#counters.set(schema.name, next);
    const id = makeId(schema.keyPrefix, next);
    return this.store.latest(schema.name, id) === undefined ? id : this.newId(schema);
  }

  /** Whether the next row that the API writes finds its record locked. */
  nextRowIsLocked(): boolean {
    this.#rowsWritten += 1;
    return this.switches.lockEvery > 0 && this.#rowsWritten % this.switches.lockEvery === 0;
  }

  /** When a person's edit made now is committed; null is at once. */
  nextCommit(): number | null {
    const { commitDelayMs } = this.switches;
    this.#edits += 1;
    if (commitDelayMs === 0) return null;
    return this.now() + (this.#edits % 2 === 1 ? commitDelayMs : commitDelayMs / 2);
  }

  /** The record with this id that must exist, such as the one that was just written. */
  row(object: string, id: string): Row {
    return must(this.store.latest(object, id), `${object} ${id}`);
  }
}
