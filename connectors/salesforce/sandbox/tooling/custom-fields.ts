import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { type Field, type FieldType, field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';

/** A field as metadata describes it; what is not said is undefined. */
export type FieldMetadata = {
  readonly fullName: string;
  readonly type: string;
  readonly label: string | undefined;
  readonly length: number | undefined;
  readonly precision: number | undefined;
  readonly scale: number | undefined;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly required: boolean;
  readonly restricted: boolean;
  readonly values: readonly { readonly value: string; readonly label: string; readonly active: boolean }[];
  readonly referenceTo: string | undefined;
  readonly relationshipName: string | undefined;
};

const TYPES: Readonly<Record<string, FieldType>> = {
  Text: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Checkbox: 'boolean',
  Number: 'double',
  Currency: 'currency',
  Percent: 'percent',
  Date: 'date',
  DateTime: 'datetime',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
  Picklist: 'picklist',
  MultiselectPicklist: 'multipicklist',
  Lookup: 'reference',
};
const LENGTHS: Readonly<Record<string, number>> = {
  TextArea: 255,
  Email: 80,
  Phone: 40,
  Url: 255,
  Picklist: 255,
  MultiselectPicklist: 4099,
};
const CAN_BE_KEY = ['Text', 'Number', 'Email'];

export type Defined = { readonly id: string; readonly created: boolean };

/** Makes a field, or changes it when `replace` is said; nobody sees a new one until a permission set grants it. */
export function defineCustomField(org: Org, metadata: FieldMetadata, { replace }: { readonly replace: boolean }): Defined {
  if (!org.switches.mayCustomize) {
    throw new Refusal('INSUFFICIENT_ACCESS', 'insufficient access rights: Customize Application is required', { status: 403 });
  }
  const [object = '', name = ''] = metadata.fullName.split('.');
  const schemas = tablesOf(org, object);
  if (!/^[A-Za-z]\w*__c$/.test(name)) {
    throw new Refusal('FIELD_INTEGRITY_EXCEPTION', `Field Name: ${name} has to begin with a letter and end in __c`, {
      fields: ['FullName'],
    });
  }
  const defined = schemas.map((schema) => {
    const before = schema.fields.get(name.toLowerCase());
    if (before !== undefined && !replace) {
      throw new Refusal('DUPLICATE_DEVELOPER_NAME', `There is already a field named ${name.replace(/__c$/, '')} on ${object}.`);
    }
    const made = fieldOf(org, schema, { ...metadata, fullName: name }, before);
    org.defineField(schema, made);
    return recorded(org, { schema, made });
  });
  const [first] = defined;
  if (first === undefined) throw new Error('a field has an object');
  return first;
}

const ACTIVITIES = ['Task', 'Event'];

/** Tasks and events have their custom fields together, as activities; by themselves they have none. */
export function tablesOf(org: Org, object: string): readonly ObjectSchema[] {
  if (object === 'Activity') return ACTIVITIES.map((name) => org.schema(name));
  if (ACTIVITIES.includes(object))
    throw new Refusal(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `Entity Enumeration Or ID: bad value for restricted picklist field: ${object}`,
    );
  return [org.schema(object)];
}

function fieldOf(org: Org, schema: ObjectSchema, metadata: FieldMetadata, before: Field | undefined): Field {
  const { fullName: name, type, label = name.replace(/__c$/, '').replaceAll('_', ' '), unique, required } = metadata;
  const kind = TYPES[type];
  if (kind === undefined) throw new Refusal('INVALID_TYPE_ON_FIELD_IN_RECORD', `there is no field type ${type}`, { fields: ['Metadata'] });
  if (before !== undefined && before.type !== kind)
    throw new Refusal('FIELD_INTEGRITY_EXCEPTION', 'the type of a field cannot be changed here');
  const length = metadata.length ?? LENGTHS[type] ?? 0;
  if ((type === 'Text' && (length < 1 || length > 255)) || (type === 'LongTextArea' && (length < 256 || length > 131_072))) {
    throw new Refusal('FIELD_INTEGRITY_EXCEPTION', `${label}: ${length} is no length of a ${type} field`, { fields: ['length'] });
  }
  if (metadata.externalId && !CAN_BE_KEY.includes(type))
    throw new Refusal('FIELD_INTEGRITY_EXCEPTION', `a ${type} field can be no external id`);
  const keys = [...schema.fields.values()].filter((one) => one.externalId && one.name !== name).length;
  if (metadata.externalId && keys >= org.switches.externalIdsMax) {
    throw new Refusal('LIMIT_EXCEEDED', `${schema.name} has ${keys} external id fields, and may have no more`);
  }
  return field(kind, name, label, {
    length,
    precision: metadata.precision ?? 0,
    scale: metadata.scale ?? 0,
    nillable: !required && kind !== 'boolean',
    defaulted: kind === 'boolean',
    filterable: type !== 'LongTextArea',
    externalId: metadata.externalId,
    unique,
    restricted: metadata.restricted,
    ...(kind === 'picklist' || kind === 'multipicklist' ? choicesOf(metadata, before) : {}),
    ...(kind === 'reference' ? lookup(org, name, metadata) : {}),
  });
}

/** The values of a picklist. What a definition leaves out is put out of use; what comes from elsewhere, or rules, stays as it is. */
function choicesOf({ values }: FieldMetadata, before: Field | undefined): Partial<Field> {
  const twice = values.find(({ value }, i) => values.findIndex((one) => one.value.toLowerCase() === value.toLowerCase()) < i);
  if (twice !== undefined)
    throw new Refusal('DUPLICATE_VALUE', `duplicate value found: ${twice.value} is more than once among the values`, {
      fields: ['Metadata'],
    });
  if (before?.valueSet != null) {
    if (values.length > 0)
      throw new Refusal('FIELD_INTEGRITY_EXCEPTION', `${before.label} takes its values from ${before.valueSet}, and has none of its own`, {
        fields: ['Metadata'],
      });
    const { choices, choiceLabels, valueSet, retired } = before;
    return { choices, choiceLabels, valueSet, retired };
  }
  const choices = values.flatMap(({ value, active }) => (active ? [value] : []));
  const known = [...(before?.choices ?? []), ...(before?.retired ?? []), ...values.map(({ value }) => value)];
  return {
    choices,
    choiceLabels: Object.fromEntries(values.flatMap(({ value, label }) => (label === value ? [] : [[value, label]]))),
    retired: [...new Set(known)].filter((value) => !choices.includes(value)),
    dependsOn: before?.dependsOn ?? null,
    initial: before?.initial ?? null,
  };
}

function lookup(org: Org, name: string, { referenceTo, relationshipName }: FieldMetadata): Partial<Field> {
  const target = org.schema(referenceTo ?? '');
  const children = relationshipName === undefined ? null : `${relationshipName}__r`;
  return { length: 18, referenceTo: [target.name], relationship: name.replace(/__c$/, '__r'), children, onParentDelete: 'clear' };
}

/** Lists the fields that an org has had from the beginning. */
export function listCustomFields(org: Org): void {
  for (const schema of org.objects('data'))
    for (const made of schema.fields.values()) if (made.name.endsWith('__c')) recorded(org, { schema, made });
}

/** The row that the Tooling API shows of the field. */
function recorded(org: Org, { schema, made }: { readonly schema: ObjectSchema; readonly made: Field }): Defined {
  const table = ACTIVITIES.includes(schema.name) ? 'Activity' : schema.name;
  const fullName = `${table}.${made.name}`;
  const known = [...org.store.table('CustomField').values()].find(({ FullName }) => FullName === fullName);
  if (known !== undefined) return { id: known.Id, created: false };
  const id = org.newId(toolingTable(org, 'CustomField'));
  const names = {
    DeveloperName: made.name.replace(/__c$/, ''),
    TableEnumOrId: table.endsWith('__c') ? objectId(org, table) : table,
    FullName: fullName,
    Length: made.length,
    NamespacePrefix: null,
  };
  org.store.write('CustomField', { ...names, ...stampsOf(org), Id: id, IsDeleted: false }, null);
  return { id, created: true };
}

/** Made now, by the API user. */
function stampsOf(org: Org) {
  const stamp = org.stamp();
  const by = org.apiUserId;
  return { CreatedDate: stamp, LastModifiedDate: stamp, SystemModstamp: stamp, CreatedById: by, LastModifiedById: by };
}

function toolingTable(org: Org, name: string): ObjectSchema {
  const table = org.schemas.get(name.toLowerCase());
  if (table === undefined) throw new Error(`an org has ${name}`);
  return table;
}

/** An object of the org's own goes by its id there, and not by its name. */
function objectId(org: Org, name: string): string {
  const DeveloperName = name.replace(/__c$/, '');
  const known = [...org.store.table('CustomObject').values()].find((row) => row.DeveloperName === DeveloperName);
  if (known !== undefined) return known.Id;
  const Id = org.newId(toolingTable(org, 'CustomObject'));
  org.store.write('CustomObject', { DeveloperName, NamespacePrefix: null, ...stampsOf(org), Id, IsDeleted: false }, null);
  return Id;
}
