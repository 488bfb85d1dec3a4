import type { OwnField } from '../../../src/contract/provision.ts';

type Kind = readonly [type: string, fieldType: string];
const KINDS: Readonly<Record<OwnField['type'], Kind>> = {
  text: ['string', 'text'],
  long_text: ['string', 'textarea'],
  number: ['number', 'number'],
  boolean: ['bool', 'booleancheckbox'],
  date: ['date', 'date'],
  datetime: ['datetime', 'date'],
  choice: ['enumeration', 'select'],
  choices: ['enumeration', 'checkbox'],
};
const YES_OR_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

/** An option as HubSpot wants it, at its place among the others. */
export const toOption = ({ value, label }: { readonly value: string; readonly label: string }, displayOrder: number) =>
  ({ value, label, displayOrder, hidden: false }) as const;

/** What makes a property of it. Whether its values are unique is said now or never. */
export function toDefinition({ name, label, description, type, choices, unique }: OwnField, groupName: string) {
  const [vendorType, fieldType] = KINDS[type];
  const options = (type === 'boolean' ? YES_OR_NO : (choices ?? [])).map(toOption);
  return { name, label, description, groupName, type: vendorType, fieldType, options, hasUniqueValue: unique, formField: false };
}
