import { systemFields } from '../common-fields.ts';
import { checkbox, type Field, field, picklist, reference, text } from '../field.ts';

/** Sets of rights that an admin gives to users; a new field is seen through one of these alone. */
export const permissionSetFields = (): readonly Field[] => [
  ...systemFields(),
  text('Name', 'Permission Set Name', 80, { nillable: false, unique: true, externalId: false, nameField: true }),
  text('Label', 'Permission Set Label', 80, { nillable: false }),
  text('Description', 'Description', 255),
  checkbox('IsOwnedByProfile', 'Is Owned By Profile', { writable: false }),
];

export const permissionSetAssignmentFields = (): readonly Field[] => [
  ...systemFields(),
  reference('PermissionSetId', 'PermissionSet ID', 'PermissionSet', {
    nillable: false,
    createOnly: true,
    children: 'Assignments',
    onParentDelete: 'cascade',
  }),
  reference('AssigneeId', 'Assignee ID', 'User', { nillable: false, createOnly: true, children: 'PermissionSetAssignments' }),
];

export const fieldPermissionFields = (): readonly Field[] => [
  ...systemFields(),
  reference('ParentId', 'Parent ID', 'PermissionSet', {
    nillable: false,
    createOnly: true,
    children: 'FieldPerms',
    onParentDelete: 'cascade',
  }),
  picklist('SobjectType', 'Sobject Type Name', [], { nillable: false, createOnly: true }),
  picklist('Field', 'Field Name', [], { nillable: false, createOnly: true }),
  checkbox('PermissionsRead', 'Read Field'),
  checkbox('PermissionsEdit', 'Edit Field'),
];

/** What the Tooling API shows of the fields that were made through it. */
export const customFieldFields = (): readonly Field[] => [
  ...systemFields(),
  text('DeveloperName', 'Developer Name', 80, { nillable: false }),
  text('TableEnumOrId', 'Entity', 80, { nillable: false }),
  text('FullName', 'Full Name', 255, { nillable: false }),
  field('int', 'Length', 'Length', { precision: 8 }),
  text('NamespacePrefix', 'Namespace Prefix', 15),
];

/** What the Tooling API shows of the objects that the org has made. */
export const customObjectFields = (): readonly Field[] => [
  ...systemFields(),
  text('DeveloperName', 'Developer Name', 80, { nillable: false }),
  text('NamespacePrefix', 'Namespace Prefix', 15),
];
