import type { HubSpot } from './http/client.ts';
import { CHANGED_BY_PROPERTY, KEY_PROPERTY, type ObjectType, OWNER_FIELD, OWNER_PROPERTY } from './object-types.ts';
import type { Reference } from './references.ts';
import type { Owners } from './schema/owners.ts';
import { type Properties, readProperties } from './schema/properties.ts';
import { type Labels, openLabels } from './ties/labels.ts';

/** All that the code of one object works with. */
export type Room = {
  readonly hubspot: HubSpot;
  readonly type: ObjectType;
  readonly owners: Owners;
  readonly labels: Labels;
  /** The schema as it was read last; read at first use, so that a quiet poll does not pay for it. */
  properties(): Promise<Properties>;
  /** The schema as it is now. */
  freshProperties(): Promise<Properties>;
};

/** Opens the room of one object type. */
export function openRoom(hubspot: HubSpot, type: ObjectType, owners: Owners): Room {
  let current: Promise<Properties> | null = null;
  const fresh = (): Promise<Properties> => {
    const reading = readProperties(hubspot, type.name);
    current = reading;
    // A refusal is not the answer for ever: the next caller asks again.
    reading.catch(() => {
      if (current === reading) current = null;
    });
    return reading;
  };
  const labels = openLabels(hubspot, type);
  return { hubspot, type, owners, labels, properties: () => current ?? fresh(), freshProperties: fresh };
}

/** The HubSpot properties behind some asked fields, and those that say what a record was and who changed it. */
export function propertiesBehind(type: ObjectType, fields: readonly string[]): readonly string[] {
  const names = fields.filter((field) => !isVirtual(type, field)).map((field) => (field === OWNER_FIELD ? OWNER_PROPERTY : field));
  return [...new Set([...names, ...type.absorbed, CHANGED_BY_PROPERTY])];
}

const shows = ({ field, many }: Reference, name: string): boolean => name === field || name === many;

/** Whether associations stand behind a field, and no property. */
export function isVirtual({ references }: ObjectType, field: string): boolean {
  return references.some((reference) => shows(reference, field));
}

/** The references of a type of which one of the fields is asked. */
export function askedReferences({ references }: ObjectType, fields: readonly string[]): readonly Reference[] {
  return references.filter((reference) => fields.some((field) => shows(reference, field)));
}

/** The fields of all references of a type. */
export function referenceFields({ references }: ObjectType): readonly string[] {
  return references.flatMap(({ field, many }) => (field === null ? [many] : [field, many]));
}

/** Whether the portal keeps the hub's own key unique, so that a create can be repeated and looked up. */
export function keepsKey(properties: Properties): boolean {
  return properties.get(KEY_PROPERTY)?.unique === true;
}
