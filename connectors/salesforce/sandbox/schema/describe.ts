import type { Org } from '../org.ts';
import { type Field, type FieldType, isNumeric } from './field.ts';
import type { ObjectSchema } from './org-schemas.ts';

const SOAP_TYPES: Readonly<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
  string: 'xsd:string',
  textarea: 'xsd:string',
  picklist: 'xsd:string',
  multipicklist: 'xsd:string',
  combobox: 'xsd:string',
  encryptedstring: 'xsd:string',
  email: 'xsd:string',
  phone: 'xsd:string',
  url: 'xsd:string',
};

/** An object as the list of objects shows it. */
export function describeBriefly(schema: ObjectSchema, version: string) {
  const { name, label, labelPlural, keyPrefix, writable, mergeable, kind } = schema;
  const base = `/services/data/${version}/sobjects/${name}`;
  const isData = kind === 'data';
  return {
    activateable: false,
    createable: writable,
    custom: name.endsWith('__c'),
    customSetting: false,
    deletable: writable,
    deprecatedAndHidden: false,
    feedEnabled: writable && isData,
    hasSubtypes: false,
    isSubtype: false,
    keyPrefix,
    label,
    labelPlural,
    layoutable: writable && isData,
    mergeable,
    mruEnabled: writable && isData,
    name,
    queryable: true,
    replicateable: isData,
    retrieveable: true,
    searchable: writable && isData,
    triggerable: writable && isData,
    undeletable: writable && isData,
    updateable: writable,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
}

/** An object with the fields that the API user may see. */
export function describeWhole(org: Org, schema: ObjectSchema, version: string) {
  const children = org.objects('data').flatMap((child) =>
    org
      .visibleFields(child)
      .filter(({ referenceTo }) => referenceTo.includes(schema.name))
      .map(({ name, children: relationshipName, onParentDelete }) => ({
        childSObject: child.name,
        field: name,
        relationshipName,
        cascadeDelete: onParentDelete === 'cascade',
        deprecatedAndHidden: false,
        restrictedDelete: onParentDelete === 'restrict',
      })),
  );
  return {
    ...describeBriefly(schema, version),
    childRelationships: children,
    fields: org.visibleFields(schema).map((field) => describeField(org, schema, field)),
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        developerName: 'Master',
        master: true,
        name: 'Master',
        recordTypeId: '012000000000000AAA',
      },
    ],
  };
}

function describeField(org: Org, schema: ObjectSchema, field: Field) {
  const { name, label, type, length, precision, scale, nillable, externalId, unique, filterable } = field;
  const writable = field.writable && schema.writable && org.mayEdit(schema, field);
  return {
    aggregatable: filterable,
    autoNumber: field.autoNumber,
    byteLength: length * 3,
    calculated: field.formula,
    calculatedFormula: null,
    caseSensitive: false,
    compoundFieldName: field.compound,
    controllerName: field.dependsOn?.field ?? null,
    createable: writable,
    custom: name.endsWith('__c') || name.endsWith('__pc'),
    defaultValue: field.initial,
    defaultedOnCreate: field.defaulted,
    dependentPicklist: field.dependsOn !== null,
    deprecatedAndHidden: false,
    digits: type === 'int' ? precision : 0,
    encrypted: type === 'encryptedstring',
    externalId,
    extraTypeInfo: type === 'textarea' ? 'plaintextarea' : null,
    filterable,
    groupable: filterable && type !== 'datetime' && (type === 'int' || !isNumeric(field)),
    htmlFormatted: false,
    idLookup: externalId || type === 'id' || type === 'email',
    inlineHelpText: null,
    label,
    length,
    name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable,
    permissionable: writable && nillable,
    picklistValues: picklistValues(schema, field),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: isNumeric(field) && type !== 'int' ? precision : 0,
    referenceTo: field.referenceTo,
    relationshipName: field.relationship,
    restrictedPicklist: field.restricted,
    scale,
    soapType: SOAP_TYPES[type],
    sortable: filterable && type !== 'multipicklist',
    type,
    unique,
    updateable: writable && !field.createOnly,
  };
}

function picklistValues(schema: ObjectSchema, field: Field): readonly object[] {
  const controlling = field.dependsOn === null ? undefined : schema.fields.get(field.dependsOn.field.toLowerCase());
  const shown = (value: string, active: boolean) => ({
    active,
    defaultValue: value === field.initial,
    label: field.choiceLabels[value] ?? value,
    validFor: controlling === undefined ? null : validFor(controlling.choices, field, value),
    value,
  });
  return [...field.choices.map((value) => shown(value, true)), ...field.retired.map((value) => shown(value, false))];
}

/** Base64 of a bit for each controlling value, the first in the highest bit of the first byte. */
function validFor(controlling: readonly string[], field: Field, value: string): string {
  const bytes = Buffer.alloc(Math.ceil(controlling.length / 8));
  controlling.forEach((ruler, i) => {
    if (field.dependsOn?.allows[ruler]?.includes(value)) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (0x80 >> (i % 8));
  });
  return bytes.toString('base64');
}
