import type { Org } from '../org.ts';
import type { Field, FieldType } from '../schema/field.ts';
import { tablesOf } from './custom-fields.ts';

const NAMES: Readonly<Partial<Record<FieldType, string>>> = {
  string: 'Text',
  boolean: 'Checkbox',
  double: 'Number',
  currency: 'Currency',
  percent: 'Percent',
  date: 'Date',
  datetime: 'DateTime',
  email: 'Email',
  phone: 'Phone',
  url: 'Url',
  picklist: 'Picklist',
  multipicklist: 'MultiselectPicklist',
  reference: 'Lookup',
  encryptedstring: 'EncryptedText',
};

/** The definition of a field as the Tooling API shows it: what does not concern a field is null. */
export function metadataOf(org: Org, fullName: string) {
  const [object = '', name = ''] = fullName.split('.');
  const field = tablesOf(org, object)[0]?.fields.get(name.toLowerCase());
  if (field === undefined) throw new Error(`there is no field ${fullName}`);
  const { label, length, precision, scale, externalId, unique, nillable, type } = field;
  const isChosen = type === 'picklist' || type === 'multipicklist';
  return {
    type: NAMES[type] ?? (type === 'textarea' && length > 255 ? 'LongTextArea' : 'TextArea'),
    label,
    description: null,
    length: type === 'string' || type === 'textarea' ? length : null,
    precision: precision > 0 ? precision : null,
    scale: precision > 0 ? scale : null,
    externalId,
    unique: type === 'string' ? unique : null,
    required: !nillable && type !== 'boolean',
    referenceTo: field.referenceTo[0] ?? null,
    visibleLines: type === 'multipicklist' ? 4 : null,
    valueSet: isChosen ? valueSetOf(field) : null,
  };
}

function valueSetOf({ restricted, valueSet, dependsOn, choices, retired, choiceLabels, initial }: Field) {
  const shown = (valueName: string, isActive: boolean | null) => ({
    ...{ color: null, description: null, urls: null, default: valueName === initial },
    ...{ isActive, label: choiceLabels[valueName] ?? valueName, valueName },
  });
  const value = [...choices.map((one) => shown(one, null)), ...retired.map((one) => shown(one, false))];
  const valueSettings = Object.entries(dependsOn?.allows ?? {}).flatMap(([ruler, allowed]) =>
    allowed.map((valueName) => ({ controllingFieldValue: [ruler], valueName })),
  );
  return {
    controllingField: dependsOn?.field ?? null,
    restricted,
    valueSetDefinition: valueSet === null ? { sorted: false, value } : null,
    valueSetName: valueSet,
    valueSettings,
  };
}
