import type { Row, Value } from '../store/row.ts';

/** The kinds of fields that these objects have, in Salesforce's words. */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'reference'
  | 'email'
  | 'phone'
  | 'url'
  | 'encryptedstring'
  | 'address';

/** Where a worked-out field finds the records that its own points at. */
export type Lookup = {
  /** The object that an id belongs to, by its prefix. */
  objectOf(id: string): string | undefined;
  committed(id: string): Row | undefined;
};

/** What happens to a record whose parent is deleted. */
export type OnParentDelete = 'cascade' | 'clear' | 'restrict' | 'nothing';

/** One field of an object: what describe tells of it, and what the rules hold it to. */
export type Field = {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  /** Digits in all and after the point, for numbers. */
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  /** Whether it may be written at all. */
  readonly writable: boolean;
  /** Whether it may be written only when the record is made. */
  readonly createOnly: boolean;
  readonly defaulted: boolean;
  /** What a new record has when nothing is said. */
  readonly initial: Value;
  /** Long text cannot be filtered or sorted by. */
  readonly filterable: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly restricted: boolean;
  readonly choices: readonly string[];
  /** What people read of a choice, where it is called otherwise than its value. */
  readonly choiceLabels: Readonly<Record<string, string>>;
  /** The global value set that the choices come from, which other fields have as well; null where they are the field's own. */
  readonly valueSet: string | null;
  /** Choices that old rows may keep and new ones may not have. */
  readonly retired: readonly string[];
  /** For a dependent picklist: the field that rules it, and which choices each of its values allows. */
  readonly dependsOn: { readonly field: string; readonly allows: Readonly<Record<string, readonly string[]>> } | null;
  /** The objects that an id may belong to; more than one makes the field polymorphic. */
  readonly referenceTo: readonly string[];
  /** The name under which the parent is reached in a query: `Account` for `AccountId`. */
  readonly relationship: string | null;
  /** The name under which the parent reaches its children: `Contacts`. */
  readonly children: string | null;
  readonly onParentDelete: OnParentDelete;
  readonly compound: string | null;
  readonly nameField: boolean;
  readonly autoNumber: boolean;
  /** A formula: it changes without a stamp. */
  readonly formula: boolean;
  /** Worked out when it is read, from the rest of the row. */
  readonly computed: ((row: Row, lookup: Lookup) => unknown) | null;
};

export const isNumeric = ({ type }: Field) => type === 'int' || type === 'double' || type === 'currency' || type === 'percent';

/** A field with everything that is not said left plain. */
export function field(type: FieldType, name: string, label: string, more: Partial<Field> = {}): Field {
  return {
    name,
    label,
    type,
    length: 0,
    precision: 0,
    scale: 0,
    nillable: true,
    writable: true,
    createOnly: false,
    defaulted: false,
    initial: type === 'boolean' ? false : null,
    filterable: true,
    externalId: false,
    unique: false,
    restricted: false,
    choices: [],
    choiceLabels: {},
    valueSet: null,
    retired: [],
    dependsOn: null,
    referenceTo: [],
    relationship: null,
    children: null,
    onParentDelete: 'nothing',
    compound: null,
    nameField: false,
    autoNumber: false,
    formula: false,
    computed: null,
    ...more,
  };
}

/** A text of at most `length` characters. */
export const text = (name: string, label: string, length: number, more: Partial<Field> = {}) =>
  field('string', name, label, { length, ...more });

/** A text that may be long, and then takes part in no filter. */
export const textArea = (name: string, label: string, length: number, more: Partial<Field> = {}) =>
  field('textarea', name, label, { length, filterable: length <= 255, ...more });

/** A number with `precision` digits, `scale` of them after the point. */
export const number = (name: string, label: string, [precision, scale]: readonly [number, number]) =>
  field('double', name, label, { precision, scale });

export const currency = (name: string, label: string) => field('currency', name, label, { precision: 18, scale: 2 });

export const phone = (name: string, label: string) => field('phone', name, label, { length: 40 });

/** A list to choose from; what is not on it is refused only when `restricted` is said. */
export const picklist = (name: string, label: string, choices: readonly string[], more: Partial<Field> = {}) =>
  field('picklist', name, label, { length: 255, choices, ...more });

/** A checkbox, which is never null. */
export const checkbox = (name: string, label: string, more: Partial<Field> = {}) =>
  field('boolean', name, label, { nillable: false, defaulted: true, ...more });

/** An id that points at a record of another object, or of one of several. */
export const reference = (name: string, label: string, to: string | readonly string[], more: Partial<Field> = {}) =>
  field('reference', name, label, {
    length: 18,
    referenceTo: typeof to === 'string' ? [to] : to,
    relationship: name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, ''),
    ...more,
  });

export const readOnly = { nillable: false, writable: false, defaulted: true } as const;

/** First name and last name as one, worked out on every read. */
export function personName(row: Row): string {
  return [row.FirstName, row.LastName].filter((part) => typeof part === 'string').join(' ');
}
