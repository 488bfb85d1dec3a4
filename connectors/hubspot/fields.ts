import type { FieldSchema } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { OWNER_FIELD, OWNER_PROPERTY, type Reference } from './object-types.ts';
import { toFieldSchema } from './properties.ts';
import { isVirtual, type Room } from './room.ts';

/** The live schema, with the virtual fields: the owner by e-mail, and the reference in place of the plain property of its name. */
export async function readFields(room: Room): Promise<readonly FieldSchema[]> {
  const properties = await room.freshProperties();
  const { reference, required } = room.type;
  const plain = [...properties.values()].filter(({ name }) => !isVirtual(reference, name) && name !== OWNER_FIELD);
  const owner = properties.get(OWNER_PROPERTY);
  const virtual = [
    ...(owner === undefined ? [] : await ownerField(room, owner.writable)),
    ...(reference === null ? [] : referenceFields(reference)),
  ];
  return [...plain.map((property) => toFieldSchema(property, required)), ...virtual];
}

function referenceFields({ field, many }: Reference): readonly FieldSchema[] {
  const shared = { writable: true, required: false, maxLength: null, choices: null };
  return [
    { name: field, label: 'Primary company', type: 'reference', ...shared },
    { name: many, label: 'Companies, with labels', type: 'references', ...shared },
  ];
}

async function ownerField(room: Room, writable: boolean): Promise<FieldSchema[]> {
  try {
    const choices = (await room.owners.all()).map(({ email, name }) => ({ value: email, label: name }));
    return [{ name: OWNER_FIELD, label: 'Owner (e-mail)', type: 'choice', writable, required: false, maxLength: null, choices }];
  } catch (error) {
    // A token without the scope for owners sees no such field; everything else works.
    if (error instanceof HubError && error.kind === 'not_allowed') return [];
    throw error;
  }
}
