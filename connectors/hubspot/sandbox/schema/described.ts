import { invalid } from '../wire/refusal.ts';
import { array, object, optionalText, type Shape, text } from '../wire/shapes.ts';
import { custom, type Definition, FIELD_TYPES, type Option, PROPERTY_TYPES, type PropertyType } from './definitions.ts';

const SENSITIVITIES = ['non_sensitive', 'sensitive', 'highly_sensitive'] as const;

function optionFrom(raw: unknown, at: number): Option {
  const { label, value, displayOrder, hidden } = object(raw, 'options[]');
  return {
    label: text(label, 'label'),
    value: text(value, 'value'),
    displayOrder: typeof displayOrder === 'number' ? displayOrder : at,
    hidden: hidden === true,
  };
}

/** The options of a definition, or those that it had. */
function optionsFrom(raw: unknown, before: readonly Option[]): readonly Option[] {
  if (raw === undefined) return before;
  const options = array(raw, 'options').map(optionFrom);
  for (const part of ['value', 'label'] as const) {
    const twice = options.find((one, i) => options.findIndex((other) => other[part] === one[part]) < i);
    if (twice !== undefined) throw invalid(`Property option ${part}s must be unique: ${twice[part]} was found more than once`);
  }
  return options;
}

function pairFrom(raw: Shape, before?: Definition): { readonly type: PropertyType; readonly fieldType: string } {
  const wanted = raw.type ?? before?.type;
  const type = PROPERTY_TYPES.find((one) => one === wanted);
  if (type === undefined) throw invalid(`Property type ${String(wanted)} is not known`);
  const fieldType = text(raw.fieldType ?? before?.fieldType, 'fieldType');
  if (!FIELD_TYPES[type].includes(fieldType)) throw invalid(`Field type ${fieldType} is not valid for property type ${type}`);
  return { type, fieldType };
}

/** What a request that makes a property says about it; a formula is worked out, and nobody writes it. */
export function describedBy(raw: Shape, name: string, groupName: string): Definition {
  const { type, fieldType } = pairFrom(raw);
  const calculated = fieldType.startsWith('calculation_');
  const made = custom(name, text(raw.label, 'label'), type, {
    fieldType,
    groupName,
    calculated,
    hasUniqueValue: raw.hasUniqueValue === true,
  });
  return {
    ...made,
    description: optionalText(raw.description, 'description') ?? '',
    hidden: raw.hidden === true,
    formField: raw.formField === true,
    dataSensitivity: SENSITIVITIES.find((one) => one === raw.dataSensitivity) ?? 'non_sensitive',
    options: optionsFrom(raw.options, []),
    ...(calculated ? { modificationMetadata: { ...made.modificationMetadata, readOnlyValue: true } } : {}),
  };
}

/** A definition as a request changes it: name, uniqueness, and sensitivity stay. */
export function changedBy(raw: Shape, before: Definition): Definition {
  return {
    ...before,
    ...pairFrom(raw, before),
    label: optionalText(raw.label, 'label') ?? before.label,
    description: optionalText(raw.description, 'description') ?? before.description,
    groupName: optionalText(raw.groupName, 'groupName') ?? before.groupName,
    displayOrder: typeof raw.displayOrder === 'number' ? raw.displayOrder : before.displayOrder,
    hidden: typeof raw.hidden === 'boolean' ? raw.hidden : before.hidden,
    formField: typeof raw.formField === 'boolean' ? raw.formField : before.formField,
    options: optionsFrom(raw.options, before.options),
  };
}
