import type { Org } from '../org.ts';
import type { Field, FieldType } from './field.ts';
import type { ObjectSchema } from './objects.ts';

const SOAP_TYPES: Readonly<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
  string: 'xsd:string',
  textarea: 'xsd:string',
  picklist: 'xsd:string',
  email: 'xsd:string',
  phone: 'xsd:string',
  url: 'xsd:string',
};

/** An object as the list of objects shows it. */
export function describeBriefly(schema: ObjectSchema, version: string) {
  const { name, label, labelPlural, keyPrefix, writable, mergeable } = schema;
  const base = `/services/data/${version}/sobjects/${name}`;
  return {
    activateable: false,
    createable: writable,
    custom: false,
    customSetting: false,
    deletable: writable,
    deprecatedAndHidden: false,
    feedEnabled: writable,
    hasSubtypes: false,
    isSubtype: false,
    keyPrefix,
    label,
    labelPlural,
    layoutable: writable,
    mergeable,
    mruEnabled: writable,
    name,
    queryable: true,
    replicateable: name !== 'Organization',
    retrieveable: true,
    searchable: writable,
    triggerable: writable,
    undeletable: writable,
    updateable: writable,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
}

/** An object with the fields that the API user may see. */
export function describeWhole(org: Org, schema: ObjectSchema, version: string) {
  const children = [...org.schemas.values()].flatMap((child) =>
    org
      .visibleFields(child)
      .filter(({ referenceTo }) => referenceTo === schema.name)
      .map(({ name }) => ({
        childSObject: child.name,
        field: name,
        relationshipName: name === 'AccountId' ? child.labelPlural : null,
        cascadeDelete: name === 'AccountId',
        deprecatedAndHidden: false,
        restrictedDelete: false,
      })),
  );
  return {
    ...describeBriefly(schema, version),
    childRelationships: children,
    fields: org.visibleFields(schema).map((field) => describeField(field, schema.writable)),
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

function describeField(field: Field, objectIsWritable: boolean) {
  const { name, label, type, length, precision, scale, nillable, externalId, unique, filterable } = field;
  const writable = field.writable && objectIsWritable;
  return {
    aggregatable: filterable,
    autoNumber: false,
    byteLength: length * 3,
    calculated: false,
    calculatedFormula: null,
    caseSensitive: false,
    compoundFieldName: field.compound,
    controllerName: null,
    createable: writable,
    custom: name.endsWith('__c'),
    defaultValue: type === 'boolean' ? false : null,
    defaultedOnCreate: field.defaulted,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: type === 'int' ? precision : 0,
    encrypted: false,
    externalId,
    extraTypeInfo: type === 'textarea' ? 'plaintextarea' : null,
    filterable,
    groupable: filterable && type !== 'datetime' && type !== 'double',
    htmlFormatted: false,
    idLookup: externalId || type === 'id' || type === 'email',
    inlineHelpText: null,
    label,
    length,
    name,
    nameField: field.nameField,
    namePointing: false,
    nillable,
    permissionable: writable && nillable,
    picklistValues: field.choices.map((value) => ({ active: true, defaultValue: false, label: value, validFor: null, value })),
    polymorphicForeignKey: false,
    precision: type === 'double' ? precision : 0,
    referenceTo: field.referenceTo === null ? [] : [field.referenceTo],
    relationshipName: field.relationship,
    restrictedPicklist: field.restricted,
    scale,
    soapType: SOAP_TYPES[type],
    sortable: filterable,
    type,
    unique,
    updateable: writable,
  };
}
