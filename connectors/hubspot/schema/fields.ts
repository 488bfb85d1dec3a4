import type { FieldSchema } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { type ObjectType, OWNER_FIELD, OWNER_PROPERTY } from '../object-types.ts';
import type { Reference } from '../references.ts';
import { isVirtual, type Room } from '../room.ts';
import { readRequired } from './custom.ts';
import { type Pipelines, readPipelines } from './pipelines.ts';
import { toFieldSchema } from './properties.ts';

/** The live schema, with the virtual fields: the owner by e-mail, and the references in place of the plain properties of their names. */
export async function readFields(room: Room): Promise<readonly FieldSchema[]> {
  const required = await readRequired(room);
  const properties = await room.freshProperties();
  const pipelines = await readPipelines(room);
  const { type } = room;
  const plain = [...properties.values()].filter(({ name }) => !isVirtual(type, name) && name !== OWNER_FIELD);
  const owner = properties.get(OWNER_PROPERTY);
  const virtual = [...(owner === undefined ? [] : await ownerField(room, owner.writable)), ...type.references.flatMap(referenceFields)];
  const shown = plain.map((property) => toFieldSchema(property, { ...type, required }));
  return [...(pipelines === null ? shown : shown.map((field) => withPipelines(field, type, pipelines))), ...virtual];
}

// What the properties say of stages and pipelines may be a part of them, or out of date.
function withPipelines(field: FieldSchema, { pipeline }: ObjectType, { pipelines, stages }: Pipelines): FieldSchema {
  if (field.name === pipeline?.stage) return { ...field, type: 'choice', choices: stages };
  if (field.name !== pipeline?.of) return field;
  return { ...field, type: 'choice', required: field.required || pipelines.length > 1, choices: pipelines };
}

function referenceFields({ field, many, singular }: Reference): readonly FieldSchema[] {
  const shared = { writable: true, required: false, maxLength: null, choices: null };
  const all: FieldSchema = { name: many, label: `${many[0]?.toUpperCase()}${many.slice(1)}, with labels`, type: 'references', ...shared };
  return field === null ? [all] : [{ name: field, label: `Primary ${singular}`, type: 'reference', ...shared }, all];
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
