import type { FieldSchema, FieldType } from '../../../src/contract/connector.ts';
import { indexBy } from '../../../src/kernel/lists.ts';
import type { HubSpot } from '../http/client.ts';
import { isObject, list, object } from '../http/shapes.ts';
import type { ObjectType } from '../object-types.ts';

/** One property of the live schema. */
export type Property = {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly writable: boolean;
  readonly unique: boolean;
  readonly calculated: boolean;
  /** Somebody in this portal made it. */
  readonly custom: boolean;
  /** Why nobody can change its options: HubSpot keeps them elsewhere, or for itself; null where somebody can. */
  readonly fixedOptions: 'kept_elsewhere' | 'fixed' | null;
  readonly maxLength: number | null;
  /** In the order in which HubSpot shows them; null when any value goes. */
  readonly options: readonly { readonly value: string; readonly label: string }[] | null;
};
export type Properties = ReadonlyMap<string, Property>;

const TEXT_MAX = 65_536;
const NEVER_WRITABLE = new Set([
  'hs_object_id',
  'createdate',
  'lastmodifieddate',
  'hs_additional_emails',
  'hs_merged_object_ids',
  'associatedcompanyid',
]);
const TYPES: Readonly<Record<string, FieldType>> = {
  number: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enumeration: 'choice',
};

/** Reads the whole schema of one object type: one request, unpaged. */
export async function readProperties(hubspot: HubSpot, type: string): Promise<Properties> {
  const { body } = await hubspot.get(hubspot.paths.properties(type));
  const parsed = list(object(body, 'properties').results, 'properties.results').map((raw) => parseProperty(object(raw, 'property')));
  return indexBy(parsed, ({ name }) => name);
}

/** A property as the hub's schema says it. */
export function toFieldSchema(property: Property, { required, uniqueBy }: Pick<ObjectType, 'required' | 'uniqueBy'>): FieldSchema {
  const { name, label, type, writable, maxLength, options } = property;
  return {
    name,
    label,
    type,
    writable,
    required: required.includes(name),
    // Of the e-mail address of contacts HubSpot's own definition says that it is not unique.
    ...(property.unique || name === uniqueBy ? { unique: true } : {}),
    ...(property.calculated ? { calculated: true } : {}),
    maxLength,
    choices: options,
  };
}

type Raw = Readonly<Record<string, unknown>>;

/** A property as HubSpot defines it. */
export function parseProperty(raw: Raw): Property {
  const name = String(raw.name);
  const type = typeOf(raw);
  const { label } = raw;
  return {
    name,
    label: typeof label === 'string' && label !== '' ? label : name,
    type,
    writable: isWritable(name, raw),
    unique: raw.hasUniqueValue === true,
    calculated: raw.calculated === true,
    custom: raw.hubspotDefined === false,
    fixedOptions: fixedOptionsOf(raw),
    maxLength: type === 'text' || type === 'long_text' ? TEXT_MAX : null,
    options: type === 'choice' || type === 'choices' ? parseOptions(raw) : null,
  };
}

function typeOf({ type, fieldType }: Raw): FieldType {
  if (type === 'enumeration' && fieldType === 'checkbox') return 'choices';
  if (type === 'string' && (fieldType === 'textarea' || fieldType === 'html')) return 'long_text';
  return TYPES[String(type)] ?? 'text';
}

// Of many properties that HubSpot ships the definition is read-only and the options are not, which it says apart from each other.
function fixedOptionsOf(raw: Raw): Property['fixedOptions'] {
  if (raw.externalOptions === true) return 'kept_elsewhere';
  const { modificationMetadata: may } = raw;
  const isFixed = isObject(may) && typeof may.readOnlyOptions === 'boolean' ? may.readOnlyOptions : isSet(raw, 'readOnlyDefinition');
  return isFixed || raw.calculated === true ? 'fixed' : null;
}

const isSet = ({ modificationMetadata }: Raw, what: string): boolean =>
  isObject(modificationMetadata) && modificationMetadata[what] === true;

function isWritable(name: string, raw: Raw): boolean {
  if (raw.calculated === true || isSet(raw, 'readOnlyValue')) return false;
  return !NEVER_WRITABLE.has(name) && !/^hs_.*modifieddate$/.test(name);
}

function parseOptions({ options, externalOptions }: Raw): Property['options'] {
  // External options (owners, pipelines) are kept elsewhere: what stands here is a part of them at best.
  if (externalOptions === true || !Array.isArray(options) || options.length === 0) return null;
  const parsed = options.map((raw: unknown) => {
    const { value, label, displayOrder } = object(raw, 'option');
    const order = typeof displayOrder === 'number' && displayOrder >= 0 ? displayOrder : Number.MAX_SAFE_INTEGER;
    return { value: String(value), label: typeof label === 'string' ? label : String(value), order };
  });
  return parsed.sort((a, b) => a.order - b.order).map(({ value, label }) => ({ value, label }));
}
