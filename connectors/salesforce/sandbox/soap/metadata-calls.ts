import type { Org } from '../org.ts';
import type { Caller } from '../records/input.ts';
import { createRecord, updateRecord } from '../records/save.ts';
import { Refusal } from '../refusal.ts';
import { defineCustomField, type FieldMetadata } from '../tooling/custom-fields.ts';
import { eachTried, type SoapCall } from './calls.ts';
import { child, type Element, textOf, type Xml } from './xml.ts';

const MAX_COMPONENTS = 10;

function components(message: Element): readonly Element[] {
  const found = message.children.filter(({ name }) => name === 'metadata');
  if (found.length > MAX_COMPONENTS) throw new Refusal('LIMIT_EXCEEDED', `at most ${MAX_COMPONENTS} components go into a call`);
  return found;
}

const asNumber = (text: string | undefined) => (text === undefined ? undefined : Number(text));

function fieldIn(component: Element): FieldMetadata {
  const valueSet = child(component, 'valueSet');
  const values = child(valueSet, 'valueSetDefinition')?.children.filter(({ name }) => name === 'value') ?? [];
  return {
    fullName: textOf(component, 'fullName') ?? '',
    type: textOf(component, 'type') ?? '',
    label: textOf(component, 'label'),
    length: asNumber(textOf(component, 'length')),
    precision: asNumber(textOf(component, 'precision')),
    scale: asNumber(textOf(component, 'scale')),
    externalId: textOf(component, 'externalId') === 'true',
    unique: textOf(component, 'unique') === 'true',
    required: textOf(component, 'required') === 'true',
    restricted: valueSet !== undefined && textOf(valueSet, 'restricted') === 'true',
    values: values.flatMap((one) => {
      const value = textOf(one, 'fullName');
      return value === undefined ? [] : [{ value, label: textOf(one, 'label') ?? value, active: textOf(one, 'isActive') !== 'false' }];
    }),
    referenceTo: textOf(component, 'referenceTo'),
    relationshipName: textOf(component, 'relationshipName'),
  };
}

/** A permission set with what it grants on fields; it still has to be assigned. */
function definePermissionSet(org: Org, component: Element): boolean {
  const caller: Caller = { kind: 'api', userId: org.apiUserId, allowSave: false, autoAssign: false };
  const Name = textOf(component, 'fullName') ?? '';
  const known = [...org.store.table('PermissionSet').values()].find((row) => String(row.Name).toLowerCase() === Name.toLowerCase());
  const id = known?.Id ?? createRecord(org, org.schema('PermissionSet'), { Name, Label: textOf(component, 'label') ?? Name }, caller);
  for (const grant of component.children.filter(({ name }) => name === 'fieldPermissions')) {
    const Field = textOf(grant, 'field') ?? '';
    const rights = { PermissionsRead: textOf(grant, 'readable') === 'true', PermissionsEdit: textOf(grant, 'editable') === 'true' };
    const before = org.store.pointingAt('FieldPermissions', 'ParentId', id).find((row) => row.Field === Field);
    const schema = org.schema('FieldPermissions');
    if (before !== undefined) updateRecord(org, schema, { id: before.Id, input: rights }, caller);
    else createRecord(org, schema, { ParentId: id, SobjectType: Field.split('.')[0] ?? '', Field, ...rights }, caller);
  }
  return known === undefined;
}

function define(org: Org, component: Element, replace: boolean): { readonly [name: string]: Xml } {
  // The type comes as an attribute in a namespace; jsforce sends it as `xsi:type`, which the fields of a permission set tell as well.
  const fullName = textOf(component, 'fullName') ?? '';
  const created = fullName.includes('.')
    ? defineCustomField(org, fieldIn(component), { replace }).created
    : definePermissionSet(org, component);
  return { created, fullName };
}

/** Fields and permission sets by the Metadata API. */
export const metadataCalls: Readonly<Record<string, SoapCall>> = {
  upsertMetadata: (org, message) => eachTried(org, components(message), (one) => define(org, one, true)),
  createMetadata: (org, message) => eachTried(org, components(message), (one) => define(org, one, false)),
  readMetadata: (org, message) => ({
    records: message.children
      .filter(({ name }) => name === 'fullNames')
      .map(({ text }): Xml => {
        const [object = '', name = ''] = text.trim().split('.');
        const field = org.schemas.get(object.toLowerCase())?.fields.get(name.toLowerCase());
        if (field === undefined) return {};
        const { label, length, externalId, unique } = field;
        return { fullName: `${object}.${field.name}`, label, length, externalId, unique, required: !field.nillable };
      }),
  }),
};
