import type { FieldType } from '../../../src/contract/connector.ts';
import type { FieldValue, Gone, Observation } from '../../../src/contract/records.ts';
import { instant, type VendorField, type VendorRow } from '../http/wire.ts';
import { type ObjectType, OWNER_FIELD, PERSON_MARK } from '../object-types.ts';
import { type Room, slotNamed } from '../room.ts';
import { shownBy } from '../ties/roles.ts';
import { shownIn } from '../ties/slots.ts';

/** Salesforce's types in our words; a type that is not here (address, location, base64) has no value of ours. */
const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  id: 'text',
  string: 'text',
  phone: 'text',
  email: 'text',
  url: 'text',
  time: 'text',
  combobox: 'text',
  encryptedstring: 'text',
  textarea: 'long_text',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
  picklist: 'choice',
  multipicklist: 'choices',
  reference: 'reference',
};

/** Salesforce's type of each field, by name: what a value in an answer needs to be read by. */
export type Types = Readonly<Record<string, string>>;

/** Our type of a Salesforce field, or null when its values cannot be held. */
export function fieldTypeOf(type: string): FieldType | null {
  return Object.hasOwn(FIELD_TYPES, type) ? (FIELD_TYPES[type] ?? null) : null;
}

/** What is shown of an encrypted text without the right to view it: all of it masked, or all but the last characters. */
const MASKED = /^(?:[*X]+|.*[*X]{4}.*)$/s;

function decodeText(raw: string, type: string | undefined, name: string): FieldValue | undefined {
  if (raw === '') return null;
  if (type === 'datetime') return instant(raw, `the ${name}`);
  if (type === 'multipicklist') return raw.split(';');
  // A mask says nothing of what is under it, and would be written elsewhere as if it did.
  if (type === 'encryptedstring' && MASKED.test(raw)) return undefined;
  // Line ends come back as the browser that typed them sent them.
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
}

/** A cell as our value; undefined for what has none, such as a compound address. */
function decode(raw: unknown, type: string | undefined, name: string): FieldValue | undefined {
  if (raw === null || typeof raw === 'number' || typeof raw === 'boolean') return raw;
  return typeof raw === 'string' ? decodeText(raw, type, name) : undefined;
}

type Cells = VendorRow['cells'];

// A queue is not nobody, and has no address to be known by; and of what the fallback owner has, nothing is said.
function ownerEmail({ Owner: owner, OwnerId: id }: Cells, fallbackOwner: string | null): FieldValue | undefined {
  if (typeof id === 'string' && id.startsWith(QUEUE)) return undefined;
  if (owner === null) return null;
  if (typeof owner !== 'object' || !('Email' in owner)) return undefined;
  const email = typeof owner.Email === 'string' ? owner.Email.toLowerCase() : null;
  return email !== null && email === fallbackOwner ? undefined : email;
}

/** What to read out of a row. */
export type Reading = { readonly fields: readonly string[]; readonly types: Types };
type Kind = Pick<Room, 'type' | 'fallbackOwner'>;

const QUEUE = '00G';

/** How one field is read out of the cells of a row. */
function cellReader({ type, fallbackOwner }: Kind, name: string, vendorType: string | undefined): (cells: Cells) => FieldValue | undefined {
  if (name === OWNER_FIELD) return (cells) => ownerEmail(cells, fallbackOwner);
  const { tie } = type;
  if (tie?.field === name) return (cells) => shownBy(tie, cells[tie.children]);
  const slot = slotNamed(type, name);
  if (slot !== undefined) return (cells) => shownIn(slot, cells[slot.column]);
  return (cells) => decode(cells[name], vendorType, name);
}

/** Where a record lives on, when it does: the record that a merge kept, or the one that it was converted into. */
function livesOnAs({ object, conversion }: ObjectType, { deleted, masterId, cells }: VendorRow): Gone['mergedInto'] {
  if (deleted) return masterId === null ? undefined : { object, id: masterId };
  if (conversion === null || cells[conversion.is] !== true) return undefined;
  const into = cells[conversion.into];
  return typeof into === 'string' && into !== '' ? { object: conversion.object, id: into } : undefined;
}

/**
 * Makes the reader of rows; a field that a row does not show stays out. Types are looked up here, once, and not for each of a million
 * cells.
 */
export function rowReader(kind: Kind, { fields, types }: Reading): (row: VendorRow) => Observation {
  const readers = fields.map((name) => [name, cellReader(kind, name, types[name])] as const);
  return (row) => {
    const { id, changedAt, changedBy, deleted, cells } = row;
    const by = changedBy === null ? {} : { changedBy };
    const mergedInto = livesOnAs(kind.type, row);
    if (deleted || mergedInto !== undefined)
      return { kind: 'gone', id, changedAt, ...by, ...(mergedInto === undefined ? {} : { mergedInto }) };
    const shown: Record<string, FieldValue> = {};
    const isPerson = kind.type.persons === 'contact' && cells[PERSON_MARK] === true;
    for (const [name, read] of readers) {
      // The account of such a contact is the person again, and no company.
      const value = isPerson && name === 'AccountId' ? undefined : read(cells);
      if (value !== undefined) shown[name] = value;
    }
    return { kind: 'present', id, changedAt, version: null, fields: shown, ...by };
  };
}

/** A value ready to be sent, or the reason why its field cannot take it. */
export type Encoded =
  | { readonly ok: true; readonly value: string | number | boolean | null }
  | { readonly ok: false; readonly reason: string };

const no = (reason: string): Encoded => ({ ok: false, reason });
const yes = (value: string | number | boolean | null): Encoded => ({ ok: true, value });

function encodeText(value: string, type: FieldType): Encoded {
  if (value === '') return yes(null);
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? yes(value) : no('not a date');
  if (type !== 'datetime') return yes(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? no('not a time') : yes(new Date(at).toISOString());
}

/**
 * A value as Salesforce wants it. What does not fit is caught here, because over there a text in a number field is a body that cannot
 * be parsed, and fails all rows of its call.
 */
export function encode(value: FieldValue, field: VendorField | undefined): Encoded {
  const type = fieldTypeOf(field?.type ?? 'string');
  if (type === null) return no('not a field that can be written');
  // A checkbox is never empty.
  if (value === null) return yes(type === 'boolean' ? false : null);
  if (type === 'choices') {
    const options = typeof value === 'object' ? value : [String(value)];
    return options.some((option) => option.includes(';')) ? no('an option holds a semicolon') : yes(options.join(';') || null);
  }
  if (typeof value === 'object') return no('a list in a field for one value');
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? yes(value) : no('not a number');
  if (type === 'boolean') return typeof value === 'boolean' ? yes(value) : no('not a yes or no');
  return encodeText(String(value), type);
}
