import type { Row } from '../store/row.ts';

/** The kinds of fields that these objects have, in Salesforce's words. */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'boolean'
  | 'int'
  | 'double'
  | 'datetime'
  | 'picklist'
  | 'reference'
  | 'email'
  | 'phone'
  | 'url'
  | 'address';

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
  readonly writable: boolean;
  readonly defaulted: boolean;
  /** Long text cannot be filtered or sorted by. */
  readonly filterable: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly restricted: boolean;
  readonly choices: readonly string[];
  readonly referenceTo: string | null;
  /** The name under which the parent is reached in a query: `Account` for `AccountId`. */
  readonly relationship: string | null;
  readonly compound: string | null;
  readonly nameField: boolean;
  /** Worked out when it is read, from the rest of the row. */
  readonly computed: ((row: Row) => unknown) | null;
};

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
    defaulted: false,
    filterable: true,
    externalId: false,
    unique: false,
    restricted: false,
    choices: [],
    referenceTo: null,
    relationship: null,
    compound: null,
    nameField: false,
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

/** An id that points at a record of another object. */
export const reference = (name: string, label: string, to: string, more: Partial<Field> = {}) =>
  field('reference', name, label, { length: 18, referenceTo: to, relationship: name.replace(/Id$/, ''), ...more });

const readOnly = { nillable: false, writable: false, defaulted: true } as const;

/** What every record carries and nobody writes. */
export function systemFields(): readonly Field[] {
  return [
    field('id', 'Id', 'Record ID', { length: 18, ...readOnly }),
    field('datetime', 'CreatedDate', 'Created Date', readOnly),
    reference('CreatedById', 'Created By ID', 'User', readOnly),
    field('datetime', 'LastModifiedDate', 'Last Modified Date', readOnly),
    reference('LastModifiedById', 'Last Modified By ID', 'User', readOnly),
    field('datetime', 'SystemModstamp', 'System Modstamp', readOnly),
  ];
}

/** What a record carries that can be deleted, merged, and owned. */
export function binFields(object: string): readonly Field[] {
  return [
    field('boolean', 'IsDeleted', 'Deleted', readOnly),
    reference('MasterRecordId', 'Master Record ID', object, { writable: false }),
    reference('OwnerId', 'Owner ID', 'User', { nillable: false, defaulted: true }),
  ];
}

/** A postal address as its parts, and the compound that shows them together. */
export function addressFields(kind: string): readonly Field[] {
  const compound = `${kind}Address`;
  const part = (name: string): string => `${kind}${name}`;
  const read = (row: Row, name: string) => row[part(name)] ?? null;
  return [
    textArea(part('Street'), `${kind} Street`, 255, { compound }),
    text(part('City'), `${kind} City`, 40, { compound }),
    text(part('State'), `${kind} State/Province`, 80, { compound }),
    text(part('PostalCode'), `${kind} Zip/Postal Code`, 20, { compound }),
    text(part('Country'), `${kind} Country`, 80, { compound }),
    field('address', compound, `${kind} Address`, {
      writable: false,
      filterable: false,
      computed: (row) => {
        const [street, city, state, postalCode, country] = ['Street', 'City', 'State', 'PostalCode', 'Country'].map((name) =>
          read(row, name),
        );
        if ([street, city, state, postalCode, country].every((value) => value === null)) return null;
        return { city, country, geocodeAccuracy: null, latitude: null, longitude: null, postalCode, state, street };
      },
    }),
  ];
}

/** First name and last name as one, worked out on every read. */
export function personName(row: Row): string {
  return [row.FirstName, row.LastName].filter((part) => typeof part === 'string').join(' ');
}
