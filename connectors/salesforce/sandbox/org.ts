import { must } from '../../../src/kernel/must.ts';
import { Permissions } from './access/permissions.ts';
import { longId, makeId } from './ids.ts';
import { Refusal } from './refusal.ts';
import type { Field, Lookup } from './schema/field.ts';
import { type ObjectSchema, orgSchemas } from './schema/org-schemas.ts';
import type { Row } from './store/row.ts';
import { isIndexed, Store } from './store/store.ts';
import type { Switches } from './switches.ts';

/** A rule that an admin made: the text that refuses a row, or null when the row is fine. */
export type ValidationRule = { readonly object: string; readonly check: (row: Row) => string | null };

/** What an object's records may be kept by: the vendor's words for why one cannot be deleted, or null when it can. */
export type DeleteRule = { readonly object: string; readonly check: (row: Row) => string | null };

/** One Salesforce org: its schema, its records, and its clock. */
export class Org implements Lookup {
  readonly id = longId('00DSb0000000001');
  readonly apiUserId = makeId('005', 1);
  readonly switches: Switches;
  readonly schemas: ReadonlyMap<string, ObjectSchema>;
  readonly store: Store;
  readonly permissions: Permissions;
  readonly validationRules: ValidationRule[] = [];
  readonly deleteRules: DeleteRule[] = [];
  readonly #schemas: Map<string, ObjectSchema>;
  readonly #now: () => Date;
  readonly #counters = new Map<string, number>();
  #ahead = 0;
  #schemaChangedAt: number;
  #rowsWritten = 0;
  #edits = 0;

  constructor(switches: Switches, now: () => Date) {
    this.switches = switches;
    this.#now = now;
    this.#schemas = new Map(orgSchemas(switches));
    this.schemas = this.#schemas;
    this.store = new Store(this.schemas.values());
    this.permissions = new Permissions(this.store, this.apiUserId);
    this.#schemaChangedAt = this.stamp();
    const named = (list: string) => list.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    for (const name of named(switches.hiddenFields)) this.setVisible(name, false);
    for (const name of named(switches.readOnlyFields)) this.setEditable(name, false);
  }

  now(): number {
    return this.#now().getTime() + this.#ahead;
  }

  /** Lets time pass at once. */
  wind(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new Error('time passes by a number of milliseconds, and never back');
    this.#ahead += ms;
  }

  /** The time that a write gets, in whole seconds. */
  stamp(): number {
    return Math.floor(this.now() / 1000) * 1000;
  }

  /** When the fields, or what the API user may see of them, last changed: each time at another second. */
  get schemaChangedAt(): number {
    if (this.permissions.hasChanged()) this.#schemaChanged();
    return this.#schemaChangedAt;
  }

  #schemaChanged(): void {
    this.#schemaChangedAt = Math.max(this.stamp(), this.#schemaChangedAt + 1000);
  }

  /** Grants or takes field-level security for `Object.Field`. */
  setVisible(path: string, visible: boolean): void {
    this.permissions.setVisible(this.#existing(path), visible);
    this.#schemaChanged();
  }

  /** Grants or takes the right to edit `Object.Field`, which stays visible. */
  setEditable(path: string, editable: boolean): void {
    this.permissions.setEditable(this.#existing(path), editable);
    this.#schemaChanged();
  }

  #existing(path: string): string {
    const [object = '', name = ''] = path.split('.');
    if (this.schemas.get(object.toLowerCase())?.fields.get(name.toLowerCase()) === undefined) throw new Error(`there is no field ${path}`);
    return path;
  }

  /** Adds a field, or puts another definition in its place. A new one is seen by nobody until a permission set grants it. */
  defineField(object: ObjectSchema, field: Field): void {
    const key = field.name.toLowerCase();
    const isNew = !object.fields.has(key);
    this.#schemas.set(object.name.toLowerCase(), { ...object, fields: new Map([...object.fields, [key, field]]) });
    const table = this.store.table(object.name);
    if (isNew && isIndexed(field)) table.addIndex(field.name);
    // A field that every record must have is exempt from field-level security.
    if (isNew && field.nillable) this.permissions.setVisible(`${object.name}.${field.name}`, false);
    this.#schemaChanged();
  }

  /** The objects of these kinds, in order of their names. */
  objects(...kinds: readonly ObjectSchema['kind'][]): readonly ObjectSchema[] {
    return [...this.schemas.values()].filter(({ kind }) => kinds.includes(kind));
  }

  /** The object with this API name, whatever its case, or a refusal; those of the Tooling API have to be asked for by name. */
  schema(name: string, status = 400): ObjectSchema {
    const schema = this.schemas.get(name.toLowerCase());
    if (schema !== undefined && schema.kind !== 'tooling') return schema;
    if (status === 404) throw new Refusal('NOT_FOUND', 'The requested resource does not exist', { status });
    throw new Refusal('INVALID_TYPE', `sObject type '${name}' is not supported.`);
  }

  /** The field as the API user sees it; undefined when there is none or security hides it. */
  visibleField(schema: ObjectSchema, name: string): Field | undefined {
    const field = schema.fields.get(name.toLowerCase());
    return field !== undefined && this.permissions.maySee(`${schema.name}.${name}`) ? field : undefined;
  }

  visibleFields(schema: ObjectSchema): readonly Field[] {
    return [...schema.fields.values()].filter((field) => this.visibleField(schema, field.name) !== undefined);
  }

  /** Whether the API user may write a field that it sees. */
  mayEdit(schema: ObjectSchema, field: Field): boolean {
    return this.permissions.mayEdit(`${schema.name}.${field.name}`);
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

  objectOf(id: string): string | undefined {
    return this.store.objectOf(id) ?? [...this.schemas.values()].find(({ keyPrefix }) => id.startsWith(keyPrefix))?.name;
  }

  committed(id: string): Row | undefined {
    const object = this.objectOf(id);
    return object === undefined ? undefined : this.store.table(object).get(id);
  }
}
