import type { Row } from '../store/row.ts';
import { checkbox, type Field, field, personName, readOnly, reference, text, textArea } from './field.ts';

/** Text 64, external id, unique: the field that a hub owns, when the admin has made it. */
export const synclineId = () => text('Syncline_Id__c', 'Syncline Id', 64, { externalId: true, unique: true });

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

/** Whether a record lies in the recycle bin. */
export const isDeleted = () => checkbox('IsDeleted', 'Deleted', { writable: false });

/** The record that a merged one went into. */
export const masterRecord = (object: string) => reference('MasterRecordId', 'Master Record ID', object, { writable: false });

/** Who has the record: a user, or for some objects a queue too. */
export const owner = (to: string | readonly string[] = 'User') =>
  reference('OwnerId', 'Owner ID', to, { nillable: false, defaulted: true });

const FIRST_NAME_LENGTH = 40;
const LAST_NAME_LENGTH = 80;

/** First, last, and full name; the full one is read-only. */
export function nameFields(): readonly Field[] {
  return [
    text('FirstName', 'First Name', FIRST_NAME_LENGTH, { compound: 'Name' }),
    text('LastName', 'Last Name', LAST_NAME_LENGTH, { nillable: false, compound: 'Name' }),
    text('Name', 'Full Name', 121, { nillable: false, writable: false, nameField: true, computed: personName }),
  ];
}

const PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country'] as const;

/** A postal address as its parts, and the compound that shows them together; `codes` adds those of state and country. */
export function addressFields(kind: string, codes: boolean): readonly Field[] {
  const compound = `${kind}Address`;
  const label = kind === '' ? '' : `${kind} `;
  const coded = [
    text(`${kind}StateCode`, `${label}State/Province Code`, 10, { compound }),
    text(`${kind}CountryCode`, `${label}Country Code`, 10, { compound }),
  ];
  return [
    textArea(`${kind}Street`, `${label}Street`, 255, { compound }),
    text(`${kind}City`, `${label}City`, 40, { compound }),
    text(`${kind}State`, `${label}State/Province`, 80, { compound }),
    text(`${kind}PostalCode`, `${label}Zip/Postal Code`, 20, { compound }),
    text(`${kind}Country`, `${label}Country`, 80, { compound }),
    ...(codes ? coded : []),
    field('address', compound, `${label}Address`, {
      writable: false,
      filterable: false,
      computed: (row) => wholeAddress(row, kind, codes),
    }),
  ];
}

function wholeAddress(row: Row, kind: string, codes: boolean): object | null {
  const [street, city, state, postalCode, country] = PARTS.map((name) => row[`${kind}${name}`] ?? null);
  if ([street, city, state, postalCode, country].every((value) => value === null)) return null;
  const coded = codes ? { stateCode: row[`${kind}StateCode`] ?? null, countryCode: row[`${kind}CountryCode`] ?? null } : {};
  return { city, country, geocodeAccuracy: null, latitude: null, longitude: null, postalCode, state, street, ...coded };
}
